import type { ManyRecords, ManySent } from '../../changes/change.ts';
import { fitList } from '../../core/budget.ts';
import type { ResultTable } from '../../results/result-store.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { ReplyMembers } from './render.ts';
import type { Advice, ManyResult } from './result.ts';

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

/** How far a change of many records has come; `table` is where the results of all of them are kept. */
export function manyResult(many: ManySent, table?: string): ManyResult {
  const isWhole = many.counts.sent === many.results.length;
  return {
    what: 'many',
    state: isWhole ? 'sent' : stateOf[many.state],
    many,
    notes: [],
    advice: [...adviseOnMany(many), ...(table === undefined ? [] : [{ kind: 'query_results', table } as const])],
  };
}

const stateOf = { running: 'sending', finished: 'part_sent', stopped: 'stopped' } as const;

function adviseOnMany({ state, change: { changeId, method }, counts: { failed, waiting } }: ManySent): Advice[] {
  if (state === 'running') return [{ kind: 'see_sending', changeId }];
  const parts: Advice = { kind: 'see_parts', changeId };
  if (failed + waiting > 0) return [{ kind: 'confirm_rest', changeId }, parts];
  return method === 'PATCH' ? [{ kind: 'undo', changeId }, parts] : [{ ...parts, undoEach: true }];
}

/** What a reply shows of it: what did not go well first. */
export function manyMembers({ change, results }: ManySent): ReplyMembers {
  const badFirst = [...results].sort((one, other) => rank(one.state) - rank(other.state));
  const rows = fitList(
    badFirst.map(({ id, state: of, detail = '' }) => [id, of, detail.slice(0, 160)]),
    3_000,
  );
  return {
    change: { sentence: change.sentence },
    change_id: change.changeId,
    table: { columns: ['id', 'state', 'detail'], rows },
    ...(rows.length < results.length ? { more_rows: results.length - rows.length } : {}),
  };
}

const rank = (state: ManySent['results'][number]['state']): number =>
  ['unknown', 'failed', 'stale', 'sending', 'waiting', 'sent'].indexOf(state);
