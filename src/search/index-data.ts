import type { Definition, Endpoint, Schema } from '../catalog/index.ts';
import { createSplitter } from './compounds.ts';
import { forms, type Shape, secondaries, shapeOf } from './resource.ts';
import { stem } from './stem.ts';
import { splitIdentifier } from './tokenize.ts';

/** Rises when the layout below changes: an index of another layout is built anew from the endpoints. */
export const indexVersion = 4;

/** One resource: a collection with its records, or an action. Words are stems. */
export interface ResourceData {
  path: string;
  /** Stem of the module's name. */
  module: string;
  /** Words of the last literal segment. */
  own: string[];
  /** Words of the segments between the module and that, nearest first. */
  parents: string[][];
  /** Words of its category and of its record's schema. */
  name: string[];
  /** Words of hand-written summaries. */
  summary: string[];
  action?: string;
}

/** Numbers of the resource, the form and the secondary form (-1: none), and 1 where the path ends in a record's id. */
export type Place = [resource: number, form: number, secondary: number, byId: 0 | 1];

/** What the catalog file keeps of the index: plain JSON. */
export interface IndexData {
  version: number;
  resources: ResourceData[];
  /** `GET /path`, and at the same place in `places` what the endpoint does to which resource. */
  keys: string[];
  places: Place[];
  /** Words as written, for typing errors. */
  words: string[];
}

export type Indexed = Pick<Endpoint, 'method' | 'path' | 'category' | 'summary'> & { response?: { schema?: string } };

export const keyOf = (endpoint: Pick<Endpoint, 'method' | 'path'>): string => `${endpoint.method} ${endpoint.path}`;

const unique = <T>(items: Iterable<T>): T[] => [...new Set(items)];

/** `ScheduleEntryReference` and `BoardInfo` are named by what they stand for. */
const bareName = (name: string): string => name.replace(/(Reference|Infos?|List|Response)$/, '');

function namesIn(endpoints: readonly Indexed[], schemas: readonly Schema[]): string[] {
  const segments = endpoints.flatMap((endpoint) =>
    endpoint.path.split('/').filter((part) => part !== '' && !part.startsWith('{')),
  );
  return unique([
    ...segments,
    ...endpoints.map((endpoint) => endpoint.category),
    ...schemas.map((schema) => schema.name),
  ]);
}

interface Entry {
  at: number;
  shape: Shape;
  endpoints: Indexed[];
}

/** Indexes endpoints; `handWritten` ones are also found by the words of their summaries. */
export function indexEndpoints(
  endpoints: readonly Indexed[],
  schemas: readonly Schema[],
  handWritten = false,
): IndexData {
  const splitter = createSplitter(namesIn(endpoints, schemas), stem);
  const rawWords = (name: string) => splitIdentifier(name).flatMap(splitter);
  const words = new Set<string>();
  const stems = (name: string) =>
    rawWords(name).map((word) => {
      words.add(word);
      return stem(word);
    });
  const entries = new Map<string, Entry>();
  const keys: string[] = [];
  const places: IndexData['places'] = [];
  for (const endpoint of endpoints) {
    const shape = shapeOf(endpoint.method, endpoint.path);
    const key = `${shape.resource} ${shape.action ?? ''}`;
    const entry = entries.get(key) ?? { at: entries.size, shape, endpoints: [] };
    entries.set(key, entry);
    entry.endpoints.push(endpoint);
    keys.push(keyOf(endpoint));
    places.push([
      entry.at,
      forms.indexOf(shape.form),
      shape.secondary ? secondaries.indexOf(shape.secondary) : -1,
      shape.byId ? 1 : 0,
    ]);
  }
  const resources = [...entries.values()].map((entry) => describeResource(entry, stems, handWritten));
  return { version: indexVersion, resources, keys, places, words: [...words].sort() };
}

function describeResource(
  { shape, endpoints }: Entry,
  stems: (name: string) => string[],
  handWritten: boolean,
): ResourceData {
  const levels = shape.levels.map(stems);
  // An action is named by what it acts on; its verb is asked for as a verb: `tickets/{}/merge` is merge, of tickets.
  if (shape.action !== undefined) levels.push([...(levels.splice(-2, 1)[0] ?? []), ...(levels.pop() ?? []).slice(1)]);
  const own = levels.at(-1) ?? stems(shape.module);
  // Counts and usages answer with schemas of their own, which do not name the resource.
  const primary = endpoints.filter(({ method, path }) => {
    const { form, secondary } = shapeOf(method, path);
    return form !== 'count' && secondary === undefined;
  });
  const names = (primary.length > 0 ? primary : endpoints).flatMap(({ category, response }) => [
    bareName(category),
    bareName(response?.schema ?? ''),
  ]);
  return {
    path: shape.resource,
    module: stem(shape.module),
    own: unique(own),
    parents: levels.slice(0, -1).reverse().map(unique),
    name: unique(names.flatMap(stems)),
    summary: handWritten ? unique(endpoints.flatMap(({ summary }) => stems(summary))) : [],
    ...(shape.action !== undefined && { action: shape.action }),
  };
}

/** The search index of a definition, to be kept in the catalog file. */
export function buildSearchIndex(definition: Definition): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(indexEndpoints(definition.endpoints, definition.schemas)));
}
