import { expect, test } from 'vitest';
import { createAnswerBlanking } from './blank-answer.ts';

const secret = 'PrivateCanary9923';
const blank = createAnswerBlanking([secret]);
const answer = (contentType: string, body: string | Buffer) =>
  blank({ status: 200, headers: { 'content-type': contentType, 'x-echo': secret }, body: Buffer.from(body) });

test.each(['application/json; charset=utf-8', 'application/problem+json', 'text/plain', 'application/xml', ''])(
  'a body of type %j comes without the key that it gave back, and whole otherwise',
  (type) => {
    const { body, headers } = answer(type, `{"name":"Müller","echo":"${secret}"}`);
    expect(Buffer.from(body).toString()).toBe('{"name":"Müller","echo":"[redacted]"}');
    expect(headers['x-echo']).toBe('[redacted]');
  },
);

test('a file that is no text stays as it is', () => {
  const bytes = Buffer.from([0, 255, ...Buffer.from(secret), 254]);
  expect(Buffer.from(answer('image/png', bytes).body)).toEqual(bytes);
});
