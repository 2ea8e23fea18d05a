import type { Catalog } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { argumentsOf } from '../../memory/holes/describe-holes.ts';
import type { SavedQuery } from '../../memory/saved-query.ts';
import type { Call } from './call-endpoint.ts';
import { fillSavedQuery } from './fill-saved-query.ts';
import type { ReadRequest } from './read-endpoint.ts';
import type { ToolContext } from './tool.ts';

/** The saved query that fills a bare GET, and the request that it makes. */
export interface SavedFilter {
  saved: SavedQuery;
  request: ReadRequest;
}

/**
 * Where the caller gave a path and nothing else: the one query that was saved here for this endpoint, if it needs no
 * values. Imported ones are somebody else's idea of a filter.
 */
export async function findSavedFilter(
  context: ToolContext,
  { target, params, scope, sql }: Call,
  request: ReadRequest,
  signal: AbortSignal,
): Promise<SavedFilter | undefined> {
  const scoped =
    sql !== undefined || scope?.allPages || scope?.maxRecords !== undefined || scope?.parents !== undefined;
  const bare = request.method === 'GET' && params === undefined && !scoped && Object.keys(target.query).length === 0;
  if (!bare) return undefined;
  const own = (await context.memory()).findFor('GET', request.path).filter(({ imported }) => !imported);
  const [saved, ...others] = own;
  if (saved === undefined || others.length > 0 || saved.params === undefined) return undefined;
  if (needsValues(saved, await context.catalog())) return undefined;
  const filled = await fillSavedQuery(context, saved, {}, signal);
  return { saved, request: { ...request, query: { ...request.query, ...filled.params } } };
}

/** A broken query fills nothing either; list_fast_memory says what is wrong with it. */
function needsValues(saved: SavedQuery, catalog: Catalog): boolean {
  try {
    return argumentsOf(saved, catalog).some(({ required }) => required);
  } catch (error) {
    if (error instanceof GatewayError) return true;
    throw error;
  }
}

/** What a reply begins with where a saved query filled the call. */
export const describeFilter = ({ saved }: SavedFilter): string =>
  `FILTERED by saved query ${saved.id} (“${saved.description}”; params {} opts out).`;
