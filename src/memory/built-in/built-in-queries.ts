import type { SavedQuery } from '../saved-query.ts';
import { aboutClients } from './about-clients.ts';
import { aboutTickets } from './about-tickets.ts';
import { aboutTime } from './about-time.ts';
import type { BuiltInQuery } from './built-in-query.ts';

/** No file counts that far, so that these ids and those of the user's own queries never meet. */
const firstId = 900_000_001;

/** The reads among the thirty everyday jobs (CW 7). */
export const builtInQueries: readonly SavedQuery[] = [...aboutTickets, ...aboutTime, ...aboutClients].map(toSavedQuery);

function toSavedQuery({ job: _, ...query }: BuiltInQuery, at: number): SavedQuery {
  return { ...query, id: firstId + at, method: 'GET', timestamp: 0, usageCount: 0, builtIn: true };
}
