import { beforeAll, describe, expect, test } from 'vitest';
import { noFaults, parseFaults, parseLatency } from '../../sandbox/faults/fault-settings.ts';
import { isReset } from '../../sandbox/faults/faults.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { readAnswer, sandboxNow, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

const always = (fault: string) => ({ settings: { faults: parseFaults(fault) } });
const start = (faults: Parameters<typeof startSandbox>[2]) => startSandbox(catalog, () => sandboxNow, faults);
const boards = '/service/boards';

describe('faults on request', () => {
  test.each([
    [
      'CW 4.2.25',
      '429',
      429,
      { error: 'ConnectWiseAPI', message: 'Too many requests. Please try again in 30 seconds.' },
    ],
    ['CW 4.2.26', 'timeout', 500, { code: 'ConnectWiseApi', message: 'A timeout has occured. Please try again.' }],
    [
      'CW 4.2.27',
      'datetime',
      500,
      { code: 'ConnectWiseApi', message: 'String was not recognized as a valid DateTime.' },
    ],
    ['CW 2.7.4', 'boolean', 500, { code: 'ConnectWiseApi', message: 'String was not recognized as a valid Boolean.' }],
    ['CW 4.2.29', '500', 500, { code: 'ConnectWiseApi', message: 'An error occurred.' }],
    ['CW 4.2.19', 'ssl', 403, { code: 'Security', message: 'SSL is required.', errors: null }],
    ['CW 4.2.28', '503', 503, expect.stringContaining('<html>')],
    ['CW 4.2.28', '502', 502, expect.stringContaining('<html>')],
    ['CW 4.2.28', '520', 520, expect.stringContaining('<html>')],
    ['CW 4.1', 'empty', 500, ''],
  ])('%s: %s', async (_, kind, status, body) => {
    const answer = await start({ faults: always(`${kind}:1`) }).ask(boards);
    expect([answer.status, answer.body]).toEqual([status, body]);
    expect(answer.headers.get('retry-after')).toBe(kind === '429' ? '30' : null);
  });

  test('a reset breaks the connection', async () => {
    const failed = start({ faults: always('reset:1') }).ask(boards);
    expect(await failed.then(undefined, isReset)).toBe(true);
  });

  test('a share strikes as often as chance says', async () => {
    let drawn = 0;
    const random = () => (drawn++ % 10) / 10;
    const { ask } = start({ faults: { ...always('503:0.3'), random } });
    const statuses: number[] = [];
    for (let index = 0; index < 20; index++) statuses.push((await ask(boards)).status);
    expect(statuses.filter((status) => status === 503)).toHaveLength(6);
  });

  test('a fault for a method and a path leaves all others alone', async () => {
    const { ask, post } = start({ faults: always('POST /Service/tickets 500:1; /company 503:1') });
    expect((await post('/service/tickets', {})).status).toBe(500);
    expect((await ask('/service/tickets')).status).toBe(200);
    expect((await ask('/company/companies')).status).toBe(503);
  });

  test('latency waits within its bounds before each answer', async () => {
    const waits: number[] = [];
    const draws = [0, 0.5, 0.999];
    const wait = async (ms: number) => void waits.push(Math.round(ms));
    const settings = { latency: parseLatency('150ms±50'), faults: [] };
    const { ask } = start({ faults: { settings, wait, random: () => draws[waits.length] ?? 0 } });
    for (const _ of draws) await ask(boards);
    expect(waits).toEqual([100, 150, 200]);
  });
});

test('CW 4.3.1: of 1,000 requests a minute the next one is 429, until a minute has passed', async () => {
  let clock = 0;
  const { ask } = start({ faults: { settings: { ...noFaults, requestsPerMinute: 1000 }, clock: () => clock } });
  const statuses = new Map<number, number>();
  for (let index = 0; index < 1010; index++) {
    const { status } = await ask('/service/boards/1', { query: { fields: 'id' } });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    clock += 10;
  }
  expect(statuses).toEqual(
    new Map([
      [200, 1000],
      [429, 10],
    ]),
  );
  clock = 60_005;
  expect((await ask('/service/boards/1')).status).toBe(200);
});

describe('CW 2.2.16: searches of text in large tables', () => {
  const slow = { settings: { ...noFaults, slowTextRows: 500 } };
  test.each([
    ['summary contains "vpn"', 500],
    ['summary like "%vpn"', 500],
    ['summary contains "vpn" or id=1100', 500],
    ['not (summary contains "vpn")', 500],
    ['summary contains "vpn" and board/id=1', 200],
    ['summary like "vpn%"', 200],
    ['closedFlag=false', 200],
    ['nope contains "x"', 400],
    ['summary contains', 400],
  ])('%s: %i', async (conditions, status) => {
    const { ask } = start({ faults: slow });
    const answer = await ask('/service/tickets', { query: { conditions } });
    expect(answer.status).toBe(status);
    if (status === 500) expect(answer.body.message).toBe('A timeout has occured. Please try again.');
    expect((await ask('/service/tickets/count', { query: { conditions } })).status).toBe(status);
  });

  test('small tables and a sandbox without this setting are quick', async () => {
    const query = { conditions: 'name contains "Desk"' };
    expect((await start({ faults: slow }).ask(boards, { query })).status).toBe(200);
    expect((await start({}).ask('/service/tickets', { query: { conditions: 'summary contains "vpn"' } })).status).toBe(
      200,
    );
  });
});

describe('the control endpoint', () => {
  const control = async (sandbox: ReturnType<typeof start>['sandbox'], method: string, body?: unknown) =>
    readAnswer(
      await sandbox.fetch(
        new Request('http://127.0.0.1/sandbox/faults', {
          method,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
    );

  test('sets, shows, counts and ends faults while the sandbox runs', async () => {
    const { sandbox, ask } = start({});
    const settings = { latency: '1ms', fault: '503:1', requestsPerMinute: 50, slowTextRows: 10 };
    expect((await control(sandbox, 'POST', settings)).body).toEqual({ ...settings, struck: {} });
    expect((await ask(boards)).status).toBe(503);
    expect((await control(sandbox, 'GET')).body.struck).toEqual({ '503': 1 });
    expect((await control(sandbox, 'DELETE')).body).toMatchObject({ latency: null, fault: '' });
    expect((await ask(boards)).status).toBe(200);
  });

  test.each([
    ['an unknown setting', { faults: '429:1' }, 'Unknown setting faults'],
    ['an unknown kind', { fault: '418:1' }, 'one of the kinds 429, 500'],
    ['a share above one', { fault: '429:2' }, 'a share from 0 to 1'],
    ['a word that is neither', { fault: 'tickets 429:1' }, 'tickets is neither a method nor a path'],
    ['a latency in words', { latency: 'slow' }, 'not of the form 150ms'],
    ['a latency as a number', { latency: 150 }, 'latency 150 is not a string'],
    ['a limit below nothing', { requestsPerMinute: -1 }, 'requestsPerMinute -1 is not a whole number'],
    ['no object', [], 'must be an object'],
  ])('refuses %s and says what is allowed', async (_, body, words) => {
    const answer = await control(start({}).sandbox, 'POST', body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(words);
  });
});

describe('CW 1.3.7: wrong keys are answered in four ways', () => {
  test.each([
    ['unauthorized', 401, { code: 'Unauthorized', message: 'Incorrect public/private key' }],
    ['not-authenticated', 401, { code: 'ConnectWiseApi', message: 'UserNotAuthenticated' }],
    ['not-found', 404, { code: 'ConnectWiseApi', message: 'The endpoint does not exist.' }],
    ['cannot-route', 400, 'Cannot route. Codebase/company is invalid'],
  ] as const)('CW 4.2.17: %s', async (credentialAnswer, status, body) => {
    const answer = await start({ credentialAnswer }).ask(boards, { login: 'nobody' });
    expect([answer.status, answer.body]).toEqual([status, body]);
  });
});
