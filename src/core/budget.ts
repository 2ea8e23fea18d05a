import { isRecord } from './json.ts';

/** Making values fit into a size in bytes. Each kind of value has a ladder: steps from gentle to harsh, as data. */

/** Bytes of a value's JSON. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

export interface Ladder<Value, Step, Fitted> {
  /** From gentle to harsh. What the last one makes is taken unmeasured: it is to fit whatever the value. */
  steps: readonly [Step, ...Step[]];
  /** The value as a step leaves it; a step that keeps as much as there is room for needs to know how much there is. */
  apply(value: Value, step: Step, maxBytes: number): Fitted;
  /** Bytes; of the JSON unless given. */
  sizeOf?(fitted: Fitted): number;
}

/** The value by the gentlest step after which it fits. */
export function fitInto<Value, Step, Fitted>(
  value: Value,
  maxBytes: number,
  { steps, apply, sizeOf = jsonBytes }: Ladder<Value, Step, Fitted>,
): Fitted {
  const [first, ...harsher] = steps;
  let fitted = apply(value, first, maxBytes);
  for (const step of harsher) {
    if (sizeOf(fitted) <= maxBytes) break;
    fitted = apply(value, step, maxBytes);
  }
  return fitted;
}

/** As many of the first elements as fit, at least one where there are any; none is cut, none behind is looked at. */
export function keepFirst<T>(values: Iterable<T>, maxBytes: number, sizeOf: (value: T) => number): T[] {
  const kept: T[] = [];
  let bytes = 0;
  for (const value of values) {
    bytes += sizeOf(value);
    if (bytes > maxBytes && kept.length > 0) break;
    kept.push(value);
  }
  return kept;
}

/** The same for a list of JSON: brackets and commas count too. */
export const fitList = <T>(values: readonly T[], maxBytes: number): T[] =>
  keepFirst(values, maxBytes - 2, (value) => jsonBytes(value) + 1);

/**
 * How much work it is to go through a value: one for each member and element, and more for long texts.
 * @param most where counting ends
 */
export function weightOf(value: unknown, most = Number.POSITIVE_INFINITY): number {
  if (typeof value === 'string') return 1 + value.length / charactersOfOne;
  if (typeof value !== 'object' || value === null) return 1;
  let weight = 1;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    weight += weightOf(member, most - weight);
    if (weight > most) break;
  }
  return weight;
}

/** Characters that are cleaned in the time of one member. */
const charactersOfOne = 10;

/** How much of a value is kept. */
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

export interface FittedRecord {
  record: Record<string, unknown>;
  /** Members that did not fit. */
  moreMembers: string[];
}

interface RecordStep {
  limits?: Limits;
  /** Leaves out later members. */
  leavesOut?: true;
}

const recordLadder: Ladder<Record<string, unknown>, RecordStep, FittedRecord> = {
  steps: [
    {},
    { limits: { characters: 2000, items: 50 } },
    { limits: { characters: 600, items: 20 } },
    { limits: { characters: 200, items: 10 } },
    { limits: { characters: 80, items: 5 }, leavesOut: true },
  ],
  apply(record, { limits, leavesOut = false }, maxBytes) {
    const cut = limits === undefined ? record : (shorten(record, limits) as Record<string, unknown>);
    return leavesOut ? dropMembers(cut, maxBytes) : { record: cut, moreMembers: [] };
  },
  sizeOf: ({ record }) => jsonBytes(record),
};

/** A record within a size: texts are cut first, then later members are only named. */
export const fitRecord = (record: Record<string, unknown>, maxBytes: number): FittedRecord =>
  fitInto(record, maxBytes, recordLadder);

/** From the first that does not fit on, the others are named. */
function dropMembers(record: Record<string, unknown>, maxBytes: number): FittedRecord {
  const members = Object.entries(record);
  const kept: typeof members = [];
  let bytes = 2;
  for (const [name, value] of members) {
    bytes += jsonBytes({ [name]: value });
    if (bytes > maxBytes) break;
    kept.push([name, value]);
  }
  // Entries, since assigning would lose a member named __proto__.
  return { record: Object.fromEntries(kept), moreMembers: members.slice(kept.length).map(([name]) => name) };
}
