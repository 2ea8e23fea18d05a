import { defined, isRecord } from '../core/json.ts';
import { showHidden } from '../core/text.ts';
import { tidyRecord } from '../results/index.ts';
import type { MemberDifference, Values } from './change.ts';
import { isReferenceValue, showHiddenIn } from './wording.ts';

/** More elements of one array are counted, not listed: a preview is read by a person. */
const maxElements = 10;

export interface Comparison {
  differences: MemberDifference[];
  /** Members that already have the value that they should get. */
  unchanged: string[];
}

/** Compares the named members of a record as it is and as it should be. */
export function compareMembers(before: Values, after: Values, members: readonly string[]): Comparison {
  const comparison: Comparison = { differences: [], unchanged: [] };
  for (const member of members) {
    const found = compareMember(member, ownValue(before, member), ownValue(after, member));
    if (found.length === 0) comparison.unchanged.push(member);
    comparison.differences.push(...found);
  }
  return comparison;
}

/** A member can be called `constructor`. */
export const ownValue = (record: Values, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function compareMember(member: string, before: unknown, after: unknown): MemberDifference[] {
  if (member === 'customFields' && Array.isArray(after)) return compareCustomFields(elements(before), after);
  if (Array.isArray(before) || Array.isArray(after)) {
    return isSame(before, after) ? [] : compareElements(member, elements(before), elements(after));
  }
  return isSame(before, after) ? [] : expand(member, before, after);
}

const elements = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Elements are matched by id where all stored ones have one (elements without an id are new), else by position. */
function compareElements(member: string, before: readonly unknown[], after: readonly unknown[]): MemberDifference[] {
  const hasId = (element: unknown) => isRecord(element) && element.id !== undefined;
  const byId = before.every(hasId) && after.every(isRecord);
  const keyOf = (element: unknown, index: number) => {
    if (!byId || !isRecord(element)) return `${member}[${index}]`;
    return `${member}[${element.id === undefined ? `new ${index}` : (idOf(element) ?? index)}]`;
  };
  const old = new Map(before.map((element, index) => [keyOf(element, index), element]));
  const wanted = new Map(after.map((element, index) => [keyOf(element, index), element]));
  const keys = [...new Set([...old.keys(), ...wanted.keys()])].filter((key) => !isSame(old.get(key), wanted.get(key)));
  const shown = keys.slice(0, maxElements).flatMap((key) => expand(key, old.get(key), wanted.get(key)));
  const rest = keys.length - maxElements;
  return rest <= 0 ? shown : [...shown, { member, after: `${rest} more elements differ` }];
}

/** Rows of custom fields are given as `{id, value}` and keep the rest of themselves (CW 5.2.7). */
function compareCustomFields(before: readonly unknown[], after: readonly unknown[]): MemberDifference[] {
  const changed = after.filter(isRecord).flatMap((row) => {
    const old = before.filter(isRecord).find((candidate) => isSameId(candidate.id, row.id));
    // The caption comes from the record only.
    const { caption: _, ...given } = row;
    const merged = { ...old, ...given };
    if (isSame(old?.value, merged.value)) return [];
    const name = `customFields[${String(old?.caption ?? idOf(row) ?? 'unknown')}]`;
    // Tidied as rows, because the row decides whether its value is a password.
    const oldRow = tidyRecord(old ?? {});
    const newRow = tidyRecord(merged);
    return [difference(name, isRecord(oldRow) ? oldRow.value : undefined, isRecord(newRow) ? newRow.value : undefined)];
  });
  const rest = changed.length - maxElements;
  if (rest <= 0) return changed;
  return [...changed.slice(0, maxElements), { member: 'customFields', after: `${rest} more rows differ` }];
}

/** Of two records that are not references, the members that differ: equal members would hide the changes. */
function expand(member: string, before: unknown, after: unknown): MemberDifference[] {
  if (!isRecord(before) || !isRecord(after) || isReferenceValue(after)) return [difference(member, before, after)];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => name !== '_info' && !isSame(before[name], after[name]));
  return changed.map((name) => difference(`${member}/${name}`, before[name], after[name]));
}

function difference(member: string, before: unknown, after: unknown): MemberDifference {
  return defined<MemberDifference>({
    member,
    before: isEmpty(before) ? undefined : compactValue(member, before),
    after: isEmpty(after) ? undefined : tidyValue(member, showHiddenIn(after)),
  });
}

/** A stored record as its id and names, where it has any; a reference does not include its other members. */
export function compactValue(member: string, value: unknown): unknown {
  const tidy = tidyValue(member, value);
  if (!isRecord(tidy) || (tidy.name === undefined && tidy.identifier === undefined)) return tidy;
  const { id, identifier, name } = tidy;
  return defined({ id, identifier, name });
}

/** A value without empty members, secrets and links. */
function tidyValue(member: string, value: unknown): unknown {
  if (isRecord(value)) return tidyRecord(value);
  const name = showHidden(lastName(member));
  return ownValue(tidyRecord({ [name]: value }) as Values, name) ?? '';
}

/** The name that decides whether a value is secret: `password` of `lines[id 1]/password`. */
const lastName = (member: string): string => member.slice(member.lastIndexOf('/') + 1);

/** An id as part of a name; other values could be any text. */
const idOf = ({ id }: Values): string | undefined => (/^\d{1,15}$/.test(String(id)) ? `id ${id}` : undefined);

const isEmpty = (value: unknown) => value === null || value === undefined;
// ConnectWise takes the ids of references as texts too (CW 5.1.4).
const isSameId = (one: unknown, other: unknown) => String(one) === String(other);

/**
 * Whether a new value is the one that is stored. A new reference is compared by the members that it has; links and
 * stamps do not count, and null is the same as absent.
 */
export function isSame(before: unknown, after: unknown): boolean {
  if (isEmpty(before) || isEmpty(after)) return isEmpty(before) && isEmpty(after);
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((element, index) => isSame(element, after[index]));
  }
  if (!isRecord(before) || !isRecord(after)) return before === after;
  const wanted = Object.keys(after).filter((name) => name !== '_info' && !isEmpty(after[name]));
  const names = isReferenceValue(after)
    ? wanted
    : [...wanted, ...Object.keys(before).filter((name) => name !== '_info')];
  return names.every((name) => (name === 'id' ? isSameId(before.id, after.id) : isSame(before[name], after[name])));
}
