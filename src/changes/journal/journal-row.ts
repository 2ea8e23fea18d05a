import type { MemberDifference, WriteRequest } from '../change.ts';
import type { JournalEntry, JournalState } from './journal.ts';

/** A row of `changes`, which only this program writes, as an entry. */
export function readJournalRow(row: Record<string, unknown>): JournalEntry {
  const text = <Name extends string>(name: Name, column: string) =>
    typeof row[column] === 'string' ? ({ [name]: row[column] } as { [Key in Name]: string }) : {};
  const time = <Name extends string>(name: Name, column: string) =>
    typeof row[column] === 'number' ? ({ [name]: toIso(row[column]) } as { [Key in Name]: string }) : {};
  return {
    number: Number(row.number),
    changeId: String(row.change_id),
    state: String(row.state) as JournalState,
    preparedAt: toIso(Number(row.prepared_at)),
    ...time('sentAt', 'sent_at'),
    ...time('endedAt', 'ended_at'),
    ...text('tool', 'tool'),
    method: String(row.method) as JournalEntry['method'],
    path: String(row.path),
    request: JSON.parse(String(row.request)) as WriteRequest,
    complete: row.complete === 1,
    sentence: String(row.sentence),
    ...(typeof row.differences === 'string' ? { differences: JSON.parse(row.differences) as MemberDifference[] } : {}),
    ...(typeof row.before === 'string' ? { before: JSON.parse(row.before) as Record<string, unknown> } : {}),
    ...(typeof row.status === 'number' ? { status: row.status } : {}),
    ...text('requestId', 'request_id'),
    ...text('error', 'error'),
    ...text('recordId', 'record_id'),
    ...text('partOf', 'part_of'),
    ...text('undoes', 'undoes'),
    ...text('undoneBy', 'undone_by'),
  };
}

const toIso = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
