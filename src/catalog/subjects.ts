import { plural, singular, wordsOf } from '../core/english.ts';
import type { Resources } from './resources.ts';

/** What a path is about, in words. */
export interface Subject {
  /** Path of the collection (or single thing) that the rest is about. */
  root: string;
  /** One record of it: `company type`. */
  one: string;
  many: string;
  /** The record it belongs to, one of: `ticket` for the notes of a ticket. */
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
  return {
    root,
    one: singular(words),
    many: plural(words),
    ...(owner === undefined ? {} : { owner }),
    byId,
    info,
    rest: segments.slice(end),
  };
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
  // `catalog`, in the singular, is a place of `CatalogItem` records.
  const inside = plural(phrase) !== phrase && long.startsWith(`${short} `);
  return inside || long.endsWith(` ${short}`) ? schema : phrase;
}

/** `project template`, `project template tickets` says it twice. */
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
