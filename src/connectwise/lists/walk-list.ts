import { GatewayError } from '../../core/errors.ts';
import type { ConnectWiseAnswer } from '../client.ts';
import type { Query } from '../query-members.ts';
import { conditionsOf, type IdRange, readRanges, type SendPage } from './id-ranges.ts';
import { brokenOff, complete, type ListEnd, partial } from './list-end.ts';
import type { ListPlan } from './list-plan.ts';
import { withQuery } from './list-request.ts';
import { readNumberedPages } from './numbered-pages.ts';
import type { Tally } from './tally.ts';

export type Pages = AsyncGenerator<readonly unknown[], ListEnd, void>;

/** A list whose first page has been read. */
export interface Reading {
  send: SendPage;
  plan: ListPlan;
  tally: Tally;
  maxRecords: number;
  /** Undefined where ConnectWise cannot tell. */
  countAll(): Promise<number | undefined>;
}

/** Pages 2, 3, … in their order. */
export async function* readByNumber(reading: Reading): Pages {
  const { send, plan, tally, maxRecords } = reading;
  const { page, pageSize } = plan;
  const skipped = (page - 1) * pageSize;
  const { total = Number.POSITIVE_INFINITY } = tally.progress;
  const last = Math.ceil(Math.min(total, skipped + maxRecords) / pageSize);
  const fetchPage = async (number: number) => rowsOf(await send(withQuery(plan.first, { page: String(number) })));
  const { take } = tally;
  const { isShort, failed } = yield* readNumberedPages({ from: page + 1, last, pageSize, fetchPage, take });
  if (failed !== undefined) return brokenOff(tally.progress, failed.failure, goOnAt(plan, failed.page));
  const { rows } = tally.progress;
  const isAtLimit = rows >= maxRecords && !isShort && total !== skipped + rows;
  if (tally.isCut || isAtLimit) {
    return partial(tally.progress, 'max-records', goOnAt(plan, Math.floor((skipped + rows) / pageSize) + 1));
  }
  // Where a record goes, the others slip to places that were read already, and a new one hides that from a count.
  const isSteady = (after: number) => after === total || (plan.byId && after > total);
  return conclude(reading, (after) => isSteady(after) && after === skipped + rows);
}

/** Four ranges of ids side by side. */
export async function* readByRanges(reading: Reading, ranges: readonly IdRange[]): Pages {
  const { send, plan, tally } = reading;
  const { pageSize, first: request } = plan;
  const { left, failure } = yield* readRanges({ send, request, ranges, pageSize, take: tally.take });
  const goOn = (open: readonly IdRange[]) => ({ conditions: conditionsOf(plan.first, open), page: '1' });
  if (failure !== undefined) return brokenOff(tally.progress, failure, goOn(left));
  const upTo = ranges.at(-1)?.upTo;
  if (upTo !== undefined) return partial(tally.progress, 'max-records', goOn([{ after: upTo }]));
  // Nothing slips past a walk over ids; records that went since are no lack.
  return conclude(reading, (after) => after <= tally.progress.rows);
}

/** Counts again before it says that all was read. */
async function conclude(reading: Reading, isWhole: (after: number) => boolean): Promise<ListEnd> {
  const { plan, tally } = reading;
  const { total } = tally.progress;
  if (total !== undefined) {
    const after = (await reading.countAll()) ?? total;
    tally.setTotal(after);
    if (!isWhole(after)) return partial(tally.progress, 'changed');
  }
  return plan.page === 1 ? complete(tally.progress) : partial(tally.progress, 'page');
}

/** What reads a list from a page on. */
export function goOnAt({ pageSize }: ListPlan, page: number): Query {
  return { page: String(page), pageSize: String(pageSize) };
}

function rowsOf({ body }: ConnectWiseAnswer): readonly unknown[] {
  if (Array.isArray(body)) return body;
  throw new GatewayError('unreadable_answer', 'A page of the list is no list.');
}
