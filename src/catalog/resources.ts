import { joinNames, singular, wordsOf } from '../core/english.ts';
import { isAction } from './actions.ts';
import type { Method, Payload, Schema } from './endpoint.ts';
import { pathKey } from './path-template.ts';

/** What naming needs to know of an operation. */
export interface NamedOperation {
  method: Method;
  path: string;
  body?: Payload | undefined;
  response?: Payload | undefined;
}

/** What the paths of one definition are about. */
export interface Resources {
  /** Whether records are listed here or stand below by id. */
  isCollection(path: string): boolean;
  /** Schema of the records of a collection. */
  recordOf(path: string): string | undefined;
  /** Words of a path segment; compounds written small (`purchaseorders`) are split by the definition's own vocabulary. */
  segmentWords(segment: string): readonly string[];
}

export function createResources(
  operations: readonly NamedOperation[],
  schemas: ReadonlyMap<string, Schema>,
): Resources {
  const collections = new Set<string>();
  const records = new Map<string, string>();
  for (const { method, path, body, response } of operations) {
    // The short view of a collection (`/info`) tells of the collection, also where the full one is not offered.
    const key = pathKey(path).replace(/(?<=\/[^/]+)\/info(?=\/|$)/g, '');
    const view = key !== pathKey(path);
    if (key.endsWith('/{}')) collections.add(key.slice(0, -'/{}'.length));
    if (key.endsWith('/count')) collections.add(key.slice(0, -'/count'.length));
    if (method === 'GET' && response?.array === true && !isView(path)) {
      collections.add(key);
      const record = view ? response.schema?.replace(/Info$/, '') : response.schema;
      if (record !== undefined && !(view && records.has(key))) records.set(key, record);
    }
    if (method === 'POST' && body?.schema !== undefined && !records.has(key)) records.set(key, body.schema);
  }
  const vocabulary = collectVocabulary(operations, schemas);
  return {
    isCollection: (path) => collections.has(pathKey(path)),
    recordOf: (path) => records.get(pathKey(path)),
    segmentWords: (segment) => joinNames(wordsOf(segment).flatMap((word) => splitCompound(word, vocabulary))),
  };
}

/** `…/usages` lists what uses a record, `…/getEmails` does something: no collections, though both may answer lists. */
function isView(path: string): boolean {
  return /\/(usages(\/list)?|count)$/i.test(path) || isAction(path.slice(path.lastIndexOf('/') + 1));
}

/** Words of names that show where their words begin: schemas, and path segments with a capital inside. */
function collectVocabulary(
  operations: readonly NamedOperation[],
  schemas: ReadonlyMap<string, Schema>,
): ReadonlySet<string> {
  const names = new Set(schemas.keys());
  for (const { path } of operations) {
    for (const segment of path.split('/')) if (/[a-z][A-Z]/.test(segment)) names.add(segment);
  }
  const words = new Set<string>();
  for (const name of names)
    for (const word of wordsOf(name)) if (word.length > 3) words.add(singular(word.toLowerCase()));
  return words;
}

/** `lineitems` is `line items`; a word that the vocabulary knows stays whole. */
function splitCompound(word: string, vocabulary: ReadonlySet<string>): readonly string[] {
  const known = (part: string) => vocabulary.has(singular(part));
  const [, prefix, stem] = /^(my|sub)([a-z]+)$/.exec(word) ?? [];
  if (prefix !== undefined && stem !== undefined && known(stem)) return [prefix, stem];
  if (word.length < 8 || known(word) || /[A-Z\d]/.test(word)) return [word];
  // The longest known beginning wins: `purchaseorderstatuses` is purchase, order, statuses.
  for (let at = word.length - 3; at >= 4; at--) {
    if (!vocabulary.has(word.slice(0, at))) continue;
    const rest = splitCompound(word.slice(at), vocabulary);
    if (rest.every(known)) return [word.slice(0, at), ...rest];
  }
  return [word];
}
