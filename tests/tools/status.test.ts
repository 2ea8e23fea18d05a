import { expect, test } from 'vitest';
import { connect } from '../support/connect.ts';
import { openWatchedSandbox } from '../support/watched-sandbox.ts';

test('GET /gateway/status answers what doctor prints, but for clients, and sends nothing but reads', async () => {
  await using sandbox = await openWatchedSandbox();
  await using connection = await connect({ environment: sandbox.environment });
  const { text, data, isError } = await connection.call('execute_api_call', { path: '/gateway/status' });
  expect(isError).toBe(false);
  const checks: Record<string, string>[] = data.answer.checks;
  const names = checks.map(({ check }) => check);
  for (const name of [
    'settings',
    'keys',
    'folders',
    'host',
    'TLS',
    'clock',
    'credentials',
    'role',
    'records',
    'latency',
  ])
    expect(names).toContain(name);
  // Only doctor, at a terminal, starts the commands of clients.
  expect(names).not.toContain('client');
  expect(text).toMatch(/check: credentials, state: ok/);
  expect(sandbox.seen.length).toBeGreaterThan(10);
  expect(sandbox.writes()).toEqual([]);
});

test('the checks cost a conversation no more than a short list does', async () => {
  await using connection = await connect();
  const { text, data } = await connection.call('execute_api_call', { path: '/gateway/status' });
  expect(Math.max(Buffer.byteLength(text), Buffer.byteLength(JSON.stringify(data))) / 4).toBeLessThan(1_200);
});

test('cancelled checks end as cancelled', async () => {
  await using sandbox = await openWatchedSandbox();
  await using connection = await connect({ environment: sandbox.environment });
  const cancelling = new AbortController();
  const heard: string[] = [];
  const reading = connection.gateway.readStatus({
    signal: cancelling.signal,
    onLines: (lines) => {
      heard.push(...lines.map(({ check }) => check));
      cancelling.abort();
    },
  });
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  expect(heard).toContain('gateway');
  expect(heard).not.toContain('role');
});
