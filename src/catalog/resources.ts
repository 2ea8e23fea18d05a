import { joinNames, plural, singular, wordsOf } from '../core/english.ts';
import { defined } from '../core/json.ts';
import type { Method, Payload, Schema } from './endpoint.ts';
import { pathKey } from './path-template.ts';

/** What naming needs to know of an operation. */
export interface NamedOperation {
  method: Method;
  path: string;
  body?: Payload | undefined;
  response?: Payload | undefined;
}

/** What the paths of one definition are about: collections, their records, and the words for them. */
export interface Resources {
  /** Whether records are listed here, or read below this path by id. */
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
    // The short view of a collection (`/info`) describes the collection, also where the full one is not offered.
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

/** `…/usages` lists what uses a record, `…/getEmails` is an action: neither is a collection, even if it answers a list. */
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

/** What a path is about, in words. */
export interface Subject {
  /** Path of the collection, or of the one thing, that the path leads to. */
  root: string;
  /** One record of it: `company type`. */
  one: string;
  many: string;
  /** The kind of record it belongs to: `ticket` for the notes of a ticket. */
  owner?: string;
  /** Whether the path names one record by its id. */
  byId: boolean;
  /** Whether the path goes through the `/info` twin of the collection. */
  info: boolean;
  /** Segments behind the collection or record: `merge`, `usages`, `count`. */
  rest: readonly string[];
}

const isPlaceholder = (segment: string) => segment.includes('{');

/** Takes a normalised template apart. */
export function subjectOf(path: string, resources: Resources): Subject {
  const [module = '', ...all] = path.split('/').filter((segment) => segment !== '');
  // `/service/info/boards`, `/service/boards/info` and `/service/boards/{id}/info` are one short view of boards.
  const isInfo = (segment: string) => segment.toLowerCase() === 'info';
  const info = all.length > 1 && all.some(isInfo);
  const segments = info ? all.filter((segment) => !isInfo(segment)) : all;
  let end = segments.length;
  while (end > 1 && !endsInRecords(module, segments.slice(0, end), resources)) end--;
  const byId = isPlaceholder(segments[end - 1] ?? '');
  const named = segments.slice(0, byId ? end - 1 : end);
  const root = `/${[module, ...named].join('/')}`;
  const run = lastRun(named);
  const words = phraseOf(module, run, named.length === run.length ? resources.recordOf(root) : undefined, resources);
  const above = named.slice(0, named.length - run.length);
  const owner = ownerOf(module, above, resources);
  return defined<Subject>({
    root,
    one: singular(words),
    many: plural(words),
    owner,
    byId,
    info,
    rest: segments.slice(end),
  });
}

function endsInRecords(module: string, segments: readonly string[], resources: Resources): boolean {
  const path = `/${[module, ...segments].join('/')}`;
  return isPlaceholder(segments.at(-1) ?? '') || resources.isCollection(path);
}

/** The literal segments at the end. */
function lastRun(segments: readonly string[]): readonly string[] {
  let start = segments.length;
  while (start > 0 && !isPlaceholder(segments[start - 1] ?? '')) start--;
  return segments.slice(start);
}

/** `companies`, `types` is `company types`; `entries` of TimeEntry records is `time entries`. */
function phraseOf(module: string, run: readonly string[], record: string | undefined, resources: Resources): string {
  if (run.length === 0) return module;
  const words = run.flatMap((segment, index) => {
    const own = resources.segmentWords(segment);
    return index === run.length - 1 ? own : [singular(own.join(' '))];
  });
  const phrase = withoutEcho(words).join(' ');
  return run.length === 1 && record !== undefined ? fullerPhrase(phrase, record) : phrase;
}

/** The words of the record's schema where they are those of the path and some before: `service team` for `teams`. */
function fullerPhrase(phrase: string, record: string): string {
  const schema = wordsOf(record).join(' ');
  const [long, short] = [schema.toLowerCase(), singular(phrase).toLowerCase()];
  if (long.replaceAll(' ', '') === short.replaceAll(' ', '')) return schema;
  // `catalog`, in the singular, holds `CatalogItem` records.
  const inside = plural(phrase) !== phrase && long.startsWith(`${short} `);
  return inside || long.endsWith(` ${short}`) ? schema : phrase;
}

/** Drops a word that repeats the one before it. */
function withoutEcho(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => word !== words[index - 1]);
}

function ownerOf(module: string, above: readonly string[], resources: Resources): string | undefined {
  if (above.length === 0) return undefined;
  const named = above.slice(0, -1);
  const run = lastRun(named);
  const record = named.length === run.length ? resources.recordOf(`/${[module, ...named].join('/')}`) : undefined;
  return singular(phraseOf(module, run, record, resources));
}

/** First words of path segments that are actions on the record before them. */
const actions: ReadonlySet<string> = new Set(
  `apply approve assign attach authorize calculate cancel change clear convert copy create deactivate detach execute export
   generate get import link load mark merge move post recalculate rebatch register reject request reset resolve reverse search
   send submit test unbatch undo unlink unmerge update upload validate void sync activate pick ship receive add remove`.split(
    /\s+/,
  ),
);

/** Whether a path segment is an action (`merge`, `testConnection`) and not a thing. */
export function isAction(segment: string): boolean {
  return actions.has(wordsOf(segment)[0] ?? '');
}
