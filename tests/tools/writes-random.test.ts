import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';
import { atDepth } from '../support/depth.ts';
import { openWatchedSandbox, type WatchedSandbox } from '../support/watched-sandbox.ts';

const calls = atDepth(100, 5_000);

const methods = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'patch', 'delete');
const allowedPaths = [
  ...['/service/tickets', '/service/tickets/1001', '/service/tickets/{id}', '/service/tickets/1001/notes'],
  ...['/service/tickets/search', '/service//tickets/1001', '/Service/Tickets/1001/', '/service/tickets/1001/merge'],
  ...['/company/companies/5', '/company/contacts/5', '/time/entries/1', '/time/entries', '/time/sheets/1/submit'],
  ...['/finance/agreements/4', '/schedule/entries/1', '/system/documents', '/system/bundles', '/gateway/me'],
];
const deniedPaths = [
  ...['/system/members/jmarsh/tokens', '/system/members/1/tokens', '/system/callbacks', '/system/callbacks/1'],
  ...[
    '/system/CALLBACKS/1',
    '/system//callbacks/',
    '/system/callb%61cks',
    '/system/apiMembers',
    '/system/apiMembers/1',
  ],
  ...[
    '/system/securityroles',
    '/system/ssoConfigurations/1',
    '/finance/accounting/export',
    '/system/members/1/linkSsoUser',
  ],
];
const bodies = fc.constantFrom<unknown>(
  ...[{ summary: 'x' }, { summary: 'y', company: { id: 5 } }, { status: 'Closed' }, { notes: 'z' }, {}, undefined],
  ...[[{ op: 'replace', path: 'summary', value: 'q' }], { text: 'n', internalAnalysisFlag: true }, { url: 'http://x' }],
);
const ids = fc.constantFrom([1001, 1002], ['1001'], 'SELECT 1001', [999_999]);

const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

type Step = readonly [tool: string, given: Record<string, unknown>];

function steps(paths: readonly string[]): fc.Arbitrary<Step> {
  const path = fc.constantFrom(...paths);
  const call = fc
    .record({
      path,
      method: methods,
      data: fc.oneof(bodies, fc.constant(undefined)),
      strict: fc.boolean(),
      for_each: rarely(ids),
    })
    .map((given): Step => ['execute_api_call', withoutUndefined(given)]);
  const raw = fc.tuple(methods, path, bodies).map(([method, at, data]): Step => {
    const body = data === undefined ? '' : ` ${JSON.stringify(data)}`;
    return ['send_raw_api_request', { raw_request: `${method.toUpperCase()} ${at.replace('{id}', '1001')}${body}` }];
  });
  const save = fc
    .record({ path, method: methods, data: bodies, description: fc.constantFrom('close it', 'a write') })
    .map((given): Step => ['save_to_fast_memory', withoutUndefined(given)]);
  const run = fc.constantFrom<Step>(['run_fast_memory', { query: 'close it' }], ['run_fast_memory', { query: '1' }]);
  const undo = fc
    .nat(30)
    .map((number): Step => ['execute_api_call', { method: 'POST', path: `/gateway/changes/${number}/undo` }]);
  const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
  return fc.oneof(weighted(6, call), weighted(3, raw), weighted(1, save), weighted(2, run), weighted(1, undo));
}

const withoutUndefined = (given: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

async function open(mode: string): Promise<{ app: Connection; sandbox: WatchedSandbox } & AsyncDisposable> {
  const sandbox = await openWatchedSandbox();
  const app = await connect({ environment: { ...sandbox.environment, CONNECTWISE_MODE: mode } });
  return {
    app,
    sandbox,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

const sample = (paths: readonly string[], seed: number) => fc.sample(steps(paths), { numRuns: calls, seed });

test('in read-only no sequence of calls makes ConnectWise see anything but reads', async () => {
  await using opened = await open('read-only');
  const { app, sandbox } = opened;
  let known = 'ticket-1001_summary_aaaaaaaa';
  for (const [tool, given] of sample([...allowedPaths, ...deniedPaths], 1)) {
    const { data } = await app.call(tool, given);
    known = data?.change_id ?? known;
    await app.call('confirm_api_write', { change_id: known });
  }
  expect(sandbox.seen.length).toBeGreaterThan(calls / 40);
  expect(sandbox.writes()).toEqual([]);
});

test.each(['confirm', 'allow'])('in mode %s nothing that is denied is written', async (mode) => {
  await using opened = await open(mode);
  const { app, sandbox } = opened;
  for (const [tool, given] of sample(deniedPaths, 2)) {
    const { data } = await app.call(tool, given);
    if (data?.change_id !== undefined) await app.call('confirm_api_write', { change_id: data.change_id });
  }
  expect(sandbox.writes()).toEqual([]);
});

test('in confirm no write is seen without its own confirm, and none twice', async () => {
  await using opened = await open('confirm');
  const { app, sandbox } = opened;
  const waiting: string[] = [];
  let expected = 0;
  for (const [index, [tool, given]] of sample(allowedPaths, 3).entries()) {
    const before = sandbox.writes().length;
    const { data } = await app.call(tool, given);
    expect(sandbox.writes().length, `${tool} ${JSON.stringify(given)}`).toBe(before);
    if (data?.change_id !== undefined) waiting.push(data.change_id);
    if (index % 3 !== 0) continue;
    // An id that waits, one that was used, one that was altered.
    const id = waiting[index % Math.max(1, waiting.length)] ?? 'ticket-1_x_bbbbbbbb';
    await app.call('confirm_api_write', { change_id: index % 2 === 0 ? id : `${id}x` });
    const sent = sandbox.writes().length - before;
    const records = Number(/^tickets-(\d+)_/.exec(id)?.[1] ?? 1);
    expect(sent, id).toBeLessThanOrEqual(index % 2 === 0 ? records : 0);
    expected += sent;
  }
  expect(expected).toBeGreaterThan(calls / 80);
  expect(sandbox.writes()).toHaveLength(expected);
});
