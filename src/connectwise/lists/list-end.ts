import type { GatewayError } from '../../core/errors.ts';
import type { ConnectWiseAnswer } from '../client.ts';
import type { Query } from '../query-members.ts';

/** How far a list has been read. */
export interface ListProgress {
  pages: number;
  rows: number;
  /** How many there are, where ConnectWise could count them. */
  total?: number;
}

/**
 * `more`: one page was asked for and there are others. `page`: another page than the first was asked for, and it or all
 * from it on were read. `changed`: records came or went in the meantime, so that some may be missing.
 */
export type PartialReason = 'more' | 'page' | 'max-records' | 'failed' | 'cancelled' | 'changed';

interface PartialList {
  state: 'partial';
  reason: PartialReason;
  /** Query members which, put over those of the request, read what is left; absent where that is not known. */
  goOn?: Query;
  failure?: GatewayError;
}

/** What a reading of a list ends with. Whatever was read before a failure stays read. */
export type ListEnd = ListProgress &
  (
    | { state: 'complete' }
    | PartialList
    /** The path answers one value and no rows. */
    | { state: 'not-a-list'; answer: ConnectWiseAnswer }
  );

export function complete(progress: ListProgress): ListEnd {
  return { ...progress, state: 'complete' };
}

export function partial(progress: ListProgress, reason: PartialReason, goOn?: Query): ListEnd {
  return { ...progress, state: 'partial', reason, ...(goOn !== undefined && { goOn }) };
}

/** A page that could not be read, or was not waited for. */
export function brokenOff(progress: ListProgress, failure: GatewayError, goOn: Query): ListEnd {
  const reason = failure.code === 'cancelled' ? 'cancelled' : 'failed';
  return { ...progress, state: 'partial', reason, goOn, failure };
}
