import type { Endpoint, Method } from '../catalog/index.ts';
import { plural, singular, wordsOf } from '../core/english.ts';
import { defined } from '../core/json.ts';

/** What a request is about, in a person's words: ticket 4711, a new note of it, its merge. */
export interface Target {
  /** `ticket`; the plural without a number or a new record. */
  object: string;
  number?: string;
  isNew: boolean;
  /** The record that the object belongs to. */
  parent?: { object: string; number: string };
  /** Last segment of a POST that does something to the record: `merge`. */
  action?: string;
  /** Of a change of many records: whose number is their count. */
  many?: 'own' | 'parent';
}

interface Link {
  collection: string;
  number?: string;
}

/** Collections that several modules have, named with their module: time entry, schedule entry. */
const sharedNames: ReadonlySet<string> = new Set(['entries', 'types', 'statuses', 'sheets']);

const verbs: ReadonlySet<string> = new Set(
  (
    'merge convert copy generate link unlink attach detach approve reject reverse submit cancel deactivate export ' +
    'recalculate rebatch unbatch clear reset execute apply resolve'
  ).split(' '),
);

/** Whether an action is a verb, `convertToProject`: its record is what it is done to. */
export const isVerb = (action: string): boolean => verbs.has(wordsOf(action)[0] ?? '');

/** Reads a concrete path with the help of its endpoint, where the catalog has one. */
export function parseTarget(method: Method, path: string, endpoint?: Pick<Endpoint, 'path' | 'status'>): Target {
  const links = linksOf(path, endpoint?.path);
  const last = links.at(-1) ?? { collection: path };
  const previous = links.at(-2);
  // A new record is answered with 201 (CW 4.2.30), but definitions do not always say so.
  const creates = !isVerb(last.collection) && (endpoint?.status === 201 || /s$/i.test(last.collection));
  if (last.number === undefined && previous !== undefined && !creates) {
    return { ...targetOf(previous, links.at(-3), false), action: last.collection };
  }
  return targetOf(last, previous, method === 'POST' && last.number === undefined);
}

/** A placeholder in the path for the id that differs; digits, because ids are. */
const anyNumber = '00000000000000000000';

/** The same for a change of many records, whose path has one `{…}` for their ids: `tickets 12`, a new note of them. */
export function parseTargetOfMany(
  method: Method,
  path: string,
  count: number,
  endpoint?: Pick<Endpoint, 'path' | 'status'>,
): Target {
  const target = parseTarget(method, path.replace(/\{[^}]*\}/, anyNumber), endpoint);
  const number = String(count);
  // Without a place for ids each is a new record.
  if (!path.includes('{')) return { ...target, object: plural(target.object), number, many: 'own' };
  if (target.number === anyNumber) {
    return { ...target, object: plural(target.object), number, isNew: false, many: 'own' };
  }
  // The ids can be further up in the path than a parent; they are shown as the parent all the same.
  const [, collection = ''] = /([^/]*)\/\{/.exec(path) ?? [];
  const object = target.parent?.number === anyNumber ? target.parent.object : singular(collection);
  return { ...target, parent: { object: plural(object), number }, many: 'parent' };
}

function linksOf(path: string, template: string | undefined): Link[] {
  const [module = '', ...segments] = path.split('/').filter(Boolean);
  const [, ...placeholders] = template?.split('/').filter(Boolean) ?? [];
  const links: Link[] = [];
  segments.forEach((segment, index) => {
    const isId = template === undefined ? /^\d+$/.test(segment) : placeholders[index]?.startsWith('{');
    const last = links.at(-1);
    if (isId && last !== undefined && last.number === undefined) last.number = segment;
    else links.push({ collection: links.length === 0 && sharedNames.has(segment) ? `${module} ${segment}` : segment });
  });
  return links;
}

function targetOf({ collection, number }: Link, previous: Link | undefined, isNew: boolean): Target {
  const name = number === undefined && !isNew ? collection : singular(collection);
  const owner = previous === undefined ? undefined : singular(previous.collection);
  const parent =
    owner === undefined || previous?.number === undefined ? undefined : { object: owner, number: previous.number };
  // The statuses of all companies are `company statuses`; those of one board have that board as their parent.
  const object = owner !== undefined && previous?.number === undefined ? `${owner} ${name}` : name;
  return defined<Target>({ object, isNew, number, parent });
}
