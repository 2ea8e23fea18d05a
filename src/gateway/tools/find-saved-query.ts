import { isWrite } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import {
  argumentsOf,
  type FoundQuery,
  foldText,
  renderArgument,
  renderType,
  type SavedQuery,
} from '../../memory/index.ts';
import type { ToolContext } from './tool.ts';

/** Words that fit less are about something else. */
const leastScore = 0.3;
/** A clear match shares most of the words, and is well ahead of the next. */
const clearScore = 0.6;
const clearLead = 0.15;
const sameScore = 0.93;
const sameLead = 0.02;

export type FoundSaved = { kind: 'one'; query: SavedQuery } | { kind: 'several'; queries: readonly SavedQuery[] };

/**
 * What an id, a name or words mean among the saved queries.
 * @throws GatewayError `unknown_query`
 */
export async function findSavedQuery(context: ToolContext, text: string): Promise<FoundSaved> {
  const memory = await context.memory();
  const named = /^#?\d+$/.test(text) ? memory.find(Number(text.replace('#', ''))) : memory.findNamed(text);
  if (named !== undefined) return { kind: 'one', query: named };
  const found = memory.search(text, 5).filter(({ score }) => score >= leastScore);
  const [best] = found;
  if (best === undefined) {
    const total = memory.count();
    throw new GatewayError(
      'unknown_query',
      `No saved query fits ${JSON.stringify(text.slice(0, 80))}; ${total} are saved.`,
      {
        details: { field: 'query' },
        hint: 'natural_language_api_search finds the endpoint; list_fast_memory names what is saved.',
      },
    );
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

/** Each candidate with what it takes, for the next call. */
export async function describeCandidates(context: ToolContext, queries: readonly SavedQuery[]) {
  const catalog = await context.catalog();
  return queries.map((query) => {
    const takes = argumentsOf(query, catalog).map(
      (argument) => `${renderArgument(argument)} (${renderType(argument)})`,
    );
    return {
      query: query.name ?? String(query.id),
      description: query.description,
      ...(takes.length === 0 ? {} : { arguments: takes.join('; ') }),
    };
  });
}
