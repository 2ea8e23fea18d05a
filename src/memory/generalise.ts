import {
  type Expression,
  mapValues,
  type Predicate,
  predicatesOf,
  printConditions,
  printValue,
  type Value,
  valuesOf,
} from '../conditions/index.ts';
import { singular } from '../core/english.ts';
import { isRecord } from '../core/json.ts';
import type { CallOfQuery } from './holes/fill-query.ts';
import { escapeBraces, isReserved } from './holes/parse-holes.ts';
import { findExpression, isCondition, isShowing } from './shape.ts';

export interface Proposal {
  path: string;
  params?: Record<string, string>;
  data?: unknown;
  /** Names of the placeholders, in order. */
  holes: readonly string[];
}

/**
 * Two calls of one shape as one with placeholders: what differs between them gets a name from where it stands, what is
 * the same stays. With one call alone nothing differs.
 */
export function generalise(first: CallOfQuery, last: CallOfQuery, template: string): Proposal {
  const holes = createHoles();
  const path = generalisePath(first.path, last.path, template, holes);
  const params = Object.entries(last.params ?? {})
    .filter(([name]) => !/^page(size|id)?$/i.test(name))
    .map(([name, text]) => [name, generaliseText(name, first.params?.[name], text, holes)] as const);
  return {
    path,
    ...(params.length > 0 ? { params: Object.fromEntries(params) } : {}),
    ...(last.data === undefined ? {} : { data: generaliseData(first.data, last.data, holes) }),
    holes: holes.names,
  };
}

interface Holes {
  names: string[];
  /** `{name}`, with a number where the name is in use. */
  add(name: string): string;
}

function createHoles(): Holes {
  const names: string[] = [];
  return {
    names,
    add(wanted) {
      const base = wanted.replace(/[^\p{L}\p{N}_]/gu, '').slice(0, 30) || 'value';
      let name = isReserved(base) ? `${base}Value` : base;
      for (let count = 2; names.includes(name); count++) name = `${base}${count}`;
      names.push(name);
      return `{${name}}`;
    },
  };
}

function generalisePath(first: string, last: string, template: string, holes: Holes): string {
  const [before, now, names] = [first, last, template].map((path) => path.split('/')) as [string[], string[], string[]];
  return now
    .map((segment, at) => {
      if (segment === before[at]) return segment;
      // `{id}` behind `tickets` is a ticket.
      return holes.add(names[at]?.startsWith('{') ? singular(now[at - 1] ?? 'id') : 'value');
    })
    .join('/');
}

function generaliseText(name: string, before: string | undefined, now: string, holes: Holes): string {
  if (isCondition(name) && before !== undefined && before !== now) {
    const trees = [findExpression(before), findExpression(now)] as const;
    if (trees[0] !== undefined && trees[1] !== undefined) return generaliseTree(trees[0], trees[1], holes);
  }
  if (before === now || before === undefined || isShowing(name)) return escapeBraces(now);
  return holes.add(name);
}

/** Values that differ become markers in the tree, and placeholders in what is printed of it. */
function generaliseTree(first: Expression, last: Expression, holes: Holes): string {
  const before = predicatesOf(first).map((predicate) => valuesOf(predicate).map(printValue).join());
  let at = -1;
  const sources: string[] = [];
  const mark = (values: readonly Value[], predicate: Predicate): readonly Value[] => {
    at += 1;
    const [value] = values;
    if (value === undefined || values.map(printValue).join() === before[at]) return values;
    sources.push(holes.add(nameOf(predicate)));
    return [{ kind: 'string', value: `\u{e000}${sources.length - 1}\u{e001}`, span: value.span }];
  };
  const printed = escapeBraces(printConditions(mapValues(last, mark)));
  return printed.replace(/"\u{e000}(\d+)\u{e001}"/gu, (_whole, index) => sources[Number(index)] ?? '');
}

/** `board/name` is a board; a bound of dates is where they begin or end. */
function nameOf(predicate: Predicate): string {
  const [first = 'value'] = predicate.path.segments;
  const name = first === '_info' ? (predicate.path.segments[1] ?? first) : first;
  if (predicate.kind !== 'compare' || predicate.value.kind !== 'datetime') return name;
  return predicate.operator.startsWith('>') ? 'from' : 'to';
}

function generaliseData(before: unknown, now: unknown, holes: Holes, name = 'value'): unknown {
  if (Array.isArray(now))
    return now.map((item, at) => generaliseData(Array.isArray(before) ? before[at] : undefined, item, holes, name));
  if (isRecord(now)) {
    const old = isRecord(before) ? before : {};
    const pairs = Object.entries(now).map(([member, value]) => {
      // A reference is called by what it refers to.
      const called = ['id', 'name', 'identifier'].includes(member) && name !== 'value' ? name : member;
      if (typeof value === 'string' && isCondition(member))
        return [
          member,
          generaliseText(member, typeof old[member] === 'string' ? old[member] : undefined, value, holes),
        ];
      return [member, generaliseData(old[member], value, holes, called)];
    });
    return Object.fromEntries(pairs);
  }
  if (now !== before && before !== undefined) return holes.add(name);
  return typeof now === 'string' ? escapeBraces(now) : now;
}
