import type { Catalog } from '../../catalog/index.ts';
import type { ConnectWiseRequest } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { asObject, isRecord } from '../../core/json.ts';
import { unlessStorageFails } from '../../core/storage.ts';
import {
  type Argument,
  argumentsAt,
  argumentsOf,
  type CallOfQuery,
  type FilledCall,
  fillWith,
  isConditionName,
  isReserved,
  type Place,
  placeholderNames,
  placesOf,
  plainPath,
  type SavedQuery,
  sampleOf,
} from '../../memory/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { Call } from './call.ts';
import { checkQuery, type QueryClock } from './check-query.ts';

/**
 * The call that a saved query makes with these values; `used` are all values that its placeholders got.
 * @throws GatewayError `invalid_argument` for values that are missing, unknown or wrong
 */
export async function fillSavedQuery(
  context: ToolContext,
  query: CallOfQuery,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<FilledCall & { used: string[] }> {
  const used = new Set<string>();
  const surroundings = {
    lookups: () => context.lookups(),
    me: () => readMember(context),
    used: (value: string) => used.add(value),
    nowMs: context.now().getTime(),
    zone: await context.zone(),
  };
  const call = await fillWith(query, await context.catalog(), given, surroundings, signal);
  return { ...call, used: [...used] };
}

/** The values that placeholders got, as one sentence; always said, since they decide which records are meant. */
export function sayUsed(used: readonly string[]): string[] {
  return used.length === 0 ? [] : [`With ${used.join(', ')}.`];
}

/** The value of `{me}`. */
async function readMember(context: ToolContext): Promise<string> {
  const member = await context.me();
  if (member !== undefined) return member;
  throw new GatewayError('invalid_argument', '{me} needs your member id, which is not known.', {
    details: { field: 'arguments/me' },
    hint: { step: 'say_who' },
  });
}

/**
 * A request whose filters have `{me}` or words for dates such as `{today}`, filled as in a saved query. A text with
 * another placeholder stays: nobody gave a value for it.
 * @throws GatewayError `invalid_argument` where it is not known who `{me}` is, or a filter cannot be read
 */
export async function fillReserved(
  context: ToolContext,
  request: ConnectWiseRequest,
  signal: AbortSignal,
): Promise<{ request: ConnectWiseRequest; notes: string[] }> {
  const { method, query = {}, body } = request;
  const isSearch = method === 'POST' && isRecord(body);
  const [params, data] = [reservedIn(query), isSearch ? reservedIn(body) : {}];
  const names = placeholderNames([params, data]);
  if (names.length === 0) return { request, notes: [] };
  // What for_each fills is not a placeholder of the filters.
  const path = request.path.replace(/\{[^{}]*\}/g, '1');
  const filled = await fillSavedQuery(context, { method, path, params, data }, {}, signal);
  return {
    request: {
      ...request,
      query: { ...query, ...filled.params },
      ...(isSearch && { body: { ...body, ...asObject(filled.data) } }),
    },
    notes: sayUsed(filled.used),
  };
}

/** The filters that have such placeholders and no others. */
function reservedIn(members: Readonly<Record<string, unknown>>): Record<string, string> {
  const found = Object.entries(members).filter((entry): entry is [string, string] => {
    const [name, text] = entry;
    if (typeof text !== 'string' || !text.includes('{') || !isConditionName(name)) return false;
    const names = placeholderNames(text);
    return names.length > 0 && names.every(isReserved);
  });
  return Object.fromEntries(found);
}

/** The saved query that fills a bare GET, and the request that it makes. */
interface SavedFilter {
  saved: SavedQuery;
  request: ConnectWiseRequest;
  notes: readonly string[];
}

/**
 * Of a call with a path and nothing else: the one query that the user saved for this endpoint, if it needs no values.
 * Imported queries do not count: they are another user's idea of a filter.
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
  const known = await unlessStorageFails(async () => (await context.remembered()).findFor('GET', request.path), []);
  const own = known.filter(({ imported }) => !imported);
  const [saved, ...others] = own;
  if (saved === undefined || others.length > 0 || saved.params === undefined) return undefined;
  if (needsValues(saved, await context.catalog())) return undefined;
  const filled = await fillSavedQuery(context, saved, {}, signal);
  return { saved, request: { ...request, query: { ...request.query, ...filled.params } }, notes: sayUsed(filled.used) };
}

/** True for a broken query too, which then fills nothing; list_fast_memory says what is wrong with it. */
function needsValues(saved: SavedQuery, catalog: Catalog): boolean {
  try {
    return argumentsOf(saved, catalog).some(({ required }) => required);
  } catch (error) {
    if (error instanceof GatewayError) return true;
    throw error;
  }
}

export interface CheckedSavedQuery {
  arguments: Argument[];
  /** What was repaired or may be wrong, one sentence each. */
  notes: string[];
}

/**
 * Checks a saved query as a run of it would, with a sample value for each placeholder.
 * @throws GatewayError for placeholders, conditions and fields that cannot work
 */
export function checkSavedQuery(query: CallOfQuery, catalog: Catalog, clock: QueryClock): CheckedSavedQuery {
  const { places, call } = placesOf(query, catalog, sampleInText);
  const endpoint = catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint;
  const checked = checkQuery(catalog, endpoint, withoutPathValues(call.params ?? {}, query.path), clock);
  return { arguments: argumentsAt(places), notes: checked.notes };
}

/** The sample of a text is the placeholder itself, so that a corrected condition still has it. */
function sampleInText(place: Place): string | number | boolean {
  const sample = sampleOf(place);
  return sample === 'x' ? `{${place.placeholder.name}}` : sample;
}

/** Params without those that fill placeholders of the path: these are not sent as parameters. */
function withoutPathValues(params: Record<string, string>, path: string): Record<string, string> {
  const names = new Set(placeholderNames(path).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.has(name.toLowerCase())));
}

/** Why a saved query cannot run with the current catalog, and how to fix it; undefined where it can. */
export function findProblem(query: CallOfQuery, catalog: Catalog, clock: QueryClock): string | undefined {
  const path = plainPath(query.path);
  if (catalog.findEndpoint(query.method, path) === undefined) {
    const others = catalog.methodsOf(path);
    const has = others.length > 0 ? `; it has ${others.join(', ')}` : '';
    return `The catalog has no ${query.method} ${path}${has}. Save it again with a path that natural_language_api_search finds.`;
  }
  try {
    checkSavedQuery(query, catalog, clock);
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return `${error.message} Save it again, corrected.`;
    throw error;
  }
}
