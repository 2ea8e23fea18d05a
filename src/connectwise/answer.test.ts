import { describe, expect, test } from 'vitest';
import { parseAnswer } from './answer.ts';
import type { AnsweredFile, HttpAnswer } from './client.ts';
import { countPath, findCount } from './count.ts';
import { findNextPage } from './link.ts';

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
    ['text in a set nobody knows', answer('a', 'text/csv; charset=klingon'), 'a'],
  ])('%s', (_, http, body) => {
    expect(parseAnswer(http).body).toEqual(body);
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
  ])('%s: a file, and no body', (_, http, file) => {
    expect(parseAnswer(http)).toMatchObject({ body: undefined, file });
  });

  test('status, type, request id and next page come along', () => {
    const link = '<https://evil.example/x?page=2>; rel="next"';
    expect(parseAnswer(answer('[]', json, { link, 'x-cw-request-id': 'abc' }))).toEqual({
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
  ])('%s', (_, http, message) => {
    expect(() => parseAnswer(http)).toThrow(
      expect.objectContaining({
        code: 'unreadable_answer',
        message: expect.stringMatching(message),
        details: { status: 200 },
      }),
    );
  });
});

test('an answer of a hundred thousand levels is refused, not walked', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  expect(() => parseAnswer(answer(deep, json))).toThrow(
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

test('the last page is known where it is named', () => {
  const link = '<https://a/x?page=2>; rel="next", <https://a/x?pageSize=5&Page=100>; rel="last"';
  expect(parseAnswer(answer('[]', json, { link })).lastPage).toBe(100);
  for (const other of ['<https://a/x?page=2>; rel="next"', '<https://a/x?page=x>; rel="last"', ''])
    expect(parseAnswer(answer('[]', json, { link: other })).lastPage).toBeUndefined();
});

test('a count stands beside its list', () => {
  expect(countPath('/service/tickets')).toBe('/service/tickets/count');
  expect(countPath('/service/tickets/')).toBe('/service/tickets/count');
  expect(countPath('/service/tickets/count')).toBe('/service/tickets/count');
  expect(findCount({ count: 4312 })).toBe(4312);
  for (const body of [{ count: '5' }, { count: -1 }, { count: 1.5 }, [], null, 'x', {}])
    expect(findCount(body)).toBeUndefined();
});
