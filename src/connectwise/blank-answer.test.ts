import { expect, test } from 'vitest';
import { createAnswerBlanking } from './blank-answer.ts';

const secret = 'PrivateCanary9923';
const userName = 'acme+PublicCanary7781';
const blank = createAnswerBlanking({ userName, password: secret, clientId: 'client-id-canary', company: 'acme' });
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

test('the user name in Base64, alone or as the pair begins with it, is blanked', () => {
  for (const name of [userName, `${userName}:`, `${userName}:${secret}`]) {
    const { body } = answer('application/json', JSON.stringify({ a: Buffer.from(name).toString('base64') }));
    expect(Buffer.from(body).toString()).toContain('[redacted]');
  }
});

test('a file that holds no key stays as it is, one that does loses it alone', () => {
  const bytes = Buffer.from([0, 255, 137, 254]);
  expect(Buffer.from(answer('image/png', bytes).body)).toEqual(bytes);
  const { body } = answer('image/png', Buffer.concat([bytes, Buffer.from(secret), bytes]));
  expect(Buffer.from(body)).toEqual(Buffer.concat([bytes, Buffer.from('[redacted]'), bytes]));
});
