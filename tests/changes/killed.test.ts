import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openJournal } from '../../src/changes/journal.ts';
import { bundleScript } from '../support/script-process.ts';
import { setUp } from './fixtures.ts';

const script = bundleScript(join(import.meta.dirname, 'killed-process.ts'));
const tenant = { host: 'cw.example', company: 'acme' };

async function killAt(point: string) {
  const folder = mkdtempSync(join(tmpdir(), 'cwm killed '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const child = spawn(process.execPath, [script, folder, point], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code, signal] = await once(child, 'exit');
  // On Windows a process that kills itself ends with a code.
  if (process.platform === 'win32') expect(code).not.toBe(0);
  else expect(signal).toBe('SIGKILL');
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  const journal = await openJournal({
    folder,
    tenant,
    now: () => new Date('2026-11-02T10:00:00Z'),
    random: Math.random,
  });
  onTestFinished(() => journal.close());
  return { folder, journal, changeId: read('id'), writes: () => read('writes').split('\n').filter(Boolean).length };
}

test.each<[string, { state?: string; writes: number }]>([
  ['planned', { writes: 0 }],
  ['prepared', { state: 'prepared', writes: 0 }],
  ['read again', { state: 'prepared', writes: 0 }],
  ['noted', { state: 'unknown', writes: 0 }],
  ['arrived', { state: 'unknown', writes: 1 }],
  ['answered', { state: 'unknown', writes: 1 }],
  ['ended', { state: 'sent', writes: 1 }],
  ['replied', { state: 'sent', writes: 1 }],
])('a process killed when its change is %s leaves a journal that says what is known', async (point, expected) => {
  const { journal, changeId, writes } = await killAt(point);
  const left = await journal.settleLeftOvers();
  const [entry] = journal.list({ limit: 5 });
  expect(entry?.state).toBe(expected.state);
  expect(writes()).toBe(expected.writes);
  expect(left.map((one) => one.changeId)).toEqual(expected.state === 'unknown' ? [changeId] : []);
  // Another process gets the id: it gets a new preview, or is refused, and never sent a second time.
  // Another process gets the id: it is prepared again, or refused, and never sent a second time.
  const next = setUp({ journal });
  const outcome = await next.changes.confirm(changeId || 'none').catch((error: unknown) => error);
  expect(outcome).toMatchObject(expected.state === 'prepared' ? { kind: 'renewed' } : { code: 'unknown_change' });
  expect(next.writes()).toEqual([]);
});

test('a change that a running process is sending does not count as unknown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cwm alive '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const options = { folder, tenant, now: () => new Date(), random: Math.random };
  const [one, other] = [await openJournal(options), await openJournal(options)];
  const request = { method: 'DELETE', path: '/service/tickets/1' } as const;
  one.prepared({ changeId: 'x', ...request, request, sentence: 'Delete ticket 1.' });
  one.sending('x', undefined);
  expect(await other.settleLeftOvers()).toEqual([]);
  expect(other.find('x')?.state).toBe('sending');
  await expect(setUp({ journal: other }).changes.confirm('x')).rejects.toMatchObject({
    message: expect.stringContaining('it is being sent'),
  });
  one.close();
  expect(await other.settleLeftOvers()).toHaveLength(1);
  expect(other.find('x')?.state).toBe('unknown');
  other.close();
});

test('an unknown change of a dead process is reported once with the next preview, with the query that settles it', async () => {
  const { journal, changeId } = await killAt('arrived');
  const { changes } = setUp({ journal });
  const prepare = () => changes.prepare({ method: 'PATCH', path: '/service/tickets/4711', body: { budgetHours: 9 } });
  expect((await prepare()).warnings).toContainEqual(expect.stringContaining(`(${changeId})`));
  expect((await prepare()).warnings).toEqual([]);
});
