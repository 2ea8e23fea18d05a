import type { EndpointSummary } from '../endpoint.ts';
import { splitWord } from './compounds.ts';
import { type IndexData, indexEndpoints, indexVersion, keyOf, type Place, type ResourceData } from './index-data.ts';
import { lexicon } from './lexicon.ts';
import { type Form, forms, type Secondary, secondaries } from './resource.ts';
import { stem } from './stem.ts';
import { createCorrector } from './typing-errors.ts';
import { indexLexicon, type Phrase, type Vocabulary } from './vocabulary.ts';

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
}

/** The index as searched: read-only, and as large as the catalog is. */
export interface SearchIndex {
  readonly resources: readonly Resource[];
  readonly postings: ReadonlyMap<string, readonly Posting[]>;
  readonly members: ReadonlyMap<string, readonly number[]>;
  readonly vocabulary: Vocabulary;
  readonly endpoints: readonly EndpointSummary[];
}

/** `undefined` for bytes that are no index of this version. */
function decode(bytes: Uint8Array | undefined): IndexData | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  try {
    const data = JSON.parse(new TextDecoder().decode(bytes)) as Partial<IndexData>;
    return data.version === indexVersion ? (data as IndexData) : undefined;
  } catch {
    // A damaged index costs the words of members, never the search: it is built from the endpoints instead.
    return undefined;
  }
}

/** Puts one index behind another; member words of the second are not needed (local endpoints have none). */
function append(data: IndexData, more: IndexData): IndexData {
  const offset = data.resources.length;
  return {
    version: data.version,
    resources: [...data.resources, ...more.resources],
    keys: [...data.keys, ...more.keys],
    places: [...data.places, ...more.places.map(([resource, ...rest]): Place => [resource + offset, ...rest])],
    words: [...data.words, ...more.words],
    members: data.members,
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
    post(postings, at, 'module', [stem(resource.module)]);
    post(postings, at, 'summary', resource.summary);
    if (resource.action !== undefined) post(postings, at, 'action', [stem(resource.action)]);
  }
  return postings;
}

/** Which names, and which words of names, lie below which words: `board` has `status`, `ticket` has `time entry`. */
function indexChildren(resources: readonly Resource[]): { children: ReadonlySet<string>; below: ReadonlySet<string> } {
  const children = new Set<string>();
  const below = new Set<string>();
  for (const { own, parents, module } of resources) {
    for (const parent of [...(parents[0] ?? []), stem(module)]) {
      children.add(`${parent} ${own.join(' ')}`);
      for (const word of own) below.add(`${parent} ${word}`);
    }
  }
  return { children, below };
}

function createVocabulary(
  resources: readonly Resource[],
  postings: ReadonlyMap<string, unknown>,
  members: ReadonlyMap<string, unknown>,
  words: readonly string[],
): Vocabulary {
  const written = new Set(words);
  const compounds = new Set(
    resources.flatMap(({ own, name }) =>
      [own, name].flatMap((part) => part.slice(1).map((word, at) => `${part[at]} ${word}`)),
    ),
  );
  const phrases: Map<string, Phrase> = indexLexicon();
  const correct = createCorrector([...words, ...lexicon.map((entry) => entry.say)]);
  const { children, below } = indexChildren(resources);
  return {
    has: (word) => postings.has(word),
    writes: (word) => written.has(word),
    hasChild: (parent, child) => children.has(`${parent} ${child.join(' ')}`),
    isChild: (parent, child) => below.has(`${parent} ${child}`),
    isCompound: (left, right) => compounds.has(`${left} ${right}`),
    hasMember: (word) => members.has(word),
    split: (word) => splitWord(word, (piece) => postings.has(stem(piece))),
    correct,
    phrase: (stems) => phrases.get(stems),
    longestPhrase: Math.max(...[...phrases.keys()].map((key) => key.split(' ').length)),
  };
}

/**
 * Makes the index ready to search. `bytes` are those of `buildSearchIndex`; endpoints they do not know (the local
 * ones) are indexed here, and so are all of them where the bytes are missing or of another version.
 */
export function loadSearchIndex(bytes: Uint8Array | undefined, endpoints: readonly EndpointSummary[]): SearchIndex {
  const kept = decode(bytes);
  const known = new Set(kept?.keys);
  const local = endpoints.filter((endpoint) => endpoint.id < 0 && !known.has(keyOf(endpoint)));
  const shipped = endpoints.filter((endpoint) => endpoint.id >= 0);
  const data = append(kept ?? indexEndpoints(shipped, []), indexEndpoints(local, [], true));
  const places = new Map(data.keys.map((key, at) => [key, data.places[at]]));
  const resources: Resource[] = data.resources.map((resource) => ({ ...resource, endpoints: [] }));
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
  const members = new Map(data.members);
  return {
    resources,
    postings,
    members,
    vocabulary: createVocabulary(resources, postings, members, data.words),
    endpoints,
  };
}
