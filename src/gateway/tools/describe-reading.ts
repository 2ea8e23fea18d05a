import type { Advice, CallResult } from './call-result.ts';
import type { ListReading } from './read-list.ts';

type RowsResult = Extract<CallResult, { what: 'rows' }>;

/** A reading as the result of a call; whoever shows rows of it adds them, and what else can be done. */
export function rowsResult({ rows, end, table }: ListReading): RowsResult {
  const { state = 'reading', total, reason } = end ?? {};
  return {
    what: 'rows',
    state,
    rows,
    ...(total === undefined ? {} : { total }),
    ...(reason === undefined ? {} : { reason }),
    ...(table === undefined ? {} : { table: table.name }),
    notes: describeRemarks(rows, end),
    advice: [],
  };
}

/** What reads the rest, or asks the rows that are kept and not shown. */
export function adviseOnRows({ rows, end, table }: ListReading, shown: number): Advice[] {
  if (end === undefined) return [{ kind: 'see_reading', ...(table === undefined ? {} : { table: table.name }) }];
  const isHidden = shown < rows && table !== undefined;
  return [
    ...(end.advice === undefined ? [] : [end.advice]),
    ...(isHidden ? [{ kind: 'query_table', table: table.name, rows } as const] : []),
  ];
}

/** What the reading met, and what an empty list does not prove. */
function describeRemarks(rows: number, end: ListReading['end']): string[] {
  const empty = 'No rows among what this login may see; an empty list does not prove that there are none.';
  return [...(end?.notes ?? []), ...(rows === 0 ? [empty] : [])];
}
