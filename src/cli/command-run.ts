import { GatewayError } from '../core/errors.ts';
import { defined, isRecord } from '../core/json.ts';
import {
  type CallResult,
  type CallState,
  confirmedResult,
  orUnchanged,
  renderCall,
  type ToolContext,
  wordsForTerminal,
} from '../gateway/index.ts';
import {
  findAskedColumns,
  leadingMembers,
  maxExportRows,
  pickColumns,
  type ResultTable,
  type RowSource,
  type StoredRows,
  shownColumns,
} from '../results/index.ts';

/** What a call came to for a person or a script: all its rows, and nothing cut for a model. */
export interface CommandRun {
  state: CallState;
  /** Starts with COMPLETE, PARTIAL, SENT or NOT SENT. */
  outcome: string;
  notes: readonly string[];
  /** Of a list: all rows that were read, or the result of the SQL query over them, to be read before the gateway closes. */
  table?: RowSource;
  /** Other members of the answer: a record, a change and its id. */
  more: Record<string, unknown>;
  /** What is printed where there is no table: lines, or a value as JSON. */
  printed: { lines: readonly string[] } | { value: unknown };
  next?: string;
}

interface RunParts {
  context: ToolContext;
  /** The SQL query that the call was made with. */
  sql: string | undefined;
  /** Columns to put first, as `fields` named them. */
  fields?: string | undefined;
  /** Sends the change that the call prepared. */
  confirm: boolean;
  signal: AbortSignal;
}

/**
 * Makes a call as the tools make it; the rows of a list are read from the table that it kept.
 * @throws GatewayError `cancelled` where the signal ended it, so that no part of an answer passes for the whole
 */
export async function runForTerminal(parts: RunParts, call: () => Promise<CallResult>): Promise<CommandRun> {
  const { context, confirm, signal } = parts;
  const result = await call().catch((error: unknown) => {
    throw error instanceof GatewayError && error.code === 'cancelled' ? stopped(error) : error;
  });
  if (result.what === 'prepared' && confirm) return confirmForTerminal(context, result.change.changeId, signal);
  // A write is reported even if it was cancelled afterwards.
  if (isWrite(result)) return plainRun(result);
  if (signal.aborted) throw stopped();
  return result.what === 'rows' && result.table !== undefined
    ? tableRun(parts, result.table, result)
    : plainRun(result);
}

const isWrite = ({ what }: CallResult) => ['prepared', 'unchanged', 'sent', 'many'].includes(what);

/** Sends a prepared change; one of many records to its end, where a tool would answer after 40 s. */
export async function confirmForTerminal(
  context: ToolContext,
  changeId: string,
  signal: AbortSignal,
): Promise<CommandRun> {
  const changes = await context.changes();
  for (;;) {
    const confirmed = await orUnchanged(() => changes.confirm(changeId, signal));
    if (!('kind' in confirmed)) return plainRun(confirmed);
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

async function tableRun(
  parts: RunParts,
  name: string,
  { notes, advice }: Pick<CallResult, 'notes' | 'advice'>,
): Promise<CommandRun> {
  const { context, sql, signal } = parts;
  const store = await context.results();
  const found = await store.rows(sql ?? 'select * from it', { maxRows: maxExportRows, it: name, signal });
  // After the query all rows that were queued are stored and counted.
  const stored = store.tables().find((table) => table.name === name);
  if (stored === undefined) throw new GatewayError('internal', `The table ${name} is gone.`);
  const isFull = advice.some((one) => one.kind === 'read_more' && one.after === 'max-records');
  const next = stored.state === 'complete' ? '' : wordsForTerminal.advise(advice);
  return {
    state: stored.state === 'complete' && found.complete ? 'complete' : 'partial',
    outcome: describeTable(
      // The table names the argument of a tool.
      isFull ? { ...stored, reason: 'the maximum number of rows was reached' } : stored,
      { sql, answered: found.rows, isWhole: found.complete },
    ),
    notes: [...notes, ...found.notes],
    table: pickColumns(found, columnsOf(found, parts)),
    more: {},
    printed: { lines: [] },
    ...(next !== '' && { next }),
  };
}

function describeTable(
  { state, rows, total, reason = 'not all were read' }: ResultTable,
  { sql, answered, isWhole }: { sql: string | undefined; answered: number; isWhole: boolean },
): string {
  const read = rows.toLocaleString('en');
  const of = total === undefined ? 'more' : total.toLocaleString('en');
  const sentences = [
    state === 'complete'
      ? `${read} ${rows === 1 ? 'row' : 'rows'}.`
      : `${read} of ${of} rows; ${reason.replace(/\.$/, '')}.`,
  ];
  const count = answered.toLocaleString('en');
  if (sql !== undefined) sentences.push(`The query returned ${count} ${answered === 1 ? 'row' : 'rows'}.`);
  if (!isWhole) sentences.push(`Only the first ${count} are given.`);
  return `${state === 'complete' && isWhole ? 'COMPLETE' : 'PARTIAL'}: ${sentences.join(' ')}`;
}

/** The columns of the rows to show, by index and in their order. */
function columnsOf({ columns, areSame }: StoredRows, { sql, fields }: RunParts): number[] {
  const shown = shownColumns(columns, sql ?? '*', areSame);
  return sql === undefined ? orderColumns(columns, shown, fields) : shown;
}

/**
 * The columns that `fields` named, in its order: others are read for the gateway's own use, such as the id that pagination
 * needs. Without `fields`, the columns that people look for come first. A column that no row fills stays: a program that
 * reads the file each night finds the same columns each time.
 */
function orderColumns(columns: readonly string[], shown: readonly number[], fields: string | undefined): number[] {
  if (fields !== undefined) return findAskedColumns(columns, fields.split(','));
  const leading = leadingMembers.map((name) => name.replaceAll('/', '_').toLowerCase());
  const first = leading.flatMap((name) => shown.find((at) => columns[at]?.toLowerCase() === name) ?? []);
  return [...new Set([...first, ...shown])];
}

export function plainRun(result: CallResult): CommandRun {
  const {
    outcome,
    notes = [],
    next,
    change_id,
    image: _,
    expires_at: __,
    ...members
  } = renderCall(result, wordsForTerminal);
  const more = { ...members, ...defined({ change_id }) };
  const run = { state: result.state, outcome, notes, more, printed: toPrint(result, more) };
  return { ...run, ...defined({ next }) };
}

function toPrint(result: CallResult, more: Record<string, unknown>): CommandRun['printed'] {
  if (isWrite(result)) return { lines: renderChange(more) };
  switch (result.what) {
    case 'file':
      return { lines: [result.path ?? []].flat() };
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
