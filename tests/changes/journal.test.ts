import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Journal, type NewJournalEntry, openJournal } from '../../src/changes/journal.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { answers, setUp } from './fixtures.ts';

let folder: string;
let now: Date;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cwm journal '));
  now = new Date('2026-11-02T10:00:00Z');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

async function open(company = 'acme', more: { auditFile?: string } = {}): Promise<Journal> {
  const tenant = { host: 'cw.example', company };
  const journal = await openJournal({ folder, tenant, now: () => now, random: Math.random, ...more });
  onTestFinished(() => journal.close());
  return journal;
}

const entry = (changeId: string, body: unknown = { summary: 'x' }): NewJournalEntry => {
  const request = { method: 'PATCH', path: '/service/tickets/1', body } as const;
  return { changeId, method: request.method, path: request.path, request, sentence: 'Ticket 1.' };
};

test('each company sees its own changes, whatever the case of its name', async () => {
  const acme = await open();
  const other = await open('globex');
  acme.prepared(entry('a'));
  other.prepared(entry('a'));
  acme.ended('a', { state: 'failed', error: 'conflict' });
  expect(other.find('a')?.state).toBe('prepared');
  expect((await open('ACME')).list({ limit: 10 }).map(({ state }) => state)).toEqual(['failed']);
});

test('changes are kept for 400 days', async () => {
  (await open()).prepared(entry('old'));
  now = new Date(now.getTime() + 399 * 86_400_000);
  (await open()).prepared(entry('new'));
  expect((await open()).list({ limit: 10 })).toHaveLength(2);
  now = new Date(now.getTime() + 2 * 86_400_000);
  expect((await open()).list({ limit: 10 }).map(({ changeId }) => changeId)).toEqual(['new']);
});

test('what was sent comes first, of each the latest, and can be asked for by member and time', async () => {
  const journal = await open();
  const at = (time: string) => {
    now = new Date(`2026-11-02T${time}:00Z`);
  };
  at('08:00');
  journal.prepared({ ...entry('early'), member: 'jdoe' });
  journal.prepared({ ...entry('late'), member: 'asmith' });
  at('08:10');
  journal.prepared(entry('waits'));
  at('08:20');
  journal.sending('late', undefined);
  journal.ended('late', { state: 'sent', applied: 'all' });
  at('08:30');
  journal.sending('early', undefined);
  journal.ended('early', { state: 'failed', error: 'conflict' });
  at('08:40');
  journal.prepared(entry('newest'));
  const ids = (query: Partial<Parameters<Journal['list']>[0]>) =>
    journal.list({ limit: 10, ...query }).map(({ changeId }) => changeId);
  expect(ids({})).toEqual(['early', 'late', 'newest', 'waits']);
  expect(ids({ limit: 1 })).toEqual(['early']);
  expect(ids({ member: 'JDOE' })).toEqual(['early']);
  const between = (from: string, to: string): [number, number] => [
    Date.parse(`2026-11-02T${from}Z`),
    Date.parse(`2026-11-02T${to}Z`),
  ];
  expect(ids({ betweenMs: between('08:20:00', '08:30:00') })).toEqual(['late']);
  expect(ids({ betweenMs: between('08:10:00', '08:40:00.500') })).toEqual(['early', 'late', 'newest', 'waits']);
  expect(ids({ betweenMs: between('08:00:00', '08:10:00') })).toEqual([]);
  expect(ids({ state: 'prepared', betweenMs: between('08:10:00', '08:40:00') })).toEqual(['waits']);
});

test('secrets are not stored, and a request without its secret is not prepared again', async () => {
  const journal = await open();
  const first = setUp({ journal });
  const body = { identifier: 'x', password: 'geheim-7' };
  const { changeId } = await first.changes.prepare({ method: 'POST', path: '/system/members', body });
  expect(journal.find(changeId)).toMatchObject({ complete: false, request: { body: { password: '[redacted]' } } });
  for (const file of ['changes.db', 'changes.db-wal'])
    expect(readFileSync(join(folder, file), 'latin1')).not.toContain('geheim-7');
  const second = setUp({ journal });
  await expect(second.changes.confirm(changeId)).rejects.toMatchObject({ code: 'unknown_change' });
});

test('the audit file gets a line for each event before the request is sent, and only its owner can read it', async () => {
  const auditFile = join(folder, 'audit.jsonl');
  const journal = await open('acme', { auditFile });
  const lines = () =>
    readFileSync(auditFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  let atSending: string[] = [];
  const { changes } = setUp({
    journal,
    script: (request) => {
      if (request.method === 'PATCH') atSending = lines().map(({ event }) => event);
      return answers(request);
    },
  });
  const request = { method: 'PATCH', path: '/service/tickets/4711', body: { summary: 'x' } } as const;
  const { changeId } = await changes.prepare(request);
  await changes.confirm(changeId);
  expect(atSending).toEqual(['prepared', 'sending']);
  expect(lines().at(-1)).toMatchObject({ event: 'sent', changeId, status: 200, company: 'acme' });
  if (process.platform !== 'win32') expect(statSync(auditFile).mode & 0o777).toBe(0o600);
});

test('a journal that fails after sending is reported, and the change is not sent again', async () => {
  const journal = await open();
  const full = () => {
    throw new GatewayError('storage_failed', 'The disk is full.');
  };
  const { changes, writes } = setUp({ journal: { ...journal, ended: full } });
  const request = { method: 'PATCH', path: '/service/tickets/4711', body: { summary: 'x' } } as const;
  const { changeId } = await changes.prepare(request);
  expect(await changes.confirm(changeId)).toMatchObject({
    kind: 'sent',
    notes: [expect.stringContaining('The disk is full')],
  });
  await expect(changes.confirm(changeId)).rejects.toMatchObject({ code: 'unknown_change' });
  expect(writes()).toHaveLength(1);
});

test('a change that cannot be written to the journal is not sent', async () => {
  const journal = await open('acme', { auditFile: join(folder, 'no', 'such', 'folder', 'audit.jsonl') });
  const { changes, writes } = setUp({ journal: { ...journal, prepared() {} } });
  const request = { method: 'PATCH', path: '/service/tickets/4711', body: { summary: 'x' } } as const;
  const { changeId } = await changes.prepare(request);
  await expect(changes.confirm(changeId)).rejects.toMatchObject({ code: 'storage_failed' });
  expect(writes()).toEqual([]);
});
