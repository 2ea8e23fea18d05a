import type { Method } from '../catalog/endpoint.ts';
import { singular } from '../catalog/english.ts';

/** What a request is about, as a person says it: ticket 4711, a new note on it, its merging. */
export interface Target {
  /** `ticket`; the plural where neither a number nor a new record is meant. */
  object: string;
  number?: string;
  isNew: boolean;
  /** The record that the object belongs to. */
  parent?: { object: string; number: string };
  /** Last segment of a POST that does something to the record: `merge`. */
  action?: string;
}

interface Link {
  collection: string;
  number?: string;
}

/** Reads a concrete path. `creates` says that the endpoint answers 201, the mark of a new record (CW 4.2.30). */
export function parseTarget(method: Method, path: string, creates: boolean): Target {
  const links: Link[] = [];
  // The first segment is the module and says nothing of the object.
  for (const segment of path.split('/').filter(Boolean).slice(1)) {
    const last = links.at(-1);
    if (/^\d+$/.test(segment) && last !== undefined && last.number === undefined) last.number = segment;
    else links.push({ collection: segment });
  }
  const last = links.at(-1) ?? { collection: path };
  const previous = links.at(-2);
  const isPlural = /s$/i.test(last.collection);
  if (last.number === undefined && previous !== undefined && !creates && !isPlural) {
    return { ...targetOf(previous, links.at(-3), false), action: last.collection };
  }
  return targetOf(last, previous, method === 'POST' && last.number === undefined);
}

function targetOf({ collection, number }: Link, previous: Link | undefined, isNew: boolean): Target {
  return {
    object: number === undefined && !isNew ? collection : singular(collection),
    isNew,
    ...(number === undefined ? {} : { number }),
    ...(previous?.number === undefined
      ? {}
      : { parent: { object: singular(previous.collection), number: previous.number } }),
  };
}
