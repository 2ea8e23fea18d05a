import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { ResultTable } from '../../results/result-store.ts';
import { hideColumns, leadingMembers, type Table } from '../../results/table.ts';
import { wordsForTerminal } from '../calls/reader-words.ts';
import { renderCall } from '../calls/render.ts';
import type { CallResult, CallState } from '../calls/result.ts';
import { confirmedResult } from '../calls/write.ts';
import type { ToolContext } from './tool.ts';

/** A call as a person or a script gets it: all its rows, and nothing cut for a model. */
export interface CommandRun {
  state: CallState;
  /** COMPLETE, PARTIAL, SENT or NOT SENT first. */
  outcome: string;
  notes: readonly string[];
  /** Of a list: all rows that were read, or the answer of the statement over them. */
  table?: Table;
  /** What else was answered: a record, a change and its id. */
  more: Record<string, unknown>;
  /** What is printed where there is no table: lines, or a value as JSON. */
  printed: { lines: readonly string[] } | { value: unknown };
  next?: string;
}

/** As many as the store holds and a file takes. */
export const mostRows = 200_000;
const maxBytes = 100_000_000;

/** The statement of a call that has none. */
export const everyRow = 'select * from it';

interface RunParts {
  context: ToolContext;
  /** The statement that the call was made with. */
  sql: string;
  /** Columns to put first, as `fields` named them. */
  fields?: string | undefined;
  /** Sends the change that the call prepared. */
  confirm: boolean;
  signal: AbortSignal;
}

/**
 * Makes a call by the tools' own way; of a list the table that it keeps is asked for the answer.
 * @throws GatewayError `cancelled` where the signal ended it: half of an answer is none
 */
export async function runForTerminal(parts: RunParts, call: () => Promise<CallResult>): Promise<CommandRun> {
  const { context, confirm, signal } = parts;
  const result = await call().catch((error: unknown) => {
    throw error instanceof GatewayError && error.code === 'cancelled' ? stopped(error) : error;
  });
  if (result.what === 'prepared' && confirm) return confirmForTerminal(context, result.change.changeId, signal);
  // What was sent is said whatever came after.
  if (isWrite(result)) return plainRun(result);
  if (signal.aborted) throw stopped();
  return result.what === 'rows' && result.table !== undefined
    ? tableRun(parts, result.table, result.notes)
    : plainRun(result);
}

const isWrite = ({ what }: CallResult) => what === 'prepared' || what === 'sent' || what === 'many';

/** Sends a prepared change; one of many records to its end, where a tool would answer after 40 s. */
export async function confirmForTerminal(
  context: ToolContext,
  changeId: string,
  signal: AbortSignal,
): Promise<CommandRun> {
  const changes = await context.changes();
  for (;;) {
    const confirmed = await changes.confirm(changeId, signal);
    const isRunning = confirmed.kind === 'many' && confirmed.state === 'running' && !signal.aborted;
    if (!isRunning) return plainRun(await confirmedResult(context, confirmed));
    const { counts, results } = confirmed;
    const done = results.length - counts.waiting;
    context.progress(done, results.length, `${done} records sent`);
  }
}

function stopped(cause?: unknown): GatewayError {
  return new GatewayError('cancelled', 'Stopped before the answer was complete: nothing was written.', { cause });
}

async function tableRun(parts: RunParts, name: string, notes: readonly string[]): Promise<CommandRun> {
  const { context, sql, fields, signal } = parts;
  const store = await context.results();
  const found = await store.query(sql, { maxRows: mostRows, maxBytes, it: name, signal });
  // Only now all rows that were queued are stored and counted.
  const stored = store.tables().find((table) => table.name === name);
  if (stored === undefined) throw new GatewayError('internal', `The table ${name} is gone.`);
  const isWhole = stored.state === 'complete' && found.complete;
  const all = `${stored.rows.toLocaleString('en')} ${stored.rows === 1 ? 'row' : 'rows'}`;
  const asked = sql === everyRow ? '' : ` The statement answered ${found.rows.length.toLocaleString('en')}.`;
  const of = stored.total === undefined ? 'more' : stored.total.toLocaleString('en');
  const read =
    stored.state === 'complete' ? `${all}.` : `${stored.rows.toLocaleString('en')} of ${of} rows; ${reasonOf(stored)}.`;
  const cut = found.complete ? '' : ` Only the first ${found.rows.length.toLocaleString('en')} are given.`;
  const table = hideColumns(found, sql);
  return {
    state: isWhole ? 'complete' : 'partial',
    outcome: `${isWhole ? 'COMPLETE' : 'PARTIAL'}: ${read}${asked}${cut}`,
    notes,
    table: sql === everyRow ? orderColumns(table, fields) : table,
    more: {},
    printed: { lines: [] },
  };
}

const reasonOf = ({ reason = 'not all were read' }: ResultTable) => reason.replace(/\.$/, '');

/**
 * In the order of `fields`, which SQL names with `_` for `/`, and no others: some are read along, such as the id by
 * which pages are walked. Without it what people look for stands first.
 */
function orderColumns({ columns, rows }: Table, fields: string | undefined): Table {
  const asked = (fields?.split(',') ?? leadingMembers).map((name) => name.trim().replaceAll('/', '_').toLowerCase());
  const rank = (name: string) => {
    const lower = name.toLowerCase();
    const at = asked.findIndex((one) => lower === one || (fields !== undefined && lower.startsWith(`${one}_`)));
    return at < 0 ? asked.length : at;
  };
  const order = columns
    .map((name, at) => ({ at, rank: rank(name) }))
    .filter((column) => fields === undefined || column.rank < asked.length)
    .sort((one, other) => one.rank - other.rank || one.at - other.at);
  return {
    columns: order.map(({ at }) => columns[at] ?? ''),
    rows: rows.map((row) => order.map(({ at }) => row[at] ?? null)),
  };
}

function plainRun(result: CallResult): CommandRun {
  const {
    outcome,
    notes = [],
    next,
    change_id,
    image: _,
    expires_at: __,
    ...members
  } = renderCall(result, wordsForTerminal);
  const more = { ...members, ...(change_id === undefined ? {} : { change_id }) };
  const run = { state: result.state, outcome, notes, more, printed: toPrint(result, more) };
  return next === undefined ? run : { ...run, next };
}

function toPrint(result: CallResult, more: Record<string, unknown>): CommandRun['printed'] {
  if (isWrite(result)) return { lines: renderChange(more) };
  switch (result.what) {
    case 'file':
      return { lines: [result.path] };
    case 'record':
      return { value: result.record };
    case 'local':
      return { value: result.value };
    default:
      return { value: more.answer ?? more };
  }
}

/** A change as a person reads it before it is sent. */
function renderChange({ change, differences, change_id, record, link }: Record<string, unknown>): string[] {
  const sentence = isRecord(change) ? change.sentence : undefined;
  const rows = Array.isArray(differences) ? differences.filter(isRecord) : [];
  const show = (value: unknown) => (value === undefined ? '(empty)' : JSON.stringify(value));
  return [
    ...(typeof sentence === 'string' ? [sentence] : []),
    ...rows.map(({ member, before, after }) => `  ${String(member)}: ${show(before)} -> ${show(after)}`),
    ...(typeof change_id === 'string' ? [`change id ${change_id}`] : []),
    ...(isRecord(record) && record.id !== undefined ? [`record id ${String(record.id)}`] : []),
    ...(typeof link === 'string' ? [link] : []),
  ];
}
