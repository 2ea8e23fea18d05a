import { GatewayError } from '../errors.ts';
import { type CallOfQuery, type FilledCall, fillQuery, placesOf } from '../memory/holes/fill-query.ts';
import { sampleOf } from '../memory/holes/place.ts';
import { resolveHoles } from '../memory/holes/resolve-holes.ts';
import type { SavedQuery } from '../memory/saved-query.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { CallOutput } from './call-output.ts';
import { requireEndpoint } from './require-endpoint.ts';
import type { ToolContext } from './tool.ts';

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
  const catalog = await context.catalog();
  const { places } = placesOf(query, catalog, sampleOf);
  const values = await resolveHoles(
    places,
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
  return { ...fillQuery(query, catalog, values), notes: [...notes] };
}

/** Runs a saved query the way of any call: a write is prepared, a list becomes a table. */
export async function runSavedQuery(
  context: ToolContext,
  query: SavedQuery,
  { given, maxTokens }: { given: Readonly<Record<string, unknown>>; maxTokens?: number | undefined },
  signal: AbortSignal,
): Promise<CallOutput> {
  const { call, target } = await findTarget(context, query, given, signal);
  const output = await callEndpoint(
    context,
    {
      target,
      // Never absent: what is not saved with this query must not be filled in from another.
      params: call.params ?? {},
      data: call.data,
      strict: true,
      // A report over a part of the rows would be wrong.
      scope: { allPages: query.sql !== undefined },
      ...(query.sql === undefined ? {} : { sql: query.sql }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
    },
    signal,
  );
  if (!query.builtIn) (await context.memory()).countUse(query.id);
  const ran = `Saved query ${query.name ?? query.id}: “${query.description}”.`;
  return { ...output, notes: [ran, ...call.notes, ...(output.notes ?? [])] };
}

async function findTarget(
  context: ToolContext,
  query: SavedQuery,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
) {
  try {
    const call = await fillSavedQuery(context, query, given, signal);
    return { call, target: await requireEndpoint(context, query.method, call.path) };
  } catch (error) {
    // The catalog may have changed since it was saved; wrong values name their argument and are no fault of the query.
    const broken =
      error instanceof GatewayError && (error.code === 'unknown_endpoint' || error.code === 'invalid_conditions');
    if (!broken) throw error;
    throw new GatewayError(error.code, `Saved query ${query.id} (“${query.description}”) is broken: ${error.message}`, {
      hint: `Save it anew, corrected; delete_from_fast_memory ${query.id} removes this one.`,
      details: error.details,
      cause: error,
    });
  }
}

/** Who `{me}` is. */
async function readMember(context: ToolContext, signal: AbortSignal): Promise<string> {
  const request = { pathValues: {}, query: {}, body: undefined, signal };
  const me = (await context.local.run('GET', '/gateway/me', request)) as { member?: unknown };
  if (typeof me.member === 'string') return me.member;
  throw new GatewayError('invalid_argument', 'The saved query is about you, and nobody said who you are.', {
    details: { field: 'arguments/me' },
    hint: 'Ask the user for their member id, then execute_api_call PUT /gateway/me with data {"member": "jdoe"}.',
  });
}
