import type { JoinEnd } from '../../connectwise/lists/join-lists.ts';
import type { ListEnd } from '../../connectwise/lists/list-end.ts';

/** How a reading ended, in words. */
export interface ReadingEnd {
  state: 'complete' | 'partial';
  /** Why it is partial: a clause without a full stop. */
  reason?: string;
  /** What reads the rest. */
  next?: string;
  /** Rows there are, where ConnectWise could count them. */
  total?: number;
  notes?: readonly string[];
}

/** What the end of one list means for the reader. */
export function describeListEnd(end: ListEnd): ReadingEnd {
  const total = end.total === undefined ? {} : { total: end.total };
  if (end.state === 'complete' || end.state === 'not-a-list') return { state: 'complete', ...total };
  const { reason, goOn, failure } = end;
  const goOnWith = goOn === undefined ? '' : `go on with params ${JSON.stringify(goOn)}, or `;
  switch (reason) {
    case 'more':
      return {
        state: 'partial',
        ...total,
        reason: 'one page was read',
        next: `all_pages true reads the rest; or ${goOnWith}narrow with conditions.`,
      };
    case 'page':
      return { state: 'partial', ...total, reason: 'a page in the middle was asked for' };
    case 'max-records':
      return {
        state: 'partial',
        ...total,
        reason: 'max_records was reached',
        next: 'Narrow with conditions, or raise max_records.',
      };
    case 'cancelled':
      return { state: 'partial', ...total, reason: 'the call was cancelled', next: `${goOnWith}call again.` };
    case 'changed':
      return {
        state: 'partial',
        ...total,
        reason: 'records came or went while they were read, so that some may be missing',
        next: 'Call again for an exact answer.',
      };
    case 'failed':
      return {
        state: 'partial',
        ...total,
        reason: `page ${end.pages + 1} failed: ${failure?.message ?? 'unknown'}`.replace(/\.$/, ''),
        next: `${goOnWith}call again: what was read is kept.`,
      };
  }
}

/** At most this many of the lists that were not read are named. */
const namedAtMost = 5;

/** What the end of many lists means. */
export function describeJoinEnd({ state, open, lists, of }: JoinEnd): ReadingEnd {
  if (state === 'complete')
    return { state, notes: [`${of} lists were read into one; parentId says whose each row is.`] };
  const named = open
    .slice(0, namedAtMost)
    .map(({ parent, reason, failure }) => `${parent}: ${failure?.message ?? reason}`);
  const rest = open.length > named.length ? ` and ${open.length - named.length} more` : '';
  return {
    state: 'partial',
    reason: `${lists} of ${of} lists were read to their end`,
    notes: [`Not read to their end: ${named.join('; ')}${rest}.`],
    next: 'Call again with for_each holding the ids that are missing.',
  };
}
