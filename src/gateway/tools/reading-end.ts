import type { JoinEnd } from '../../connectwise/lists/join-lists.ts';
import type { ListEnd } from '../../connectwise/lists/list-end.ts';
import type { Advice } from './call-result.ts';

/** How a reading ended. */
export interface ReadingEnd {
  state: 'complete' | 'partial';
  /** Why it is partial: a clause without a full stop. */
  reason?: string;
  /** What reads the rest. */
  advice?: Advice;
  /** Rows there are, where ConnectWise could count them. */
  total?: number;
  notes?: readonly string[];
}

/** What the end of one list means for the reader. */
export function describeListEnd(end: ListEnd): ReadingEnd {
  const total = end.total === undefined ? {} : { total: end.total };
  if (end.state === 'complete' || end.state === 'not-a-list') return { state: 'complete', ...total };
  const { reason: after, goOn } = end;
  return {
    state: 'partial',
    ...total,
    reason: describeReason(end),
    ...(after === 'page' ? {} : { advice: { kind: 'read_more', after, ...(goOn === undefined ? {} : { goOn }) } }),
  };
}

function describeReason({ reason, pages, failure }: Extract<ListEnd, { state: 'partial' }>): string {
  switch (reason) {
    case 'more':
      return 'one page was read';
    case 'page':
      return 'a page in the middle was asked for';
    case 'max-records':
      return 'max_records was reached';
    case 'cancelled':
      return 'the call was cancelled';
    case 'changed':
      return 'records came or went while they were read, so that some may be missing';
    case 'failed':
      return `page ${pages + 1} failed: ${failure?.message ?? 'unknown'}`.replace(/\.$/, '');
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
    advice: { kind: 'read_missing' },
  };
}
