import type { Catalog, EndpointSummary } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import { hourMs } from '../core/zone.ts';
import { generalise, type Proposal } from './generalise.ts';
import { endpointKey } from './meaning.ts';
import type { FastMemory } from './memory.ts';
import { placesOf } from './placeholders/fill.ts';
import { isConditionName } from './placeholders/fill-conditions.ts';
import { plainPath } from './placeholders/parse.ts';
import { sampleOf } from './placeholders/types.ts';
import { wordsIn } from './query-search.ts';
import type { CallOfQuery, SavedQuery } from './saved-query.ts';
import { type Parsed, shapeOf } from './shape.ts';

export interface LearningParts {
  /** `eager` offers after the first success already, `off` learns nothing. */
  learn(): 'on' | 'eager' | 'off';
  /** Whether there is a tenant to learn for. */
  configured(): boolean;
  catalog(): Promise<Catalog>;
  memory(): Promise<FastMemory>;
  now(): Date;
}

export interface Learning {
  /**
   * Counts a success, and offers to save the call: at the second success of its shape, where nothing of that shape is
   * saved and the query is worth it, once a conversation. What differed between the two becomes placeholders; the values
   * of calls are kept in this process only.
   */
  offerFor(success: Success): Promise<SaveOffer | undefined>;
  /** How much the user needs an endpoint, from 0 (never called) to 1, by its id. */
  uses(): Promise<(endpointId: number) => number>;
}

/** A call that succeeded. */
export interface Success {
  call: CallOfQuery;
  /** Absent where the catalog does not know it. */
  endpoint?: EndpointSummary | undefined;
  /** Its conditions, where a check parsed them. */
  parsed?: Parsed | undefined;
  /** Whether it found anything. */
  found: boolean;
}

/** A call that succeeded once or twice, as it could be saved. */
export interface SaveOffer {
  times: 1 | 2;
  query: Readonly<Record<string, unknown>>;
  /** Names of its placeholders. */
  placeholders: readonly string[];
}

/** A process may run for weeks; the oldest shapes are forgotten first. */
const maxShapes = 2_000;

/** A process does not see where a conversation ends, and may outlive many: so long a pause counts as the end of one. */
const pauseMs = hourMs / 2;

/** Learns from calls that succeed: how often a shape repeats in this process, and which endpoints a user needs. */
export function createLearning({ learn, configured, catalog, memory, now }: LearningParts): Learning {
  /** First calls of shapes; once offered or known as saved, the values are forgotten. */
  const shapes = new Map<string, CallOfQuery | 'done'>();
  let lastCallMs = 0;
  let hasOffered = false;
  const keep = (shape: string, first: CallOfQuery | 'done') => {
    if (!shapes.has(shape) && shapes.size >= maxShapes) shapes.delete(shapes.keys().next().value ?? '');
    shapes.set(shape, first);
  };
  const isRepeated = () => {
    const nowMs = now().getTime();
    if (nowMs - lastCallMs > pauseMs) hasOffered = false;
    lastCallMs = nowMs;
    return hasOffered;
  };
  return {
    async offerFor({ call, endpoint, parsed, found }) {
      if (learn() === 'off') return undefined;
      // Local endpoints are always at hand; counting them would only raise them above what is worked with.
      if (endpoint && endpoint.id >= 0)
        await forgiving(async () => (await memory()).countEndpointUse(endpoint.method, endpoint.path));
      const wasOffered = isRepeated();
      if (!found || endpoint?.module === 'gateway') return undefined;
      const template = endpoint?.path ?? call.path;
      const shape = shapeOf(call, template, parsed);
      const first = shapes.get(shape) ?? (learn() === 'eager' ? call : undefined);
      if (first === undefined) keep(shape, call);
      if (first === undefined || first === 'done' || wasOffered) return undefined;
      const offer = toOffer(first, call, template, endpoint);
      // Another call of this shape may differ where these two are equal.
      if (offer === undefined) return undefined;
      keep(shape, 'done');
      const known = await forgiving(async () => isSaved(await memory(), await catalog(), { call, template, shape }));
      if (known !== false) return undefined;
      hasOffered = true;
      return offer;
    },
    async uses() {
      const needs =
        learn() !== 'off' && configured() ? await forgiving(async () => (await memory()).endpointUses()) : undefined;
      if (!needs || needs.size === 0) return () => 0;
      const byId = new Map(
        (await catalog()).endpoints.map((endpoint) => [
          endpoint.id,
          needs.get(endpointKey(endpoint.method, endpoint.path)) ?? 0,
        ]),
      );
      return (endpointId) => byId.get(endpointId) ?? 0;
    },
  };
}

/** Without learning a search and a call still work: a full disk must not fail them. */
async function forgiving<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

/** Whether a saved query, with whatever values, makes a call of this shape. */
function isSaved(
  memory: FastMemory,
  catalog: Catalog,
  { call, template, shape }: { call: CallOfQuery; template: string; shape: string },
): boolean {
  const own = catalog.findEndpoint(call.method, template)?.endpoint.id;
  const builtIn = memory
    .builtIn()
    .filter((query) => catalog.findEndpoint(query.method, plainPath(query.path))?.endpoint.id === own);
  const saved = [...memory.findFor(call.method, template), ...memory.findFor(call.method, call.path), ...builtIn];
  return saved.some((query) => shapeOfSaved(query, template, catalog) === shape);
}

/** Of the queries on one endpoint the most used ones are compared: reading the conditions of thousands takes a second. */
const comparedAtMost = 200;

/**
 * The user's own queries that mean what a built-in one means: on its endpoint, either the same but for values, or with
 * all the words of its name.
 */
function findAlike(memory: FastMemory, catalog: Catalog, builtIn: SavedQuery): SavedQuery[] {
  const template = catalog.findEndpoint(builtIn.method, plainPath(builtIn.path))?.endpoint.path ?? builtIn.path;
  const shape = shapeOfSaved(builtIn, template, catalog);
  const words = wordsIn(builtIn.name ?? '');
  const isAlike = (query: SavedQuery) => {
    const own = new Set(wordsIn(`${query.name ?? ''} ${query.description}`));
    return words.every((word) => own.has(word)) || shapeOfSaved(query, template, catalog) === shape;
  };
  return memory.findFor(builtIn.method, template).slice(0, comparedAtMost).filter(isAlike);
}

/** Queries as a list shows them: before each built-in one those of the user that mean the same, each once. */
export function withAlike(memory: FastMemory, catalog: Catalog, queries: readonly SavedQuery[]): SavedQuery[] {
  const all = queries.flatMap((query) => (query.builtIn ? [...findAlike(memory, catalog, query), query] : [query]));
  return all.filter(({ id }, at) => all.findIndex((other) => other.id === id) === at);
}

function shapeOfSaved(query: CallOfQuery, template: string, catalog: Catalog): string | undefined {
  try {
    const { path, params, data } = placesOf(query, catalog, sampleOf).call;
    return shapeOf({ method: query.method, path, ...(params ? { params } : {}), data }, template);
  } catch (error) {
    // A broken one is no reason not to save a sound one.
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

function toOffer(
  first: CallOfQuery,
  call: CallOfQuery,
  template: string,
  endpoint: EndpointSummary | undefined,
): SaveOffer | undefined {
  const { placeholders, ...proposal } = generalise(first, call, template);
  if (!isWorthSaving(proposal)) return undefined;
  const { method, path } = call;
  const summary = endpoint?.summary ?? `${method} ${path}`;
  const description = placeholders.length > 0 ? `${summary} by ${placeholders.join(' and ')}` : summary;
  const query = { ...(method === 'GET' ? {} : { method }), ...proposal, description };
  return { times: first === call ? 1 : 2, query, placeholders };
}

/**
 * A query without conditions is found as fast by its path, one by an id asks for a single record, and one with a date
 * that stays the same is out of date when it is run again.
 */
function isWorthSaving({ params = {}, data = {} }: Pick<Proposal, 'params' | 'data'>): boolean {
  const filters = [...Object.entries(params), ...Object.entries(isRecord(data) ? data : {})];
  const texts = filters.flatMap(([name, text]) => (isConditionName(name) && typeof text === 'string' ? [text] : []));
  const isOfOneRecord = (text: string) => /^\s*\(?\s*id\s*(?:=|in\b)(?!.*\b(?:and|or)\b)/i.test(text);
  return texts.some((text) => !isOfOneRecord(text)) && !texts.some((text) => /\b\d{4}-\d\d-\d\d/.test(text));
}
