import { isRecord } from '../core/json.ts';

export interface Limits {
  /** Longest text. */
  characters: number;
  /** Most elements of a list. */
  items: number;
}

/** A copy with long texts and lists cut, each saying how much is missing. */
export function shorten(value: unknown, limits: Limits): unknown {
  if (typeof value === 'string') {
    const rest = value.length - limits.characters;
    return rest > 0 ? `${value.slice(0, limits.characters).toWellFormed()}… (${rest} more characters)` : value;
  }
  if (Array.isArray(value)) {
    const kept = value.slice(0, limits.items).map((item) => shorten(item, limits));
    const rest = value.length - limits.items;
    if (rest <= 0) return kept;
    return [...kept, value.every(isRecord) ? { more: rest } : `… (${rest} more)`];
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shorten(member, limits)]));
}

const steps: readonly Limits[] = [
  { characters: 2000, items: 50 },
  { characters: 600, items: 20 },
  { characters: 200, items: 10 },
  { characters: 80, items: 5 },
];

export interface FittedRecord {
  record: Record<string, unknown>;
  /** Members that did not fit. */
  moreMembers: string[];
}

/** A record within a size in bytes of its JSON: texts are cut first, then later members are only named. */
export function fitRecord(record: Record<string, unknown>, maxBytes: number): FittedRecord {
  let fitted = record;
  for (const limits of steps) {
    if (size(fitted) <= maxBytes) return { record: fitted, moreMembers: [] };
    fitted = shorten(record, limits) as Record<string, unknown>;
  }
  const kept: Record<string, unknown> = {};
  const moreMembers: string[] = [];
  let bytes = 2;
  for (const [name, value] of Object.entries(fitted)) {
    bytes += size({ [name]: value });
    if (bytes > maxBytes) moreMembers.push(name);
    else kept[name] = value;
  }
  return { record: kept, moreMembers };
}

/** As many of the first elements as fit into a size in bytes of their JSON, at least one; none is cut. */
export function fitList<T>(values: readonly T[], maxBytes: number): T[] {
  const kept: T[] = [];
  let bytes = 2;
  for (const value of values) {
    bytes += size(value) + 1;
    if (bytes > maxBytes && kept.length > 0) break;
    kept.push(value);
  }
  return kept;
}

const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
