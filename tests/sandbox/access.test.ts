import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, goodHeaders, readAnswer, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

async function request(url: string, headers: Record<string, string> = goodHeaders, method = 'GET') {
  return readAnswer(await asked.sandbox.fetch(new Request(url, { headers, method })));
}
const login = (text: string) => ({ ...goodHeaders, authorization: `Basic ${btoa(text)}` });
const info = 'http://127.0.0.1/v4_6_release/apis/3.0/system/info';

describe('CW 1.1: hosts and roots', () => {
  test.each(['v4_6_release', 'v2025_1', 'v2026_3'])('the codebase %s answers', async (codebase) => {
    expect((await request(info.replace('v4_6_release', codebase))).status).toBe(200);
  });

  test('CW 1.1.6, 4.2.16: a doubled root cannot be routed', async () => {
    const answer = await request('http://127.0.0.1/v4_6_release/apis/3.0/apis/3.0/system/info');
    expect(answer).toMatchObject({ status: 400, text: 'Cannot route. Codebase/company is invalid' });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });
});

describe('CW 1.2: discovery', () => {
  test('it needs neither keys nor clientId, and IsCloud is a string', async () => {
    const answer = await request('http://127.0.0.1/login/companyinfo/Sandbox', {});
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ Codebase: 'v2025_1/', CompanyID: 'sandbox', IsCloud: 'True' });
  });

  test('an unknown company is null with 200', async () => {
    expect(await request('http://127.0.0.1/login/companyinfo/nobody', {})).toMatchObject({ status: 200, text: 'null' });
  });
});

describe('CW 1.3: credentials', () => {
  test.each([
    ['CW 4.2.17: no Authorization', { clientid: 'x' }, 401],
    ['another scheme', { ...goodHeaders, authorization: 'Bearer x' }, 401],
    ['CW 4.2.17: a wrong public key', login('sandbox+other:private'), 401],
    ['a wrong private key', login('sandbox+public:other'), 401],
    ['no clientId', { authorization: goodHeaders.authorization }, 401],
    ['a blank clientId', { ...goodHeaders, clientid: ' ' }, 401],
    ['CW 4.2.16: another company', login('acme+public:private'), 400],
    ['no company', login('public:private'), 400],
    ['the company in capitals', login('SANDBOX+public:private'), 200],
  ])('%s', async (_, headers, status) => {
    const answer = await request(info, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.body.code).toBe('Unauthorized');
    if (status === 400) expect(answer.text).toBe('Cannot route. Codebase/company is invalid');
  });

  test('/system/info needs credentials', async () => {
    expect((await request(info, {})).status).toBe(401);
    expect((await request(info)).body).toMatchObject({
      isCloud: true,
      serverTimeZone: expect.any(String),
      licenseBits: expect.any(Array),
    });
  });
});

describe('CW 4.2: routes', () => {
  test.each(['/service/nonsense', '/service/tickets/abc', '/service/tickets/1/nonsense', '/'])(
    'CW 4.2.21: %s does not exist',
    async (path) => {
      const answer = await asked.ask(path);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ code: 'ConnectWiseApi', message: 'The endpoint does not exist.' });
    },
  );

  test.each([
    '/service/tickets?conditions=constructor=1',
    '/procurement/products?conditions=constructor=1',
    '/service/tickets?conditions=_info/constructor=1',
    '/service/tickets?orderBy=__proto__',
    '/service/tickets/%E0%A4%A',
    '/service/tickets?fields=__proto__/polluted,constructor/x&page=1&__proto__=x',
    '/service/tickets?pageSize=1e2&page=%00',
    '/service/tickets?conditions=%ff',
  ])('%s is answered, and leaves no trace', async (path) => {
    expect([200, 400, 404]).toContain((await asked.ask(path)).status);
    expect('polluted' in {}).toBe(false);
  });

  test.each([
    ['DELETE', '/service/tickets'],
    ['PUT', '/service/tickets/1001/notes'],
    ['POST', '/service/tickets/1001'],
  ])('CW 4.2.22: %s %s is a method that the path does not have', async (method, path) => {
    expect((await asked.ask(path, { method })).status).toBe(405);
  });

  test('case and a slash at the end do not matter', async () => {
    expect((await asked.ask('/Service/TICKETS/count')).body).toEqual({ count: 600 });
    expect((await asked.ask('/service/tickets/count/')).body).toEqual({ count: 600 });
  });

  test('what is not played says so', async () => {
    const answer = await asked.ask('/system/quoteLinkSetup/testConnection');
    expect(answer.status).toBe(501);
    expect(answer.body.message).toBe('The sandbox does not emulate GET /system/quoteLinkSetup/testConnection.');
  });

  test('every endpoint of the catalog answers without crashing', async () => {
    const own = startSandbox(catalog);
    const seen = new Set<number>();
    for (const { id, method, path } of catalog.endpoints) {
      if (id < 0) continue;
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: method === 'PATCH' ? [] : {} };
      seen.add((await own.ask(path.replace(/\{[^}]*\}/g, '1'), { method, ...body })).status);
    }
    expect([...seen].sort()).toEqual([200, 201, 204, 400, 403, 404, 409, 415, 501]);
  });
});

test('CW 4.1: errors are printed over several lines, successes are not', async () => {
  expect((await asked.ask('/service/tickets/1')).text).toBe(
    '{\n  "code": "NotFound",\n  "message": "Ticket 1 not found"\n}',
  );
  expect((await asked.ask('/service/boards')).text).not.toContain('\n');
});

test('CW 1.5: answers carry the headers of the real ones, and no total', async () => {
  const { headers } = await asked.ask('/service/boards');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-cache');
  expect([...headers.keys()].filter((name) => /total|ratelimit|etag/.test(name))).toEqual([]);
});
