import type { Tenant } from '../../connectwise/index.ts';
import { type Database, withStorageErrors } from '../../core/storage.ts';
import { tidyRecord } from '../../results/index.ts';
import type { Journal, JournalEnd, NewJournalEntry } from './journal.ts';
import { readJournalRow } from './journal-row.ts';

const keptSeconds = 400 * 86_400;

export interface JournalOptions {
  /** The SQLite file, for messages. */
  file: string;
  tenant: Tenant;
  /** Names this process in its rows. */
  owner: string;
  now(): Date;
  /** Whether the process of a row still lives. */
  isAlive(owner: string): Promise<boolean>;
  /** Gets each event besides, as data; what it throws stops a sending. */
  audit?(event: Record<string, unknown>): void;
}

const mine = 'host = :host AND company = :company';

const statementsOf = (database: Database) => ({
  insert: database.prepare(
    `INSERT INTO changes (change_id, host, company, owner, state, prepared_at, tool, method, path, request, complete,
       sentence, differences, part_of, undoes)
     VALUES (:changeId, :host, :company, :owner, 'prepared', :at, :tool, :method, :path, :request, :complete,
       :sentence, :differences, :partOf, :undoes)`,
  ),
  sending: database.prepare(
    `UPDATE changes SET state = 'sending', sent_at = :at, owner = :owner, before = coalesce(:before, before)
     WHERE ${mine} AND change_id = :changeId`,
  ),
  ended: database.prepare(
    `UPDATE changes SET state = :state, ended_at = :at, status = :status, request_id = :requestId, error = :error,
       record_id = :recordId, before = coalesce(:before, before)
     WHERE ${mine} AND change_id = :changeId RETURNING undoes`,
  ),
  undone: database.prepare(`UPDATE changes SET undone_by = :by WHERE ${mine} AND change_id = :changeId`),
  find: database.prepare(`SELECT * FROM changes WHERE ${mine} AND (change_id = :id OR number = :number)`),
  list: database.prepare(
    `SELECT * FROM changes WHERE ${mine} AND (:state IS NULL OR state = :state)
       AND (part_of IS :partOf) ORDER BY number DESC LIMIT :limit`,
  ),
  sendingOwners: database.prepare(`SELECT DISTINCT owner FROM changes WHERE state = 'sending' AND owner <> :owner`),
  leave: database.prepare(
    `UPDATE changes SET state = 'unknown', ended_at = :at, error = 'The process ended while it was sending.'
     WHERE state = 'sending' AND owner = :dead RETURNING *`,
  ),
  prune: database.prepare('DELETE FROM changes WHERE prepared_at < :before'),
});

/** The journal over a database that has its layout; every statement on entries names the tenant. */
export function createJournal(database: Database, options: JournalOptions): Journal {
  const { file, tenant, owner, now, audit } = options;
  const run = <T>(work: () => T): T => withStorageErrors(file, work);
  const statements = run(() => statementsOf(database));
  const who = { host: tenant.host, company: tenant.company };
  const seconds = () => Math.floor(now().getTime() / 1000);
  run(() => statements.prune.run({ before: seconds() - keptSeconds }));
  const tell = (event: string, changeId: string, more: Record<string, unknown> = {}) =>
    audit?.({ time: now().toISOString(), event, changeId, ...who, ...more });

  return {
    prepared(entry) {
      run(() => statements.insert.run({ ...who, owner, at: seconds(), ...toRow(entry) }));
      const { method, path, sentence, tool } = entry;
      tell('prepared', entry.changeId, { method, path, sentence, tool });
    },
    sending(changeId, before) {
      // First what may fail for other reasons than the file: a row that says `sending` is believed.
      tell('sending', changeId);
      run(() => statements.sending.run({ ...who, owner, changeId, at: seconds(), before: toJson(before) }));
    },
    ended(changeId, end) {
      const row = run(() => statements.ended.get({ ...who, changeId, at: seconds(), ...toEnd(end) }));
      const { before, ...told } = end;
      if (end.state === 'sent' && typeof row?.undoes === 'string') {
        const undone = row.undoes;
        run(() => statements.undone.run({ ...who, changeId: undone, by: changeId }));
      }
      tell(end.state, changeId, told);
    },
    find(id) {
      const number = /^\d{1,15}$/.test(id) ? Number(id) : -1;
      const row = run(() => statements.find.get({ ...who, id, number }));
      return row === undefined ? undefined : readJournalRow(row);
    },
    list: ({ limit, state, partOf }) =>
      run(() =>
        statements.list.all({ ...who, limit, state: state ?? null, partOf: partOf ?? null }).map(readJournalRow),
      ),
    async settleLeftOvers() {
      const left = await settle(options, {
        owners: () => run(() => statements.sendingOwners.all({ owner })),
        leave: (dead) => run(() => statements.leave.all({ dead, at: seconds() })),
      });
      for (const { change_id: changeId } of left) tell('unknown', String(changeId));
      // Those of other companies are settled too, and told to nobody here.
      return left.filter((row) => isOf(row, tenant)).map(readJournalRow);
    },
    close: () => database.close(),
  };
}

interface Settling {
  owners(): Record<string, unknown>[];
  /** Makes `unknown` of what this owner was sending, and answers the rows. */
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
  const { changeId, method, path, request, sentence, differences, partOf, undoes, tool } = entry;
  const kept = toJson(request) ?? '{}';
  return {
    ...{ changeId, method, path, sentence, request: kept },
    complete: kept === JSON.stringify(request) ? 1 : 0,
    differences: toJson(differences),
    partOf: partOf ?? null,
    undoes: undoes ?? null,
    tool: tool ?? null,
  };
}

function toEnd({ state, status, requestId, error, recordId, before }: JournalEnd) {
  return {
    state,
    status: status ?? null,
    requestId: requestId ?? null,
    error: error ?? null,
    recordId: recordId ?? null,
    before: toJson(before),
  };
}

/** Secrets of records and bodies are masked: a journal is read by others. */
function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(tidyRecord(value, { keepEmpty: true }));
}
