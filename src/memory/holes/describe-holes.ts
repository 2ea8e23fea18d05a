import type { Catalog } from '../../catalog/index.ts';
import { wordsOf } from '../../core/english.ts';
import { type CallOfQuery, placesOf } from './fill-query.ts';
import { isReserved } from './parse-holes.ts';
import { type HoleType, type Place, sampleOf } from './place.ts';

/** An argument that a saved query takes. */
export interface Argument {
  name: string;
  required: boolean;
  fallback?: string;
  /** Of its places, the one that says most. */
  type: HoleType;
  list: boolean;
}

/** What says more stands further left. */
const telling: readonly HoleType['kind'][] = [
  'reference',
  'enum',
  'date',
  'datetime',
  'boolean',
  'number',
  'names',
  'text',
  'any',
];

/**
 * The arguments of a query, in the order in which they stand in it.
 * @throws GatewayError for holes and conditions that cannot be read
 */
export function argumentsOf(query: CallOfQuery, catalog: Catalog): Argument[] {
  return argumentsAt(placesOf(query, catalog, sampleOf).places);
}

export function argumentsAt(places: readonly Place[]): Argument[] {
  const found = new Map<string, Argument>();
  for (const { hole, type, list = false } of places) {
    if (isReserved(hole.name)) continue;
    const key = hole.name.toLowerCase();
    const before = found.get(key);
    const better = before !== undefined && telling.indexOf(before.type.kind) <= telling.indexOf(type.kind);
    // A default anywhere is a default everywhere.
    const fallback = before?.fallback ?? hole.fallback;
    found.set(key, {
      name: before?.name ?? hole.name,
      required: fallback === undefined,
      ...(fallback === undefined ? {} : { fallback }),
      type: better ? before.type : type,
      list: list || before?.list === true,
    });
  }
  return [...found.values()];
}

/** `company`, `since=last_month`: as short as a list of queries needs it. */
export function renderArgument({ name, fallback }: Argument): string {
  return fallback === undefined ? name : `${name}=${fallback}`;
}

/** What an argument takes, in words: `a company, by name, identifier or id`. */
export function renderType({ type, list }: Pick<Argument, 'type' | 'list'>): string {
  const words = typeWords(type);
  return list ? `${words}; or a list of them` : words;
}

function typeWords(type: HoleType): string {
  switch (type.kind) {
    case 'reference':
      return `the name or id of a ${nounOf(type.schema)}`;
    case 'enum':
      return `one of ${type.values.slice(0, 12).join(', ')}${type.values.length > 12 ? ', …' : ''}`;
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'date':
    case 'datetime':
      return 'a date such as 2025-01-31, last_month or now-24h';
    case 'names':
      return 'names of members, with commas between';
    default:
      return 'a text';
  }
}

/** `ServiceStatusReference` is a service status. */
export function nounOf(schema: string): string {
  return wordsOf(schema.replace(/Reference$/, ''))
    .join(' ')
    .toLowerCase();
}
