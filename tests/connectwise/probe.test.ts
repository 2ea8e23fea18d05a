import { beforeAll, describe, expect, test } from 'vitest';
import { type Probed, probes, runProbes } from '../../src/connectwise/probe/run-probes.ts';
import { connect } from '../support/connect.ts';
import { openWatchedSandbox } from '../support/watched-sandbox.ts';
import { closed, loose, openFakeSystem, strict } from './fake-systems.ts';

const withResult = (findings: readonly Probed[], result: Probed['result']) =>
  findings.filter((found) => found.result === result).map(({ fact }) => fact);

async function probeSandbox(environment: Record<string, string> = {}) {
  await using sandbox = await openWatchedSandbox();
  await using connection = await connect({ environment: { ...sandbox.environment, ...environment } });
  const findings = await connection.gateway.probe();
  return { findings, seen: sandbox.seen, writes: sandbox.writes() };
}

describe('on the sandbox, whose behaviour is known', () => {
  let run: Awaited<ReturnType<typeof probeSandbox>>;
  beforeAll(async () => {
    run = await probeSandbox();
  });

  test('all facts hold but those that it takes the stricter way or has no records for', () => {
    expect(withResult(run.findings, 'differs')).toEqual(['2.2.20', '5.5.1']);
    expect(withResult(run.findings, 'unknown')).toEqual(['4.2.18', '5.7.9', '5.7.11']);
    expect(run.findings).toHaveLength(probes.length);
  });

  test('nothing but reading leaves: GETs and the POSTs that read', () => {
    expect(run.seen.length).toBeGreaterThan(80);
    expect(run.writes).toEqual([]);
    expect([...new Set(run.seen.filter(({ method }) => method !== 'GET').map(({ path }) => path))].sort()).toEqual([
      '/service/tickets/search',
      '/time/entries/defaults',
    ]);
  });

  test('the report holds no record and no key', async () => {
    const report = JSON.stringify(run.findings);
    await using connection = await connect();
    for (const [path, member] of [
      ['/company/companies', 'name'],
      ['/company/contacts', 'lastName'],
      ['/service/tickets', 'summary'],
      ['/service/boards', 'name'],
    ] as const) {
      const { data } = await connection.call('execute_api_call', { path, params: { fields: member, pageSize: 1000 } });
      const values: string[] = data.table.rows.flat().filter((value: unknown) => typeof value === 'string');
      expect(values.length).toBeGreaterThan(0);
      expect(values.filter((value) => value.length > 3 && report.includes(value))).toEqual([]);
    }
  });
});

test('with a role that lacks rights, the answer to a missing right is found', async () => {
  const { findings, writes } = await probeSandbox({ CONNECTWISE_PUBLIC_KEY: 'reader' });
  expect(withResult(findings, 'holds')).toEqual(expect.arrayContaining(['4.2.18', '5.7.11']));
  expect(writes).toEqual([]);
});

test('every probe can find that its fact does not hold', async () => {
  const differing = new Set<string>();
  for (const system of [strict, loose, closed]) {
    for (const { result, question } of await runProbes(openFakeSystem(system)))
      if (result === 'differs') differing.add(question);
  }
  expect(probes.map(({ question }) => question).filter((question) => !differing.has(question))).toEqual([]);
});

test('made-up logins are tried with made-up keys only', async () => {
  const system = openFakeSystem(loose);
  await runProbes(system);
  const logins = system.asked.flatMap(({ headers }) => headers.authorization ?? []);
  const decoded = new Set(logins.map((text) => Buffer.from(text.slice('Basic '.length), 'base64').toString('utf8')));
  expect([...decoded].filter((login) => login.includes('canary'))).toEqual(['acme+public-canary:private-canary']);
  expect(decoded.size).toBe(3);
});

test('findings are reported in the order of the facts, while it runs', async () => {
  const reported: string[] = [];
  const findings = await runProbes(openFakeSystem(strict), { onFinding: ({ question }) => reported.push(question) });
  expect(reported).toEqual(findings.map(({ question }) => question));
});

test('a rejected login ends it at once', async () => {
  const system = openFakeSystem(() => ({ status: 401, body: { code: 'Unauthorized', message: 'no' } }));
  await expect(runProbes(system)).rejects.toMatchObject({ code: 'credentials_rejected' });
  expect(system.asked).toHaveLength(1);
});

test('after a cancellation it sends no more requests', async () => {
  const cancelling = new AbortController();
  const system = openFakeSystem(loose);
  const running = runProbes(system, { signal: cancelling.signal, onFinding: () => cancelling.abort() });
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  expect(system.asked.length).toBeLessThan(20);
});
