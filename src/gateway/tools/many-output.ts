import type { ManyRecords, ManySent } from '../../changes/change.ts';
import type { ResultTable } from '../../results/result-store.ts';
import { fitList } from '../../results/shorten.ts';
import type { CallOutput } from './call-output.ts';
import type { ToolContext } from './tool.ts';

/** Rows of a table that is not the last word: the journal has them all. */
const maxRowBytes = 700;

/** The preview of a change of many records: its kinds, its outliers, and the first rows. */
export function manyPreview({ count, groups, leftOut, rows }: ManyRecords): Record<string, unknown> {
  const shown = fitList(rows, maxRowBytes);
  const outliers = groups.flatMap(({ change, ids }) => (ids === undefined ? [] : [`${ids.join(', ')}: ${change}`]));
  const differences = {
    ...(groups.length > 1
      ? {
          kinds: fitList(
            groups.map((group) => `${group.count}: ${group.change}`),
            250,
          ),
        }
      : {}),
    ...(outliers.length > 0 && outliers.length < groups.length ? { unlike_the_others: fitList(outliers, 250) } : {}),
    ...(leftOut.length > 0 ? { left_out: describeLeftOut(leftOut) } : {}),
  };
  return {
    records: count,
    ...(Object.keys(differences).length > 0 ? { differences } : {}),
    table: { columns: ['id', 'title', 'change'], rows: shown.map((row) => [...row]) },
    ...(shown.length < rows.length ? { more_rows: rows.length - shown.length } : {}),
  };
}

/** Each reason once, with its ids. */
function describeLeftOut(leftOut: ManyRecords['leftOut']): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, reason } of leftOut) byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  const lines = [...byReason].map(([reason, ids]) => {
    const named = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
    return `${named}: ${reason}`;
  });
  return fitList(lines, 300);
}

const words = { running: 'SENDING', finished: 'SENT', stopped: 'STOPPED' } as const;

/** What became of each record, as a table for SQL; none while it is still being sent. */
export async function keepResults(
  context: ToolContext,
  { change, state, results, reason }: ManySent,
): Promise<ResultTable | undefined> {
  if (state === 'running') return undefined;
  const writer = (await context.results()).begin({
    noun: 'results',
    request: `confirm_api_write ${change.changeId}`,
    schema: undefined,
    findSchema: () => undefined,
  });
  // A column for the number of the record where it has one, so that the table joins with those that were read.
  writer.append(results.map(({ id, state: of, detail = null }) => ({ id: toNumber(id), state: of, detail })));
  writer.finish(reason === undefined ? { state: 'complete' } : { state: 'partial', reason });
  return writer.table;
}

const toNumber = (id: string): number | string => (/^\d{1,15}$/.test(id) ? Number(id) : id);

/** How far a change of many records has come, with what did not go well first, and where all of it is kept. */
export function manyOutput({ change, state, counts, results, reason }: ManySent, table?: ResultTable): CallOutput {
  const told = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  const isWhole = counts.sent === results.length;
  const badFirst = [...results].sort((one, other) => rank(one.state) - rank(other.state));
  const rows = fitList(
    badFirst.map(({ id, state: of, detail = '' }) => [id, of, detail.slice(0, 160)]),
    3_000,
  );
  const { changeId } = change;
  return {
    outcome: `${isWhole ? 'SENT' : `PARTIAL, ${words[state]}`}: ${told.join(', ')} of ${results.length} records.${reason === undefined ? '' : ` ${reason}`}`,
    change: { sentence: change.sentence },
    change_id: changeId,
    table: { columns: ['id', 'state', 'detail'], rows },
    ...(rows.length < results.length ? { more_rows: results.length - rows.length } : {}),
    next: [
      nextStep(state, change, counts),
      ...(table ? [`query_results over ${table.name} asks all results.`] : []),
    ].join(' '),
  };
}

const rank = (state: ManySent['results'][number]['state']): number =>
  ['unknown', 'failed', 'stale', 'sending', 'waiting', 'sent'].indexOf(state);

function nextStep(
  state: ManySent['state'],
  { changeId, method }: ManySent['change'],
  { failed, waiting }: ManySent['counts'],
): string {
  const list = `execute_api_call GET /gateway/changes with params part_of ${JSON.stringify(changeId)} lists the records`;
  if (state === 'running')
    return `It goes on in the background. Call confirm_api_write with the same change_id to see how far it is.`;
  if (failed + waiting > 0)
    return `confirm_api_write with the same change_id goes on with what was not sent; what was sent or is unknown is not repeated. ${list}.`;
  return method === 'PATCH'
    ? `To take it back: execute_api_call POST /gateway/changes/${changeId}/undo. ${list}.`
    : `${list}; each can be taken back by its own undo.`;
}
