import type { ConnectWiseRequest } from './client.ts';
import { findFilter, joinConditions } from './lists/list-request.ts';

const dayMs = 86_400_000;
const days = 90;
/** An error is bound to 300 tokens. */
const longestConditions = 500;

/**
 * The conditions of a query that took too long, with those records left out that nobody touched for three months: what
 * is indexed by date is found quickly, whatever else is searched for (CW 6.3). Undefined where there is nothing to
 * narrow, or a bound stands there already.
 */
export function boundByDate(request: ConnectWiseRequest, now: Date): string | undefined {
  const conditions = findFilter(request, 'conditions')?.trim() ?? '';
  if (conditions === '' || /\b(?:lastUpdated|dateEntered)\b/i.test(conditions)) return undefined;
  const from = new Date(Math.floor((now.getTime() - days * dayMs) / dayMs) * dayMs);
  // Whole seconds: some members refuse milliseconds (CW 5.6.2).
  const bounded = joinConditions(conditions, `lastUpdated >= [${from.toISOString().replace('.000Z', 'Z')}]`);
  return bounded.length <= longestConditions ? bounded : undefined;
}
