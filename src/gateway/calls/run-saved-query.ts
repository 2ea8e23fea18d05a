import { GatewayError } from '../../core/errors.ts';
import type { SavedQuery } from '../../memory/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import { callEndpoint } from './call.ts';
import type { CallResult } from './result.ts';
import { fillSavedQuery } from './saved-query.ts';
import { requireEndpoint } from './target.ts';

export interface RunOptions {
  /** Values by name. */
  given: Readonly<Record<string, unknown>>;
  maxTokens?: number | undefined;
  /** For a terminal or a file: reads a list to its end, as a query with SQL does anyway, and cuts nothing. */
  whole?: { maxRecords: number; sql: string };
}

/** Runs a saved query the way of any call: a write is prepared, a list becomes a table. */
export async function runSavedQuery(
  context: ToolContext,
  query: SavedQuery,
  options: RunOptions,
  signal: AbortSignal,
): Promise<CallResult> {
  try {
    const { result, notes } = await call(context, query, options, signal);
    if (!query.builtIn) (await context.memory()).countUse(query.id);
    const ran = `Saved query ${query.name ?? query.id}: “${query.description}”.`;
    return { ...result, notes: [ran, ...notes, ...result.notes] };
  } catch (error) {
    throw isBroken(error) ? brokenQuery(query, error) : error;
  }
}

async function call(
  context: ToolContext,
  query: SavedQuery,
  { given, maxTokens, whole }: RunOptions,
  signal: AbortSignal,
): Promise<{ result: CallResult; notes: readonly string[] }> {
  const { path, params = {}, data, notes } = await fillSavedQuery(context, query, given, signal);
  const result = await callEndpoint(
    context,
    {
      target: await requireEndpoint(context, query.method, path),
      // Never absent: what is not saved with this query must not be filled in from another.
      params,
      data,
      strict: true,
      // A report over a part of the rows would be wrong.
      scope: whole ? { allPages: true, maxRecords: whole.maxRecords } : { allPages: query.sql !== undefined },
      ...(whole ? { whole: true, sql: whole.sql } : query.sql === undefined ? {} : { sql: query.sql }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
    },
    signal,
  );
  return { result, notes };
}

/** The catalog may have changed since it was saved; wrong values name their argument and are no fault of the query. */
function isBroken(error: unknown): error is GatewayError {
  return (
    error instanceof GatewayError && ['unknown_endpoint', 'invalid_conditions', 'invalid_sql'].includes(error.code)
  );
}

function brokenQuery({ id, description }: SavedQuery, error: GatewayError): GatewayError {
  return new GatewayError(error.code, `Saved query ${id} (“${description}”) is broken: ${error.message}`, {
    hint: `Save it again, corrected; delete_from_fast_memory ${id} removes this one.`,
    details: error.details,
    cause: error,
  });
}
