import { isWrite } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { unlessStorageFails } from '../../core/storage.ts';
import { simplified } from '../../core/text.ts';
import {
  type Argument,
  argumentsAt,
  argumentsOf,
  datesFor,
  type FoundQuery,
  findOpenWords,
  foldText,
  placesOf,
  renderArgument,
  renderType,
  type SavedQuery,
  sampleOf,
  withAlike,
} from '../../memory/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import { type Call, requireEndpoint } from './call.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { CallResult } from './result.ts';
import { fillSavedQuery, sayUsed } from './saved-query.ts';

/** Words that match less are about something else. */
const leastScore = 0.3;
/** A clear match shares most of the words, and is well ahead of the next. */
const clearScore = 0.6;
const clearLead = 0.15;
const sameScore = 0.93;
const sameLead = 0.02;

/** The words that endpoints are found by, so that a saved query is found by the same. */
export async function recordNames(context: ToolContext): Promise<(stem: string) => string | undefined> {
  return (await context.searchIndex()).vocabulary.nameFor;
}

/** Values by the names of placeholders. */
type Values = Readonly<Record<string, unknown>>;

export type FoundSaved =
  /** `given` with the values that the words name. */
  | { kind: 'one'; query: SavedQuery; given: Values }
  /** `first` are values for the first of them; `open` is what the words say and it does not. */
  | { kind: 'several'; queries: readonly SavedQuery[]; first: Values; open: readonly string[] };

/**
 * The saved query that an id, a name or words mean, or those that they may mean. Words name a query only where all of
 * them are its own or become a value: what was left out could be what the request is about.
 * @param given values that the caller names
 * @throws GatewayError `unknown_query`
 */
export async function findSavedQuery(
  context: ToolContext,
  text: string,
  given: Values,
  signal: AbortSignal,
): Promise<FoundSaved> {
  const memory = await context.remembered();
  const named = /^#?\d+$/.test(text) ? memory.find(Number(text.replace('#', ''))) : memory.findNamed(text);
  if (named !== undefined) return { kind: 'one', query: named, given };
  const found = memory.search(text, 5, await recordNames(context)).filter(({ score }) => score >= leastScore);
  const [best] = found;
  if (best === undefined) {
    // Where the user's own queries cannot be read, that is the reason.
    await context.memory();
    const message = `No saved query fits ${JSON.stringify(text.slice(0, 80))}; ${memory.count()} are saved.`;
    throw new GatewayError('unknown_query', message, {
      details: { field: 'query' },
      hint: { step: 'list_queries' },
    });
  }
  const queries = withAlike(
    memory,
    await context.catalog(),
    found.map(({ query }) => query),
  );
  const [first = best.query] = queries;
  const { values, open } = await readValues(context, first, { text, given }, signal);
  // The user's own query of the same meaning goes before a built-in one: which of them is meant, only they know.
  const isMeant = first === best.query && isClear(text, found) && open.length === 0 && !sendsAtOnce(context, first);
  return isMeant
    ? { kind: 'one', query: best.query, given: values }
    : { kind: 'several', queries, first: values, open };
}

/**
 * The values that the words of a request give a query beside those that are given, and the words that stay open. A name
 * fills an argument only where it is the one that it can be for, and the beginning of one record's name.
 */
async function readValues(
  context: ToolContext,
  query: SavedQuery,
  { text, given }: { text: string; given: Values },
  signal: AbortSignal,
): Promise<{ values: Values; open: string[] }> {
  const catalog = await context.catalog();
  const { periods, phrases, mine } = findOpenWords(text, query, await recordNames(context));
  const { places } = placesOf(query, catalog, sampleOf);
  const isGiven = ({ name }: Argument) => Object.keys(given).some((one) => one.toLowerCase() === name.toLowerCase());
  const all = argumentsAt(places);
  const free = all.filter((argument) => !isGiven(argument));
  // What the caller gives is what the words say of it.
  const said = Object.values(given).map((value) => simplified(String(value)));
  const isSaid = (words: string) => said.some((value) => value !== '' && simplified(words) === value);
  const unsaid = periods.filter(({ words }) => !isSaid(words));
  const datesGiven = all.filter(isDate);
  const dates = datesGiven.length > 0 && datesGiven.every(isGiven) ? {} : datesFor(unsaid, places, free);
  const isById = all.some((one) => one.required && isGiven(one)) && said.some((value) => /^\d+$/.test(value));
  const names = isById && phrases.length === 1 ? [] : phrases.filter((words) => !isSaid(words));
  const named = names.length === 0 ? {} : await nameFor(context, names, { free, mine }, signal);
  return {
    values: { ...dates, ...named, ...given },
    open: [...(dates === undefined ? unsaid.map(({ words }) => words) : []), ...(named === undefined ? names : [])],
  };
}

const isDate = ({ type }: Argument) => type.kind === 'date' || type.kind === 'datetime';

/** The one argument that a name or number in a request fills; undefined where it is not certain. */
async function nameFor(
  context: ToolContext,
  [name = '', ...more]: readonly string[],
  { free, mine }: { free: readonly Argument[]; mine: boolean },
  signal: AbortSignal,
): Promise<Values | undefined> {
  const isRecord = ({ type }: Argument) => type.kind === 'reference';
  const required = free.filter((argument) => argument.required);
  // `my tickets` has its member already.
  const choice =
    required.length > 0 ? required : free.filter((one) => isRecord(one) && !(mine && one.fallback === 'me'));
  const [argument] = choice;
  if (argument === undefined || choice.length > 1 || more.length > 0) return undefined;
  const { type } = argument;
  const number = /^#?(\d{1,15})$/.exec(name)?.[1];
  if (number !== undefined) {
    const isId = type.kind === 'number' || (type.kind === 'reference' && type.member === 'id');
    return isId ? { [argument.name]: Number(number) } : undefined;
  }
  if (type.kind !== 'reference') return undefined;
  try {
    const lookups = await context.lookups();
    if (lookups.findKind(type.schema)?.needsParent !== false) return undefined;
    const found = await lookups.resolve(type.schema, name, {}, signal);
    return found.matchedBy === 'contains' ? undefined : { [argument.name]: name };
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'invalid_body') return undefined;
    throw error;
  }
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

/**
 * Each candidate with the arguments that it takes, and the call that runs it.
 * @param first values for the first one
 */
export async function describeCandidates(context: ToolContext, queries: readonly SavedQuery[], first: Values) {
  const catalog = await context.catalog();
  return queries.map((query, at) => {
    const takes = argumentsOf(query, catalog);
    const name = query.name ?? String(query.id);
    const values = Object.entries(at === 0 ? first : {});
    const example = takes.flatMap((argument) => {
      const value = values.find(([one]) => one.toLowerCase() === argument.name.toLowerCase())?.[1];
      return value !== undefined || argument.required ? [[argument.name, value ?? '…']] : [];
    });
    return {
      query: name,
      description: query.description,
      ...(takes.length > 0 && {
        arguments: takes.map((argument) => `${renderArgument(argument)} (${renderType(argument)})`).join('; '),
      }),
      call: { query: name, ...(example.length > 0 && { arguments: Object.fromEntries(example) }) },
    };
  });
}

export interface RunOptions {
  /** Values by name. */
  given: Values;
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
    const { used, ...filled } = await fillSavedQuery(context, query, options.given, signal);
    const target = await requireEndpoint(context, query.method, filled.path);
    const result = await callEndpoint(context, toCall(target, filled, query, options), signal);
    // Counting is no reason to fail a call that was answered.
    if (!query.builtIn)
      await unlessStorageFails(async () => (await context.remembered()).countUse(query.id), undefined);
    const ran = `Saved query ${query.name ?? query.id}: “${query.description}”.`;
    const values = sayUsed(used);
    return { ...result, notes: [ran, ...values, ...result.notes] };
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
    saved: true,
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
