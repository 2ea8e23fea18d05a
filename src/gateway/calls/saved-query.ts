import type { Catalog } from '../../catalog/index.ts';
import type { ConnectWiseRequest } from '../../connectwise/client.ts';
import { GatewayError } from '../../core/errors.ts';
import { argumentsOf, type CallOfQuery, type FilledCall, fillWith, type SavedQuery } from '../../memory/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { Call } from './call.ts';

/**
 * The call that a saved query makes with these values.
 * @throws GatewayError `invalid_argument` for values that are missing, unknown or wrong
 */
export async function fillSavedQuery(
  context: ToolContext,
  query: CallOfQuery,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<FilledCall & { notes: string[] }> {
  const notes = new Set<string>();
  const call = await fillWith(
    query,
    await context.catalog(),
    given,
    {
      lookups: () => context.lookups(),
      me: () => readMember(context, signal),
      taken: (sentence) => notes.add(sentence),
      nowMs: context.now().getTime(),
      zone: await context.zone(),
    },
    signal,
  );
  return { ...call, notes: [...notes] };
}

/** Who `{me}` is. */
async function readMember(context: ToolContext, signal: AbortSignal): Promise<string> {
  const request = { pathValues: {}, query: {}, body: undefined, signal };
  const me = (await context.local.run('GET', '/gateway/me', request)) as { member?: unknown };
  if (typeof me.member === 'string') return me.member;
  throw new GatewayError('invalid_argument', 'The saved query needs your member id, which is not known.', {
    details: { field: 'arguments/me' },
    hint: 'Ask the user for their member id, then execute_api_call PUT /gateway/me with data {"member": "jdoe"}.',
  });
}

/** The saved query that fills a bare GET, and the request that it makes. */
interface SavedFilter {
  saved: SavedQuery;
  request: ConnectWiseRequest;
}

/**
 * Where the caller gave a path and nothing else: the one query that was saved here for this endpoint, if it needs no
 * values. Imported ones are somebody else's idea of a filter.
 */
export async function findSavedFilter(
  context: ToolContext,
  { target, params, scope, sql }: Call,
  request: ConnectWiseRequest,
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
