import type { ProgramConnection } from '../../tests/support/connect-program.ts';
import { isRecord, recordsIn } from './chat.ts';

/** What a run left behind: which writes were sent, and the records they were about. */
export interface State {
  /** Such as `PATCH /service/tickets/1595`. */
  sent: readonly string[];
  records: readonly unknown[];
}

/** Reads, through the server itself, what the journal says was sent, and the records of a path as they are now. */
export async function readState(app: ProgramConnection, path: string): Promise<State> {
  const { data } = await app.call('execute_api_call', { path: '/gateway/changes', params: { limit: 200 } });
  const entries = recordsIn(data?.answer?.changes).filter(({ state }) => state === 'sent' || state === 'unknown');
  const sent: string[] = [];
  const made = new Set<number>();
  for (const { change_id: id } of entries) {
    const entry = await app.call('execute_api_call', { path: `/gateway/changes/${String(id)}` });
    const { method, path: where, record_id: record } = entry.data.answer;
    sent.push(`${method} ${where}`);
    if (method === 'POST' && where === path && record !== undefined) made.add(Number(record));
  }
  const [, collection = path, id] = /^(.*)\/(\d+)$/.exec(path) ?? [];
  const ids = id === undefined ? [...made] : [Number(id)];
  return { sent: sent.sort(), records: ids.length === 0 ? [] : await readRecords(app, collection, ids) };
}

/** Whole records: replies leave out members for a reader, stored rows do not. */
async function readRecords(app: ProgramConnection, path: string, ids: readonly number[]): Promise<unknown[]> {
  const found = await app.call('execute_api_call', {
    path,
    params: { conditions: `id in (${ids.join(',')})` },
    sql: 'select _record from it order by id',
    max_tokens: 8_000,
  });
  const rows: unknown[][] = found.data?.table?.rows ?? [];
  return rows.map(([text]) => tidy(JSON.parse(String(text))));
}

/** Without links and time stamps, and without members that are false or empty, which may be present or not. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value)
    .filter(([name, one]) => name !== '_info' && one !== null && one !== '' && one !== false)
    .map(([name, one]): [string, unknown] => [name, tidy(one)]);
  return Object.fromEntries(kept.sort(([one], [other]) => one.localeCompare(other)));
}

/** Members that differ between what was to be and what is; nothing where the two are the same. */
export function findStateDifference(expected: State, found: State): string | undefined {
  const strange = found.sent.find((call) => !expected.sent.includes(call));
  if (strange !== undefined) return `${strange} was not asked for`;
  if (found.records.length !== expected.records.length)
    return `${found.records.length} records where ${expected.records.length} were meant`;
  const differing = expected.records.flatMap((record, at) => differingMembers(record, found.records[at]));
  return differing.length === 0 ? undefined : `not as meant: ${differing.join('; ')}`;
}

function differingMembers(expected: unknown, found: unknown): string[] {
  if (!isRecord(expected) || !isRecord(found)) return ['the record'];
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...names].flatMap((name) => {
    const [meant, is] = [JSON.stringify(expected[name]), JSON.stringify(found[name])];
    return meant === is ? [] : [`${name} is ${is ?? 'empty'}, meant was ${meant ?? 'empty'}`];
  });
}
