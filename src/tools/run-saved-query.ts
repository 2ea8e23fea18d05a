import { GatewayError } from '../errors.ts';
import type { SavedQuery } from '../memory/saved-query.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { CallOutput } from './call-output.ts';
import { fillSavedQuery } from './fill-saved-query.ts';
import { requireEndpoint } from './require-endpoint.ts';
import type { ToolContext } from './tool.ts';

export interface RunOptions {
  /** Values by name. */
  given: Readonly<Record<string, unknown>>;
  maxTokens?: number | undefined;
  /** Reads a list to its end, as a query with SQL does anyway. */
  allPages?: boolean;
}

/** Runs a saved query the way of any call: a write is prepared, a list becomes a table. */
export async function runSavedQuery(
  context: ToolContext,
  query: SavedQuery,
  { given, maxTokens, allPages = false }: RunOptions,
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
      scope: { allPages: allPages || query.sql !== undefined },
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
