import { describe, expect, test } from 'vitest';
import type { ConnectWiseRequest } from './client.ts';
import { toHttpRequest } from './request.ts';
import { parseSite } from './site.ts';

const site = parseSite('na.myconnectwise.net');
const credentials = { userName: 'acme+public', password: 'private', clientId: 'client-guid', company: 'acme' };
const build = (request: ConnectWiseRequest, apiVersion?: string) =>
  toHttpRequest(request, { root: site.root, credentials, apiVersion });

test('a read carries credentials, client id and no body', () => {
  expect(build({ method: 'GET', path: '/service/tickets/1' })).toEqual({
    method: 'GET',
    url: 'https://api-na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets/1',
    headers: {
      accept: 'application/json, */*;q=0.5',
      authorization: `Basic ${Buffer.from('acme+public:private').toString('base64')}`,
      clientid: 'client-guid',
      'user-agent': 'cwm-api-gateway-mcp',
    },
  });
});

test('a body is JSON and says so', () => {
  const request = build({ method: 'POST', path: '/service/tickets', body: { summary: 'Größe "x"' } });
  expect(request.headers['content-type']).toBe('application/json');
  expect(request.body).toBe('{"summary":"Größe \\"x\\""}');
  expect(build({ method: 'PATCH', path: '/a/1', body: [] }).body).toBe('[]');
  expect(build({ method: 'POST', path: '/a', body: null }).body).toBe('null');
});

test('the version of the model can be pinned', () => {
  expect(build({ method: 'GET', path: '/a' }, '2025.16').headers.accept).toBe(
    'application/vnd.connectwise.com+json; version=2025.16',
  );
});

describe('values of the query are percent-encoded, each reserved character', () => {
  test.each([
    [`status/name='Open'`, 'status%2Fname%3D%27Open%27'],
    ['a "b" & c', 'a%20%22b%22%20%26%20c'],
    ['like "50%*"', 'like%20%2250%25%2A%22'],
    ['dateEntered > [2023-01-01T00:00:00Z]', 'dateEntered%20%3E%20%5B2023-01-01T00%3A00%3A00Z%5D'],
    ['id in (1,2)', 'id%20in%20%281%2C2%29'],
    ['+1 555', '%2B1%20555'],
    ['Zoë 日本 🎉', 'Zo%C3%AB%20%E6%97%A5%E6%9C%AC%20%F0%9F%8E%89'],
    ['#?/\\', '%23%3F%2F%5C'],
  ])('%s', (conditions, encoded) => {
    const { url } = build({ method: 'GET', path: '/service/tickets', query: { conditions } });
    expect(url.slice(url.indexOf('?'))).toBe(`?conditions=${encoded}`);
    expect(new URL(url).searchParams.get('conditions')).toBe(conditions);
  });

  test('names too, and half of a surrogate pair is refused', () => {
    expect(build({ method: 'GET', path: '/a', query: { 'a&b': '1', c: '' } }).url).toMatch(/\?a%26b=1&c=$/);
    expect(() => build({ method: 'GET', path: '/a', query: { conditions: '\ud800' } })).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('conditions') }),
    );
  });
});

describe('a path that is not encoded, complete and below the root is refused', () => {
  test.each([
    ...[
      'service/tickets',
      '',
      '/',
      '//x',
      '/service//tickets',
      '/service/../login',
      '/service/%2e%2e/login',
      '/a/%5c',
      '/a/%2f',
    ],
    ...[
      '/a/%252e',
      '/a b',
      '/a?x=1',
      '/a#x',
      '/a/{id}',
      '/a/\\b',
      '/a/\u0000',
      '/a/%00',
      '/a/\ud800',
      '@evil.example/',
      '/a/%zz',
    ],
  ])('%j', (path) => {
    expect(() => build({ method: 'GET', path })).toThrow(expect.objectContaining({ code: 'invalid_path' }));
  });

  test('a placeholder that was left is named', () => {
    expect(() => build({ method: 'GET', path: '/service/tickets/{id}' })).toThrow(/\{id\} to be filled in/);
  });
});
