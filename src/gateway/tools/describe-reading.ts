import type { ListReading } from './read-list.ts';

/** COMPLETE or PARTIAL, of how many, and where the rows are kept: the first line of the reply to a list. */
export function describeOutcome({ rows, end, table }: ListReading): string {
  const count = rows.toLocaleString('en');
  const where = table ? ` in ${table.name}` : '';
  if (end?.state === 'complete') return `COMPLETE: ${count} ${rows === 1 ? 'row' : 'rows'}${where}.`;
  if (end === undefined) return `PARTIAL: ${count} rows so far${where}; reading goes on in the background.`;
  const of = end.total === undefined ? 'more' : end.total.toLocaleString('en');
  return `PARTIAL: ${count} of ${of} rows${where}; ${end.reason ?? 'not all were read'}.`;
}

/** What reads the rest, or what asks the rows that are kept and not shown. */
export function adviseNext({ rows, end, table }: ListReading, shown: number): string | undefined {
  const query = shown < rows && table ? `query_results with SQL over ${table.name} asks all ${rows} rows.` : undefined;
  if (end === undefined) return `Ask again later: query_results over ${table?.name ?? 'the table'} says how far it is.`;
  return [end.next, query].filter(Boolean).join(' ') || undefined;
}

/** What the reading met, and what an empty list does not prove. */
export function describeRemarks({ rows, end }: ListReading): string[] {
  const notes = [...(end?.notes ?? [])];
  if (rows === 0)
    notes.push('No rows among what this login may see; an empty list does not prove that there are none.');
  return notes;
}
