import type { EndpointSummary } from '../catalog/index.ts';
import { type IndexData, indexEndpoints, indexVersion, keyOf, type Place, type ResourceData } from './index-data.ts';
import { type MatchWeights, usualMatch } from './match.ts';
import { loadModel, type Model } from './model.ts';
import { type Form, forms, type Secondary, secondaries } from './resource.ts';
import { type Mix, usualMix } from './search.ts';
import { stem } from './stem.ts';
import { createCorrector } from './typing-errors.ts';

/** Which part of a resource has a word. */
export type Part = 'own' | 'name' | 'parent' | 'grandparent' | 'module' | 'action' | 'summary';

export interface Posting {
  resource: number;
  part: Part;
}

export interface IndexedEndpoint {
  endpoint: EndpointSummary;
  form: Form;
  secondary: Secondary | undefined;
  byId: boolean;
}

export interface Resource extends ResourceData {
  endpoints: IndexedEndpoint[];
  /** Its number in the model; undefined for one that the model was not trained on. */
  modelNumber: number | undefined;
}

/** What the words of a request are looked up in. */
export interface Vocabulary {
  /** The catalog's names have this stem. */
  has(stem: string): boolean;
  /** The catalog's names or the sentences of the training have this stem. */
  knows(stem: string): boolean;
  /** The stem that the catalog has for what people call a record: `company` for `client`. */
  nameFor(stem: string): string | undefined;
  /** The word that was meant, one typing error away. */
  correct(word: string): string | undefined;
}

/** Numbers of the ranking; others than the usual ones are for measuring what each part is worth. */
export interface Tuning {
  mix: Mix;
  match: MatchWeights;
}

/** The index as searched: read-only, and as large as the catalog is. */
export interface SearchIndex {
  readonly resources: readonly Resource[];
  readonly postings: ReadonlyMap<string, readonly Posting[]>;
  readonly vocabulary: Vocabulary;
  readonly model: Model | undefined;
  readonly tuning: Tuning;
  readonly endpoints: readonly EndpointSummary[];
}

/** `undefined` for bytes that are no index of this version. */
function decode(bytes: Uint8Array | undefined): IndexData | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  try {
    const data = JSON.parse(new TextDecoder().decode(bytes)) as Partial<IndexData>;
    return data.version === indexVersion ? (data as IndexData) : undefined;
  } catch {
    // A damaged index costs time, never the search: it is built from the endpoints instead.
    return undefined;
  }
}

/** Puts one index behind another. */
function append(data: IndexData, more: IndexData): IndexData {
  const offset = data.resources.length;
  return {
    version: data.version,
    resources: [...data.resources, ...more.resources],
    keys: [...data.keys, ...more.keys],
    places: [...data.places, ...more.places.map(([resource, ...rest]): Place => [resource + offset, ...rest])],
    words: [...data.words, ...more.words],
  };
}

function post(postings: Map<string, Posting[]>, resource: number, part: Part, words: readonly string[]): void {
  for (const word of words) {
    const list = postings.get(word);
    if (list) list.push({ resource, part });
    else postings.set(word, [{ resource, part }]);
  }
}

function indexPostings(resources: readonly Resource[]): Map<string, Posting[]> {
  const postings = new Map<string, Posting[]>();
  for (const [at, resource] of resources.entries()) {
    post(postings, at, 'own', resource.own);
    post(postings, at, 'name', resource.name);
    post(postings, at, 'parent', resource.parents[0] ?? []);
    for (const words of resource.parents.slice(1)) post(postings, at, 'grandparent', words);
    post(postings, at, 'module', [resource.module]);
    post(postings, at, 'summary', resource.summary);
    if (resource.action !== undefined) post(postings, at, 'action', [stem(resource.action)]);
  }
  return postings;
}

/**
 * Makes the index ready to search. `bytes` are those of `buildSearchIndex`; endpoints they do not know (the local
 * ones) are indexed here, and so are all of them where the bytes are missing or of another version.
 * @param model the model of the catalog file; without one, search goes by the words of paths alone
 */
export function loadSearchIndex(
  bytes: Uint8Array | undefined,
  endpoints: readonly EndpointSummary[],
  model?: Uint8Array,
  tuning: Tuning = { mix: usualMix, match: usualMatch },
): SearchIndex {
  const kept = decode(bytes);
  const trained = loadModel(model);
  const local = endpoints.filter((endpoint) => endpoint.id < 0);
  const shipped = endpoints.filter((endpoint) => endpoint.id >= 0);
  const data = append(kept ?? indexEndpoints(shipped, []), indexEndpoints(local, [], true));
  const places = new Map(data.keys.map((key, at) => [key, data.places[at]]));
  const resources: Resource[] = data.resources.map((resource) => ({
    ...resource,
    endpoints: [],
    modelNumber: trained?.numberOf(resource.path),
  }));
  for (const endpoint of endpoints) {
    const [resource, form, secondary, byId] = places.get(keyOf(endpoint)) ?? [];
    if (resource === undefined) continue;
    const entry: IndexedEndpoint = {
      endpoint,
      form: forms[form ?? 0] ?? 'list',
      secondary: secondaries[secondary ?? -1],
      byId: byId === 1,
    };
    resources[resource]?.endpoints.push(entry);
  }
  const postings = indexPostings(resources);
  return {
    resources,
    postings,
    vocabulary: {
      has: (word) => postings.has(word),
      knows: (word) => postings.has(word) || trained?.knows(word) === true,
      nameFor: (word) => trained?.nameFor(word),
      correct: createCorrector(data.words),
    },
    model: trained,
    tuning,
    endpoints,
  };
}
