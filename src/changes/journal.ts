import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Method } from '../catalog/index.ts';
import type { Tenant } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined, isRecord } from '../core/json.ts';
import { type Database, openDatabase, openOrReplace, retryWhileBusy, withStorageErrors } from '../core/storage.ts';
import { tidyRecord } from '../results/index.ts';
import type { Applied, MemberDifference, Values, Write, WriteRequest } from './change.ts';

/**
 * How a change ended, or how far it is. `renewed`: another preview took its place. `sending`: its process is alive.
 * `unknown`: it may have been made.
 */
export const journalStates = ['prepared', 'renewed', 'discarded', 'sending', 'sent', 'failed', 'unknown'] as const;
export type JournalState = (typeof journalStates)[number];

export interface JournalEntry {
  number: number;
  changeId: string;
  state: JournalState;
  /** ISO times, whole seconds. */
  preparedAt: string;
  sentAt?: string;
  endedAt?: string;
  tool?: string;
  /** Identifier of the user's own member, where it was known. */
  member?: string;
  method: Exclude<Method, 'GET'>;
  path: string;
  /** As it was asked for, without secrets. */
  request: WriteRequest;
  /** False where secrets were redacted in the request. */
  complete: boolean;
  sentence: string;
  differences?: readonly MemberDifference[];
  /** Members as they were before, or the record that was deleted. */
  before?: Values;
  status?: number;
  /** Of a change that was sent: how much of it the answer had. */
  applied?: Applied;
  requestId?: string;
  error?: string;
  /** Of the record that was made. */
  recordId?: string;
  /** The change of many records that it belongs to. */
  partOf?: string;
  undoes?: string;
  undoneBy?: string;
}

export type NewJournalEntry = Pick<
  JournalEntry,
  'changeId' | 'method' | 'path' | 'request' | 'sentence' | 'differences' | 'partOf' | 'undoes' | 'tool' | 'member'
>;

export type JournalEnd = { state: 'sent' | 'failed' | 'unknown' } & Partial<
  Pick<JournalEntry, 'before' | 'status' | 'applied' | 'requestId' | 'error' | 'recordId'>
>;

export interface JournalQuery {
  limit: number;
  state?: JournalState;
  /** Whose changes, by identifier in any case. */
  member?: string;
  /** When it was sent, or was prepared and not sent: from the first up to, not including, the second. */
  betweenMs?: readonly [from: number, to: number];
  /** Parts of a change of many records are left out unless that change is named. */
  partOf?: string;
}

/** Every change of a tenant: written before its request leaves, kept for 400 days. */
export interface Journal {
  prepared(entry: NewJournalEntry): void;
  /**
   * Ends a change that waits, so that no process sends it.
   * @returns false where it does not wait any more
   */
  withdraw(changeId: string, state: 'renewed' | 'discarded'): boolean;
  /** Which process prepared a change: this one, another that is still running, or one that has ended. */
  preparedBy(changeId: string): Promise<'this' | 'running' | 'ended'>;
  /**
   * @throws GatewayError `storage_failed`, and `unknown_change` where another process withdrew it: then nothing may be
   * sent
   */
  sending(changeId: string, before: Values | undefined): void;
  ended(changeId: string, end: JournalEnd): void;
  find(changeIdOrNumber: string): JournalEntry | undefined;
  /** What was sent, or may have been, then what was only prepared; of each the latest first. */
  list(query: JournalQuery): JournalEntry[];
  /** Sets changes that ended processes were sending to `unknown`, and returns those of this tenant. */
  settleLeftOvers(): Promise<JournalEntry[]>;
  /** For the user: the file was damaged and set aside. */
  readonly notice?: string;
  close(): void;
}

type End = Pick<JournalEntry, 'state' | 'sentAt' | 'status' | 'error'>;

/** What happened to a change, in words that follow "it". */
export function describeEnd(end: End | undefined): string {
  if (end === undefined) return 'is no longer in the journal';
  const { state, sentAt, status, error } = end;
  switch (state) {
    case 'prepared':
      return 'waits to be confirmed';
    case 'renewed':
      return 'was replaced by a new preview with another id';
    case 'discarded':
      return 'was discarded';
    case 'sending':
      return 'is being sent';
    case 'sent':
      return `was sent at ${sentAt}; ConnectWise returned ${status}`;
    case 'failed':
      return `was sent at ${sentAt} and failed (${error})`;
    case 'unknown':
      return `was sent at ${sentAt}, outcome unknown`;
  }
}

/** @param outcome in words that follow "it" */
export function usedChange(changeId: string, outcome: string): GatewayError {
  const message = `The change ${changeId} has already been used: it ${outcome}. Each id works once.`;
  return new GatewayError('unknown_change', message, {
    details: { field: 'change_id' },
    hint: { step: 'prepare_again' },
  });
}

/** What shows whether a write happened: a new record is in the list, any other at its own path. */
export function readAgain({ method, path, body }: Pick<Write, 'method' | 'path' | 'body'>): string {
  if (method !== 'POST') return path;
  // A list of documents needs the record that they belong to (CW 5.8.2).
  const { recordType, recordId } = path.startsWith('/system/documents') && isRecord(body) ? body : {};
  return `the newest of ${path}${recordId === undefined ? '' : `?recordType=${recordType}&recordId=${recordId}`}`;
}

/** The same for a change of the journal. Of many records, or several writes, the journal has the outcome of each. */
export function readAgainOf({ changeId, method, path, request }: JournalEntry): string {
  const isOfMany = request.forEach !== undefined || request.steps !== undefined;
  return isOfMany ? `/gateway/changes?part_of=${changeId}` : readAgain({ method, path, body: request.body });
}

interface OpenJournalOptions {
  /** Folder of the journal and of the locks of the processes that write it. */
  folder: string;
  tenant: Tenant;
  now(): Date;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Gets the same as JSON lines. */
  auditFile?: string;
}

/**
 * Opens the journal, which several processes may have open. Each holds a lock: without its lock, a process has ended,
 * and the outcome of what it was sending is unknown.
 * @throws GatewayError `storage_failed`
 */
export async function openJournal({ folder, tenant, now, random, auditFile }: OpenJournalOptions): Promise<Journal> {
  const file = join(folder, 'changes.db');
  const locks = join(folder, 'locks');
  const { database, setAside } = await openOrReplace(file, migrations, now);
  const owner = `changes-${Array.from({ length: 12 }, () => Math.floor(random() * 36).toString(36)).join('')}`;
  const lock = await takeOwnerLock(locks, owner).catch((error: unknown) => {
    database.close();
    throw error;
  });
  const audit = auditFile === undefined ? undefined : createAudit(auditFile);
  const isAlive = (other: string) => isOwnerAlive(locks, other);
  const journal = createJournal(database, defined<JournalOptions>({ file, tenant, owner, now, isAlive, audit }));
  const notice = `The journal was damaged and a new one was started; the old file is kept as ${setAside}.`;
  return {
    ...journal,
    ...(setAside && { notice }),
    close() {
      journal.close();
      lock.close();
    },
  };
}

/** Synchronous: the line is written before the request that it describes. */
function createAudit(file: string): (event: Record<string, unknown>) => void {
  return (event) => withStorageErrors(file, () => appendFileSync(file, `${JSON.stringify(event)}\n`, { mode: 0o600 }));
}

/** SQLite's lock on a file of that name; the system releases it when the process ends in any way. */
interface OwnerLock {
  readonly owner: string;
  close(): void;
}

const fileOf = (folder: string, owner: string) => join(folder, `${owner}.lock`);

/**
 * Removes the files of killed processes too.
 * @throws GatewayError `storage_failed`, also where another process holds it
 */
async function takeOwnerLock(folder: string, owner: string): Promise<OwnerLock> {
  const file = fileOf(folder, owner);
  withStorageErrors(file, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  // One process at a time: a file that is not locked yet would look like one of a dead process.
  const guard = await openDatabase(join(folder, 'opening'));
  let lock: Database;
  try {
    guard.exec('PRAGMA busy_timeout = 0');
    await retryWhileBusy(folder, () => guard.exec('BEGIN EXCLUSIVE'));
    for (const other of leftOwners(folder)) await isOwnerAlive(folder, other);
    lock = await openDatabase(file);
    withStorageErrors(file, () => lock.exec('BEGIN EXCLUSIVE'));
  } finally {
    guard.close();
  }
  return {
    owner,
    close() {
      lock.close();
      rmSync(file, { force: true });
    },
  };
}

/** Whose files are in the folder: at most as many as are looked at without delaying a start. */
const leftOwners = (folder: string) =>
  withStorageErrors(folder, () => readdirSync(folder))
    .flatMap((name) => /^(changes-[0-9a-z]{12})\.lock$/.exec(name)?.[1] ?? [])
    .slice(0, 200);

/** Whether the process that took this lock is still running; the file of a dead one is removed. */
async function isOwnerAlive(folder: string, owner: string): Promise<boolean> {
  const file = fileOf(folder, owner);
  if (!existsSync(file)) return false;
  const lock = await openDatabase(file);
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    return true;
  } finally {
    lock.close();
  }
  rmSync(file, { force: true });
  return false;
}

const keptSeconds = 400 * 86_400;

interface JournalOptions {
  /** The SQLite file, for messages. */
  file: string;
  tenant: Tenant;
  /** Id of this process in its rows. */
  owner: string;
  now(): Date;
  /** Whether the process of a row still lives. */
  isAlive(owner: string): Promise<boolean>;
  /** Gets each event as data; an error that it throws stops the sending. */
  audit?(event: Record<string, unknown>): void;
}

const mine = 'host = :host AND company = :company';

const statementsOf = (database: Database) => ({
  insert: database.prepare(
    `INSERT INTO changes (change_id, host, company, owner, state, prepared_at, tool, member, method, path, request, complete,
       sentence, differences, part_of, undoes)
     VALUES (:changeId, :host, :company, :owner, 'prepared', :at, :tool, :member, :method, :path, :request, :complete,
       :sentence, :differences, :partOf, :undoes)`,
  ),
  sending: database.prepare(
    `UPDATE changes SET state = 'sending', sent_at = :at, owner = :owner, before = coalesce(:before, before)
     WHERE ${mine} AND change_id = :changeId AND state IN ('prepared', 'failed') RETURNING number`,
  ),
  withdraw: database.prepare(
    `UPDATE changes SET state = :state, ended_at = :at
     WHERE ${mine} AND change_id = :changeId AND state = 'prepared' RETURNING number`,
  ),
  ended: database.prepare(
    `UPDATE changes SET state = :state, ended_at = :at, status = :status, applied = :applied, request_id = :requestId, error = :error,
       record_id = :recordId, before = coalesce(:before, before)
     WHERE ${mine} AND change_id = :changeId RETURNING undoes`,
  ),
  undone: database.prepare(`UPDATE changes SET undone_by = :by WHERE ${mine} AND change_id = :changeId`),
  find: database.prepare(`SELECT * FROM changes WHERE ${mine} AND (change_id = :id OR number = :number)`),
  list: database.prepare(
    `SELECT * FROM changes WHERE ${mine} AND part_of IS :partOf AND (:state IS NULL OR state = :state)
       AND (:member IS NULL OR member = :member)
       AND (:from IS NULL OR coalesce(sent_at, prepared_at) BETWEEN :from AND :to)
     ORDER BY sent_at IS NULL, coalesce(sent_at, prepared_at) DESC, number DESC LIMIT :limit`,
  ),
  sendingOwners: database.prepare(`SELECT DISTINCT owner FROM changes WHERE state = 'sending' AND owner <> :owner`),
  leave: database.prepare(
    `UPDATE changes SET state = 'unknown', ended_at = :at, error = 'The process ended while it was sending.'
     WHERE state = 'sending' AND owner = :dead RETURNING *`,
  ),
  prune: database.prepare('DELETE FROM changes WHERE prepared_at < :before'),
});

/** The journal in a database with its layout; every statement on entries names the tenant. */
export function createJournal(database: Database, options: JournalOptions): Journal {
  const { file, tenant, owner, now, audit } = options;
  const run = <T>(work: () => T): T => withStorageErrors(file, work);
  const statements = run(() => statementsOf(database));
  const who = { host: tenant.host, company: tenant.company };
  const seconds = () => Math.floor(now().getTime() / 1000);
  run(() => statements.prune.run({ before: seconds() - keptSeconds }));
  const report = (event: string, changeId: string, more: Record<string, unknown> = {}) =>
    audit?.({ time: now().toISOString(), event, changeId, ...who, ...more });
  const find = (id: string): JournalEntry | undefined => {
    const number = /^\d{1,15}$/.test(id) ? Number(id) : -1;
    const row = run(() => statements.find.get({ ...who, id, number }));
    return row === undefined ? undefined : readJournalRow(row);
  };

  return {
    prepared(entry) {
      run(() => statements.insert.run({ ...who, owner, at: seconds(), ...toRow(entry) }));
      const { method, path, sentence, tool } = entry;
      report('prepared', entry.changeId, { method, path, sentence, tool });
    },
    withdraw(changeId, state) {
      const row = run(() => statements.withdraw.get({ ...who, changeId, state, at: seconds() }));
      if (row !== undefined) report(state, changeId);
      return row !== undefined;
    },
    async preparedBy(changeId) {
      const row = run(() => statements.find.get({ ...who, id: changeId, number: -1 }));
      if (row?.owner === owner) return 'this';
      return (await options.isAlive(String(row?.owner))) ? 'running' : 'ended';
    },
    sending(changeId, before) {
      // The audit first: if it fails, no row may say `sending`.
      report('sending', changeId);
      const at = seconds();
      const row = run(() => statements.sending.get({ ...who, owner, changeId, at, before: toJson(before) }));
      if (row !== undefined) return;
      report('refused', changeId);
      throw usedChange(changeId, describeEnd(find(changeId)));
    },
    ended(changeId, end) {
      const row = run(() => statements.ended.get({ ...who, changeId, at: seconds(), ...toEnd(end) }));
      const { before, ...shown } = end;
      if (end.state === 'sent' && typeof row?.undoes === 'string') {
        const undone = row.undoes;
        run(() => statements.undone.run({ ...who, changeId: undone, by: changeId }));
      }
      report(end.state, changeId, shown);
    },
    find,
    list({ limit, state = null, member = null, partOf = null, betweenMs }) {
      const [from, to] = betweenMs?.map((ms) => Math.ceil(ms / 1000)) ?? [];
      const between = { from: from ?? null, to: to === undefined ? null : to - 1 };
      return run(() => statements.list.all({ ...who, limit, state, member, partOf, ...between }).map(readJournalRow));
    },
    async settleLeftOvers() {
      const left = await settle(options, {
        owners: () => run(() => statements.sendingOwners.all({ owner })),
        leave: (dead) => run(() => statements.leave.all({ dead, at: seconds() })),
      });
      for (const { change_id: changeId } of left) report('unknown', String(changeId));
      // Those of other tenants are settled too, but not returned.
      return left.filter((row) => isOf(row, tenant)).map(readJournalRow);
    },
    close: () => database.close(),
  };
}

interface Settling {
  owners(): Record<string, unknown>[];
  /** Sets what this owner was sending to `unknown`, and returns the rows. */
  leave(owner: string): Record<string, unknown>[];
}

async function settle({ isAlive }: Pick<JournalOptions, 'isAlive'>, { owners, leave }: Settling) {
  const left: Record<string, unknown>[] = [];
  for (const { owner } of owners()) {
    if (!(await isAlive(String(owner)))) left.push(...leave(String(owner)));
  }
  return left;
}

/** Login names of companies do not depend on case. */
function isOf(row: Record<string, unknown>, { host, company }: Tenant): boolean {
  return row.host === host && String(row.company).toLowerCase() === company.toLowerCase();
}

function toRow(entry: NewJournalEntry) {
  const { changeId, method, path, request, sentence, differences, partOf, undoes, tool, member } = entry;
  const kept = toJson(request) ?? '{}';
  return {
    changeId,
    method,
    path,
    sentence,
    request: kept,
    complete: kept === JSON.stringify(request) ? 1 : 0,
    differences: toJson(differences),
    partOf: partOf ?? null,
    undoes: undoes ?? null,
    tool: tool ?? null,
    member: member ?? null,
  };
}

function toEnd({ state, status, applied, requestId, error, recordId, before }: JournalEnd) {
  return {
    state,
    status: status ?? null,
    applied: applied ?? null,
    requestId: requestId ?? null,
    error: error ?? null,
    recordId: recordId ?? null,
    before: toJson(before),
  };
}

/** Secrets of records and bodies are redacted: other people read journals. */
function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(tidyRecord(value, { keepEmpty: true }));
}

/** A row of `changes`, which only this program writes, as an entry. */
function readJournalRow(row: Record<string, unknown>): JournalEntry {
  const text = (column: string) => (typeof row[column] === 'string' ? row[column] : undefined);
  const number = (column: string) => (typeof row[column] === 'number' ? row[column] : undefined);
  const time = (column: string) => (typeof row[column] === 'number' ? toIso(row[column]) : undefined);
  const json = (column: string): unknown => (typeof row[column] === 'string' ? JSON.parse(row[column]) : undefined);
  return defined<JournalEntry>({
    number: Number(row.number),
    changeId: String(row.change_id),
    state: String(row.state) as JournalState,
    preparedAt: toIso(Number(row.prepared_at)),
    sentAt: time('sent_at'),
    endedAt: time('ended_at'),
    tool: text('tool'),
    member: text('member'),
    method: String(row.method) as JournalEntry['method'],
    path: String(row.path),
    request: JSON.parse(String(row.request)) as WriteRequest,
    complete: row.complete === 1,
    sentence: String(row.sentence),
    differences: json('differences') as MemberDifference[] | undefined,
    before: json('before') as Values | undefined,
    status: number('status'),
    applied: text('applied') as Applied | undefined,
    requestId: text('request_id'),
    error: text('error'),
    recordId: text('record_id'),
    partOf: text('part_of'),
    undoes: text('undoes'),
    undoneBy: text('undone_by'),
  });
}

const toIso = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/**
 * The layout of the journal, step by step; a step that was published is never edited. `state` is one of
 * `journalStates`. JSON texts hold no secrets: `complete` is 0 where one was left out of the request.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE changes (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     change_id TEXT NOT NULL,
     host TEXT NOT NULL,
     company TEXT NOT NULL COLLATE NOCASE,
     owner TEXT NOT NULL,
     state TEXT NOT NULL,
     prepared_at INTEGER NOT NULL,
     sent_at INTEGER,
     ended_at INTEGER,
     tool TEXT,
     method TEXT NOT NULL,
     path TEXT NOT NULL,
     request TEXT NOT NULL,
     complete INTEGER NOT NULL,
     sentence TEXT NOT NULL,
     differences TEXT,
     before TEXT,
     status INTEGER,
     request_id TEXT,
     error TEXT,
     record_id TEXT,
     part_of TEXT,
     undoes TEXT,
     undone_by TEXT,
     UNIQUE (host, company, change_id)
   );
   CREATE INDEX changes_by_state ON changes (host, company, state);
   CREATE INDEX changes_by_time ON changes (prepared_at);`,
  `ALTER TABLE changes ADD COLUMN applied TEXT;
   ALTER TABLE changes ADD COLUMN member TEXT COLLATE NOCASE;`,
];
