import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import { parseRawRequest } from './parse-raw-request.ts';
import { parseSite } from './site.ts';

const site = parseSite('na.myconnectwise.net');
const parse = (line: string) => parseRawRequest(line, site);

describe('a line is read as method, path, query and body', () => {
  test.each<[string, object]>([
    ['GET /service/tickets', { method: 'GET', path: '/service/tickets', query: {} }],
    ['  get   service/tickets  ', { method: 'GET', path: '/service/tickets', query: {} }],
    [
      "GET /service/tickets?conditions=status/name='Open'",
      { method: 'GET', path: '/service/tickets', query: { conditions: "status/name='Open'" } },
    ],
    [
      "GET /service/tickets?conditions=status/name='Open' AND dateEntered > [2023-01-01T00:00:00Z]&pageSize=5",
      {
        method: 'GET',
        path: '/service/tickets',
        query: { conditions: "status/name='Open' AND dateEntered > [2023-01-01T00:00:00Z]", pageSize: '5' },
      },
    ],
    [
      'GET /service/tickets?conditions=lastUpdated > [2023-01-01]',
      { method: 'GET', path: '/service/tickets', query: { conditions: 'lastUpdated > [2023-01-01]' } },
    ],
    [
      'GET /service/tickets?conditions=company/id= {id}',
      { method: 'GET', path: '/service/tickets', query: { conditions: 'company/id= {id}' } },
    ],
    [
      'POST /service/tickets {"summary": "Server is down", "board": {"id": 1}}',
      { method: 'POST', path: '/service/tickets', query: {}, body: { summary: 'Server is down', board: { id: 1 } } },
    ],
    [
      'POST /service/tickets?fields=id\n{\n "summary": "a [b] {c}"\n}\n',
      { method: 'POST', path: '/service/tickets', query: { fields: 'id' }, body: { summary: 'a [b] {c}' } },
    ],
    [
      'patch /service/tickets/{id} [{"op":"replace","path":"summary","value":"x"}]',
      {
        method: 'PATCH',
        path: '/service/tickets/{id}',
        query: {},
        body: [{ op: 'replace', path: 'summary', value: 'x' }],
      },
    ],
    [
      'POST /service/tickets/search?pageSize=5&orderBy=id desc {"conditions":"dateEntered > [2023-01-01]"}',
      {
        method: 'POST',
        path: '/service/tickets/search',
        query: { pageSize: '5', orderBy: 'id desc' },
        body: { conditions: 'dateEntered > [2023-01-01]' },
      },
    ],
    ['POST /time/sheets/1/submit {}', { method: 'POST', path: '/time/sheets/1/submit', query: {}, body: {} }],
    ['DELETE /service/tickets/5', { method: 'DELETE', path: '/service/tickets/5', query: {} }],
    ['GET /service/tickets?page=2 HTTP/1.1', { method: 'GET', path: '/service/tickets', query: { page: '2' } }],
    [
      'GET https://na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets/1',
      { method: 'GET', path: '/service/tickets/1', query: {} },
    ],
  ])('%s', (line, expected) => {
    expect(parse(line)).toEqual(expected);
  });
});

describe('a line that cannot be read says why', () => {
  test.each<[string, string, RegExp]>([
    ['', 'invalid_argument', /""/],
    ['/service/tickets', 'invalid_argument', /"\/service\/tickets"/],
    ['FETCH /service/tickets', 'invalid_argument', /"FETCH"/],
    ['HEAD /service/tickets', 'invalid_argument', /"HEAD"/],
    ['GET', 'invalid_path', /no endpoint/],
    ['POST /service/tickets {"summary": "x"', 'invalid_body', /JSON/],
    ["POST /service/tickets {'summary': 'x'}", 'invalid_body', /JSON/],
    ['POST /service/tickets?fields=id {"summary": x}', 'invalid_body', /JSON/],
    ['PATCH /service/tickets/1 [{"op": "replace",}]', 'invalid_body', /JSON/],
    ['POST /service/tickets {"a":1} and more', 'invalid_body', /JSON/],
    ['POST /service/tickets {', 'invalid_body', /JSON/],
    ['POST /service/tickets {summary: x}', 'invalid_body', /"\{summary: x\}" after its path/],
    ['PATCH /service/tickets/1 status=Closed', 'invalid_body', /after its path/],
    ['GET https://evil.example/service/tickets', 'invalid_path', /api-na\.myconnectwise\.net/],
    ['GET /service/%2e%2e/login', 'invalid_path', /%2e%2e/],
  ])('%s', (line, code, message) => {
    expect(() => parse(line)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  test('an unknown method names the known ones', () => {
    expect(() => parse('FETCH /x')).toThrow(
      expect.objectContaining({
        details: { field: 'raw_request', candidates: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
      }),
    );
  });

  test('a megabyte of brackets is refused, not tried', () => {
    expect(() => parse(`GET /service/tickets?conditions=${' ['.repeat(500_000)}`)).toThrow(/JSON/);
  });
});

test('a body of many levels is refused', () => {
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
  expect(() => parse(`POST /service/tickets ${deep}`)).toThrow(/nested deeper than 100 levels/);
});

test('any body comes back as it was', () => {
  const body = fc.oneof(
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
  );
  const conditions = fc.constantFrom('', '?conditions=id=1', "?conditions=a > [2023-01-01] and b='{x}'");
  fc.assert(
    fc.property(conditions, body, (query, value) => {
      const text = JSON.stringify(value);
      // Control characters and lone halves are escaped in JSON, so the line holds neither.
      expect(parse(`POST /service/tickets${query} ${text}`).body).toEqual(JSON.parse(text));
    }),
  );
});

test('any line is read or refused by a typed error', () => {
  fc.assert(
    fc.property(fc.constantFrom('GET ', 'post /service/', ''), fc.string({ unit: 'binary' }), (start, rest) => {
      try {
        parse(start + rest);
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
      }
    }),
  );
});
