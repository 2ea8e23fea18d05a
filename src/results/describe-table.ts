import type { ResultTable } from './result-store.ts';

/** What an answer rests on, as replies say it. */
export type TableNote = {
  table: string;
  request: string;
  rows: number;
  /** COMPLETE, PARTIAL with the reason, or READING. */
  state: string;
  /** Such as `12 min ago`. */
  age: string;
};

const maxRequestLength = 200;

export function describeTable(table: ResultTable, now: Date): TableNote {
  const { name, request, rows } = table;
  const shown = request.length > maxRequestLength ? `${request.slice(0, maxRequestLength - 1)}…` : request;
  return { table: name, request: shown, rows, state: describeState(table), age: describeAge(table, now) };
}

function describeState({ state, rows, total, reason }: ResultTable): string {
  if (state === 'complete') return 'COMPLETE';
  if (state === 'reading') return 'READING: more rows are on their way';
  const share = total === undefined ? '' : ` ${rows} of ${total}`;
  return `PARTIAL${share}${reason === undefined ? '' : `: ${reason}`}`;
}

function describeAge({ storedAt }: ResultTable, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(storedAt)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 120) return `${minutes} min ago`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / 1440)} days ago`;
}

/** The first line over tables that do not hold all there is: sums over them are too small. Undefined where all do. */
export function describeGaps(tables: readonly ResultTable[]): string | undefined {
  const gaps = tables.filter(({ state }) => state !== 'complete');
  if (gaps.length === 0) return undefined;
  const named = gaps.map((table) => {
    const { name, rows, total, state, reason } = table;
    const many = total === undefined ? `${rows} rows, not all there are` : `${rows} of ${total} rows`;
    return `${name} holds ${many}${state === 'reading' ? ' (still being read)' : reason ? ` (${reason})` : ''}`;
  });
  return `PARTIAL: ${named.join('; ')}: counts and sums over it may be too small.`;
}
