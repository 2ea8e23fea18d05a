import { isWrite } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import {
  argumentsOf,
  type FoundQuery,
  foldText,
  renderArgument,
  renderType,
  type SavedQuery,
} from '../../memory/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import { type Call, requireEndpoint } from './call.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { CallResult } from './result.ts';
import { fillSavedQuery } from './saved-query.ts';

/** Words that match less are about something else. */
const leastScore = 0.3;
/** A clear match shares most of the words, and is well ahead of the next. */
const clearScore = 0.6;
const clearLead = 0.15;
const sameScore = 0.93;
const sameLead = 0.02;

export type FoundSaved = { kind: 'one'; query: SavedQuery } | { kind: 'several'; queries: readonly SavedQuery[] };

/**
 * The saved query that an id, a name or words mean, or those that they may mean.
 * @throws GatewayError `unknown_query`
 */
export async function findSavedQuery(context: ToolContext, text: string): Promise<FoundSaved> {
  const memory = await context.memory();
  const named = /^#?\d+$/.test(text) ? memory.find(Number(text.replace('#', ''))) : memory.findNamed(text);
  if (named !== undefined) return { kind: 'one', query: named };
  const found = memory.search(text, 5).filter(({ score }) => score >= leastScore);
  const [best] = found;
  if (best === undefined) {
    const message = `No saved query fits ${JSON.stringify(text.slice(0, 80))}; ${memory.count()} are saved.`;
    throw new GatewayError('unknown_query', message, {
      details: { field: 'query' },
      hint: { step: 'list_queries' },
    });
  }
  if (isClear(text, found) && !sendsAtOnce(context, best.query)) return { kind: 'one', query: best.query };
  return { kind: 'several', queries: found.map(({ query }) => query) };
}

function isClear(text: string, [best, ...others]: readonly FoundQuery[]): boolean {
  if (best === undefined) return false;
  // The user's own query goes before a built-in one with the same words.
  const next = others.find(({ query }) => best.query.builtIn || !query.builtIn);
  if (foldText(best.query.description) === foldText(text)) return true;
  const lead = best.score - (next?.score ?? 0);
  // All the same words, or most of them and nothing else near.
  return best.score >= sameScore ? lead >= sameLead : best.score >= clearScore && lead >= clearLead;
}

/** A write that is sent without confirmation needs more than a likely match. */
function sendsAtOnce(context: ToolContext, { method, path }: SavedQuery): boolean {
  return context.mode() === 'allow' && isWrite(method, path);
}

/** Each candidate with the arguments that it takes, for the next call. */
export async function describeCandidates(context: ToolContext, queries: readonly SavedQuery[]) {
  const catalog = await context.catalog();
  return queries.map((query) => {
    const takes = argumentsOf(query, catalog).map(
      (argument) => `${renderArgument(argument)} (${renderType(argument)})`,
    );
    return {
      query: query.name ?? String(query.id),
      description: query.description,
      ...(takes.length > 0 && { arguments: takes.join('; ') }),
    };
  });
}

export interface RunOptions {
  /** Values by name. */
  given: Readonly<Record<string, unknown>>;
  maxTokens?: number | undefined;
  /** For a terminal or a file: reads a list to its end, as a query with SQL does anyway, and cuts nothing. */
  whole?: { maxRecords: number };
}

/** Runs a saved query like any call: a write is prepared, a list becomes a table. */
export async function runSavedQuery(
  context: ToolContext,
  query: SavedQuery,
  options: RunOptions,
  signal: AbortSignal,
): Promise<CallResult> {
  try {
    const { notes, ...filled } = await fillSavedQuery(context, query, options.given, signal);
    const target = await requireEndpoint(context, query.method, filled.path);
    const result = await callEndpoint(context, toCall(target, filled, query, options), signal);
    if (!query.builtIn) (await context.memory()).countUse(query.id);
    const ran = `Saved query ${query.name ?? query.id}: “${query.description}”.`;
    return { ...result, notes: [ran, ...notes, ...result.notes] };
  } catch (error) {
    throw isBroken(error) ? brokenQuery(query, error) : error;
  }
}

function toCall(
  target: Call['target'],
  { params = {}, data }: Pick<Call, 'params' | 'data'>,
  { sql }: SavedQuery,
  { maxTokens, whole }: RunOptions,
): Call {
  return defined<Call>({
    target,
    // Never absent: then another saved query could fill them.
    params,
    data,
    strict: true,
    // A report over a part of the rows would be wrong.
    scope: whole ? { allPages: true, maxRecords: whole.maxRecords } : { allPages: sql !== undefined },
    sql,
    whole: whole && true,
    maxTokens,
  });
}

/** Errors of a query that the catalog has outgrown. Wrong values name their argument, and the query is sound. */
function isBroken(error: unknown): error is GatewayError {
  return (
    error instanceof GatewayError && ['unknown_endpoint', 'invalid_conditions', 'invalid_sql'].includes(error.code)
  );
}

function brokenQuery({ id, description }: SavedQuery, error: GatewayError): GatewayError {
  return new GatewayError(error.code, `Saved query ${id} (“${description}”) is broken: ${error.message}`, {
    hint: { step: 'save_query_again', id },
    details: error.details,
    cause: error,
  });
}
