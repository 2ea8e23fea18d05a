import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAnswerBlanking, findCount, findNextPage, parseAnswer, readDisposition } from './answer.ts';
import type { AnsweredFile, HttpAnswer } from './client.ts';

const json = 'application/json; charset=utf-8';
const answer = (body: string | Uint8Array, contentType: string, headers: Record<string, string> = {}): HttpAnswer => ({
  status: 200,
  headers: { ...(contentType !== '' && { 'content-type': contentType }), ...headers },
  body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
});

describe('a body is read by what it is', () => {
  test.each<[string, HttpAnswer, unknown]>([
    ['JSON', answer('[{"id":1}]', json), [{ id: 1 }]],
    ['JSON of ConnectWise', answer('{"id":1}', 'application/vnd.connectwise.com+json; version=2025.1'), { id: 1 }],
    ['JSON behind a byte order mark', answer('\uFEFF{"id":1}', json), { id: 1 }],
    ['JSON that calls itself a page', answer(' [1]', 'text/html'), [1]],
    ['JSON without a type', answer('{"a":null}', ''), { a: null }],
    ['JSON null', answer('null', json), null],
    ['nothing', answer('', json), undefined],
    ['white space', answer(' \r\n', json), undefined],
    ['text', answer('Zoë', 'text/plain; charset=utf-8'), 'Zoë'],
    ['text in Latin 1', answer(Uint8Array.of(0x5a, 0x6f, 0xeb), 'text/plain; charset=iso-8859-1'), 'Zoë'],
    ['text in an unknown character set', answer('a', 'text/csv; charset=klingon'), 'a'],
  ])('%s', async (_, http, body) => {
    expect((await parseAnswer(http)).body).toEqual(body);
  });

  const bytes = Uint8Array.of(0x25, 0x50, 0xff);
  test.each<[string, HttpAnswer, AnsweredFile]>([
    ['bytes', answer(bytes, 'application/pdf'), { content: bytes }],
    ['bytes without a type', answer(bytes, ''), { content: bytes }],
    [
      'an attachment',
      answer('[1]', json, { 'content-disposition': 'attachment; filename="a.json"' }),
      { content: new TextEncoder().encode('[1]'), fileName: 'a.json' },
    ],
  ])('%s: a file, and no body', async (_, http, file) => {
    expect(await parseAnswer(http)).toMatchObject({ body: undefined, file });
  });

  test('status, type, request id and next page come along', async () => {
    const link = '<https://evil.example/x?page=2>; rel="next"';
    expect(await parseAnswer(answer('[]', json, { link, 'x-cw-request-id': 'abc' }))).toEqual({
      status: 200,
      body: [],
      contentType: json,
      next: { page: 2 },
      requestId: 'abc',
    });
  });
});

describe('what cannot be read says so', () => {
  test.each<[string, HttpAnswer, RegExp]>([
    ['cut off JSON', answer('[{"id":1', json), /cut off or damaged/],
    ['a web page', answer('<!doctype html><title>Sign in</title>', 'text/html'), /web page/],
  ])('%s', async (_, http, message) => {
    await expect(parseAnswer(http)).rejects.toThrow(
      expect.objectContaining({
        code: 'unreadable_answer',
        message: expect.stringMatching(message),
        details: { status: 200 },
      }),
    );
  });
});

test('an answer of a hundred thousand levels is refused, not walked', async () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  await expect(parseAnswer(answer(deep, json))).rejects.toThrow(
    expect.objectContaining({ code: 'unreadable_answer', message: expect.stringContaining('100 levels') }),
  );
});

describe('of a Link header only the number of the next page is taken', () => {
  const url = 'https://sandbox-na.myconnectwise.net/v4_6_release/apis/3.0/company/contacts/';
  test.each<[string | undefined, object | undefined]>([
    [
      `<${url}?conditions=LastUpdated+%3e%3d+%5b2025-01-01%5d&pageSize=2&page=2>; rel="next", <${url}?page=9>; rel="last"`,
      { page: 2 },
    ],
    [`<${url}?page=9>; rel="last", <${url}?PAGE=3>; rel=next`, { page: 3 }],
    [`<${url}?pageSize=1000&pageId=4711>; rel="next"`, { pageId: 4711 }],
    [`<${url}?page=1&pageId=4711>; title="a"; rel="prev next"`, { pageId: 4711 }],
    [`<${url}?page=1>; rel="prev"`, undefined],
    [`<${url}?page=0>; rel="next"`, undefined],
    [`<${url}?page=-1>; rel="next"`, undefined],
    [`<${url}?page=1e3>; rel="next"`, undefined],
    [`<${url}?conditions=page%3D5>; rel="next"`, undefined],
    ['<<<>>>; rel="next"', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (link, next) => {
    expect(findNextPage(link)).toEqual(next);
  });
});

test('the last page is known where it is named', async () => {
  const link = '<https://a/x?page=2>; rel="next", <https://a/x?pageSize=5&Page=100>; rel="last"';
  expect((await parseAnswer(answer('[]', json, { link }))).lastPage).toBe(100);
  for (const other of ['<https://a/x?page=2>; rel="next"', '<https://a/x?page=x>; rel="last"', ''])
    expect((await parseAnswer(answer('[]', json, { link: other }))).lastPage).toBeUndefined();
});

test('a count is a whole number', () => {
  expect(findCount({ count: 4312 })).toBe(4312);
  for (const body of [{ count: '5' }, { count: -1 }, { count: 1.5 }, [], null, 'x', {}])
    expect(findCount(body)).toBeUndefined();
});

const asLatin1 = (text: string) => Buffer.from(text).toString('latin1');

test.each<[string, string | undefined]>([
  ['attachment; filename=plain.pdf', 'plain.pdf'],
  ['attachment; filename="with space; and.pdf"', 'with space; and.pdf'],
  ['attachment; filename="say \\"hi\\".txt"', 'say "hi".txt'],
  ['attachment; filename="C:\\Temp\\a.txt"', 'C:\\Temp\\a.txt'],
  ["attachment; filename=old.txt; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt", 'naïve €.txt'],
  ["attachment; filename*=iso-8859-1'en'%A3%20rates.txt", '£ rates.txt'],
  ["attachment; filename*=klingon''x; filename=kept.txt", 'kept.txt'],
  ['attachment; filename="=?utf-8?B?R3LDtsOfZS5wZGY=?="', 'Größe.pdf'],
  ['attachment; filename="=?utf-8?Q?Gr=C3=B6=C3=9Fe_1.pdf?="', 'Größe 1.pdf'],
  [`attachment; filename="${asLatin1('Größe.pdf')}"`, 'Größe.pdf'],
  ['attachment; filename="Zoë.pdf"', 'Zoë.pdf'],
  ['attachment', undefined],
  ['attachment; filename=""', undefined],
])('%s names %s', (header, fileName) => {
  expect(readDisposition(header)).toEqual({ isAttachment: true, ...(fileName === undefined ? {} : { fileName }) });
});

test.each([['inline; filename=a.txt'], ['form-data; name=attachment'], ['']])('%j is not an attachment', (header) => {
  expect(readDisposition(header).isAttachment).toBe(false);
});

test('any header is read without an error', () => {
  const part = fc.constantFrom(
    'attachment',
    ';',
    ' filename',
    '*',
    '=',
    '"',
    "utf-8''",
    '%C3',
    '%',
    '=?utf-8?B?',
    '?=',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 5 })), { maxLength: 15 }), (parts) => {
      expect(typeof readDisposition(parts.join('')).isAttachment).toBe('boolean');
    }),
  );
});

const secret = 'PrivateCanary9923';
const userName = 'acme+PublicCanary7781';
const blank = createAnswerBlanking({ userName, password: secret, clientId: 'client-id-canary', company: 'acme' });
const blanked = (contentType: string, body: string | Buffer) =>
  blank({ status: 200, headers: { 'content-type': contentType, 'x-echo': secret }, body: Buffer.from(body) });

test.each(['application/json; charset=utf-8', 'application/problem+json', 'text/plain', 'application/xml', ''])(
  'a body of type %j comes without the key that it gave back, and whole otherwise',
  (type) => {
    const { body, headers } = blanked(type, `{"name":"Müller","echo":"${secret}"}`);
    expect(Buffer.from(body).toString()).toBe('{"name":"Müller","echo":"[redacted]"}');
    expect(headers['x-echo']).toBe('[redacted]');
  },
);

test('the user name in Base64, alone or as the pair begins with it, is blanked', () => {
  for (const name of [userName, `${userName}:`, `${userName}:${secret}`]) {
    const { body } = blanked('application/json', JSON.stringify({ a: Buffer.from(name).toString('base64') }));
    expect(Buffer.from(body).toString()).toContain('[redacted]');
  }
});

test('a file that holds no key stays as it is, one that does loses it alone', () => {
  const bytes = Buffer.from([0, 255, 137, 254]);
  expect(Buffer.from(blanked('image/png', bytes).body)).toEqual(bytes);
  const { body } = blanked('image/png', Buffer.concat([bytes, Buffer.from(secret), bytes]));
  expect(Buffer.from(body)).toEqual(Buffer.concat([bytes, Buffer.from('[redacted]'), bytes]));
});
