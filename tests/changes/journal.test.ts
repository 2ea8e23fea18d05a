import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { WriteRequest } from '../../src/changes/change.ts';
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

test('locks of killed processes are removed when the journal is next opened, those of running ones are kept', async () => {
  await open();
  const locks = join(folder, 'locks');
  const files = () => readdirSync(locks).filter((name) => name.endsWith('.lock'));
  const [running] = files();
  // Without a lock on it, it is what a killed process leaves.
  for (const name of ['changes-000000000001.lock', 'changes-000000000002.lock']) writeFileSync(join(locks, name), '');
  writeFileSync(join(locks, 'something.lock'), '');
  await open('other');
  expect(files()).toHaveLength(3);
  expect(files()).toEqual(expect.arrayContaining([running, 'something.lock']));
  expect(files().filter((name) => name.startsWith('changes-0000'))).toEqual([]);
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

const patch = { method: 'PATCH', path: '/service/tickets/4711', body: { summary: 'x' } } as const;

test('a change of another server that is running is prepared here in its place, and sent once', async () => {
  const [one, other] = [setUp({ journal: await open() }), setUp({ journal: await open() })];
  const { changeId } = await one.changes.prepare(patch);
  const renewed = await other.changes.confirm(changeId);
  expect(renewed).toMatchObject({ kind: 'renewed', reason: expect.stringContaining('another server that is running') });
  await other.changes.confirm(renewed.change.changeId);
  for (const { changes } of [one, other, setUp({ journal: await open() })]) {
    await expect(changes.confirm(changeId)).rejects.toMatchObject({
      code: 'unknown_change',
      message: expect.stringContaining('was replaced by a new preview'),
    });
  }
  expect([...one.writes(), ...other.writes()]).toHaveLength(1);
});

test('a change of a process that has ended is called that, and does not wait any more once it was prepared again', async () => {
  const tenant = { host: 'cw.example', company: 'acme' };
  const ended = await openJournal({ folder, tenant, now: () => now, random: Math.random });
  const { changeId } = await setUp({ journal: ended }).changes.prepare(patch);
  ended.close();
  const journal = await open();
  const renewed = await setUp({ journal }).changes.confirm(changeId);
  expect(renewed).toMatchObject({ reason: expect.stringContaining('a process that has ended') });
  expect(journal.list({ limit: 5, state: 'prepared' }).map((one) => one.changeId)).toEqual([renewed.change.changeId]);
});

test('a change is discarded for every server, at any moment before it is sent', async () => {
  const journal = await open();
  const other = setUp({ journal: await open() });
  let during = '';
  const one = setUp({
    journal,
    script: (request) => {
      // While the record is read once more, the other server discards the change.
      if (during !== '') other.changes.discard(during);
      return answers(request);
    },
  });
  const early = await one.changes.prepare(patch);
  expect(other.changes.discard(early.changeId)).toMatchObject({ state: 'discarded' });
  expect(one.changes.discard(early.changeId)).toMatchObject({ state: 'discarded' });
  const late = await one.changes.prepare(patch);
  await expect(one.changes.confirm(early.changeId)).rejects.toMatchObject({
    code: 'unknown_change',
    message: expect.stringContaining('it was discarded'),
    details: { field: 'change_id' },
  });
  during = late.changeId;
  for (const { changes } of [one, other, one])
    await expect(changes.confirm(late.changeId)).rejects.toMatchObject({ code: 'unknown_change' });
  expect([...one.writes(), ...other.writes()]).toEqual([]);
  expect(journal.list({ limit: 5 }).map(({ state }) => state)).toEqual(['discarded', 'discarded']);
});

test('what is prepared again while another server sends it is not offered a second time', async () => {
  const one = setUp({ journal: await open() });
  const journal = await open();
  let sent: Promise<unknown> | undefined;
  const other = setUp({
    journal,
    script: async (request) => {
      sent ??= one.changes.confirm(changeId);
      await sent;
      return answers(request);
    },
  });
  const { changeId } = await one.changes.prepare(patch);
  await expect(other.changes.confirm(changeId)).rejects.toMatchObject({
    code: 'unknown_change',
    message: expect.stringContaining('it was sent at'),
  });
  expect(journal.list({ limit: 5 }).map(({ state }) => state)).toEqual(['sent', 'discarded']);
});

test('a change that was sent cannot be discarded, and its undo is named', async () => {
  const { changes } = setUp({ journal: await open() });
  const { changeId } = await changes.prepare(patch);
  await changes.confirm(changeId);
  expect(() => changes.discard(changeId)).toThrow(
    expect.objectContaining({
      code: 'conflict',
      message: expect.stringContaining('cannot be discarded: it was sent at'),
      hint: expect.stringContaining(`/gateway/changes/${changeId}/undo`),
    }),
  );
  expect(() => changes.discard('nothing-like-it')).toThrow(expect.objectContaining({ code: 'unknown_change' }));
});

test('an undo is named only where there is one', async () => {
  const { changes } = setUp({ journal: await open() });
  const merge = { mergeTicketIds: [1], status: { id: 9 } };
  const sent = async (request: WriteRequest) => {
    const { changeId } = await changes.prepare(request);
    await changes.confirm(changeId);
    return changes.canUndo(changes.getEntry(changeId));
  };
  expect(await sent(patch)).toBe(true);
  expect(await sent({ method: 'POST', path: '/service/tickets/4711/merge', body: merge })).toBe(false);
  const { changeId } = await changes.prepare({ ...patch, body: { budgetHours: 9 } });
  expect(changes.canUndo(changes.getEntry(changeId))).toBe(false);
});
