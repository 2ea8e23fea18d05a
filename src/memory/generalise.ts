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
import { defined, isRecord } from '../core/json.ts';
import { isConditionName } from './placeholders/fill-conditions.ts';
import { escapeBraces, isReserved } from './placeholders/parse.ts';
import type { CallOfQuery } from './saved-query.ts';
import { findExpression, isShowing } from './shape.ts';

export interface Proposal {
  path: string;
  params?: Record<string, string>;
  data?: unknown;
  /** Names of the placeholders, in order. */
  placeholders: readonly string[];
}

/**
 * Two calls of one shape as one query: values that differ become placeholders, named after their place; equal values
 * stay. Of one call given twice nothing becomes a placeholder.
 */
export function generalise(first: CallOfQuery, last: CallOfQuery, template: string): Proposal {
  const placeholders = createPlaceholders();
  const path = generalisePath(first.path, last.path, template, placeholders);
  const params = Object.entries(last.params ?? {})
    .filter(([name]) => !/^page(size|id)?$/i.test(name))
    .map(([name, text]) => [name, generaliseText(name, first.params?.[name], text, placeholders)] as const);
  return defined<Proposal>({
    path,
    params: params.length > 0 ? Object.fromEntries(params) : undefined,
    data: last.data === undefined ? undefined : generaliseData(first.data, last.data, placeholders),
    placeholders: placeholders.names,
  });
}

interface Placeholders {
  names: string[];
  /** `{name}`, with a number where the name is in use. */
  add(name: string): string;
}

function createPlaceholders(): Placeholders {
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

function generalisePath(first: string, last: string, template: string, placeholders: Placeholders): string {
  const [before, now, names] = [first, last, template].map((path) => path.split('/')) as [string[], string[], string[]];
  return now
    .map((segment, at) => {
      if (segment === before[at]) return segment;
      // `{id}` after `tickets` is a ticket.
      return placeholders.add(names[at]?.startsWith('{') ? singular(now[at - 1] ?? 'id') : 'value');
    })
    .join('/');
}

function generaliseText(name: string, before: string | undefined, now: string, placeholders: Placeholders): string {
  if (isConditionName(name) && before !== undefined && before !== now) {
    const trees = [findExpression(before), findExpression(now)] as const;
    if (trees[0] !== undefined && trees[1] !== undefined) return generaliseTree(trees[0], trees[1], placeholders);
  }
  if (before === now || before === undefined || isShowing(name)) return escapeBraces(now);
  return placeholders.add(name);
}

/** Values that differ become markers in the tree, and placeholders in the printed text. */
function generaliseTree(first: Expression, last: Expression, placeholders: Placeholders): string {
  const printed = (values: readonly Value[]) => values.map(printValue).join();
  const before = predicatesOf(first).map((predicate) => printed(valuesOf(predicate)));
  let at = -1;
  const sources: string[] = [];
  const mark = (values: readonly Value[], predicate: Predicate): readonly Value[] => {
    at += 1;
    const [value] = values;
    if (value === undefined || printed(values) === before[at]) return values;
    sources.push(placeholders.add(nameOf(predicate)));
    return [{ kind: 'string', value: `\u{e000}${sources.length - 1}\u{e001}`, span: value.span }];
  };
  const text = escapeBraces(printConditions(mapValues(last, mark)));
  return text.replace(/"\u{e000}(\d+)\u{e001}"/gu, (_whole, index) => sources[Number(index)] ?? '');
}

/** The name of a value: `board` for `board/name`; of dates `from` or `to`, by the comparison. */
function nameOf(predicate: Predicate): string {
  const [first = 'value'] = predicate.path.segments;
  const name = first === '_info' ? (predicate.path.segments[1] ?? first) : first;
  if (predicate.kind !== 'compare' || predicate.value.kind !== 'datetime') return name;
  return predicate.operator.startsWith('>') ? 'from' : 'to';
}

function generaliseData(before: unknown, now: unknown, placeholders: Placeholders, name = 'value'): unknown {
  if (Array.isArray(now))
    return now.map((item, at) =>
      generaliseData(Array.isArray(before) ? before[at] : undefined, item, placeholders, name),
    );
  if (isRecord(now)) {
    const old = isRecord(before) ? before : {};
    const pairs = Object.entries(now).map(([member, value]) => {
      // The id or name of a reference gets the name of the member that refers: `company/id` is `company`.
      const called = ['id', 'name', 'identifier'].includes(member) && name !== 'value' ? name : member;
      if (typeof value === 'string' && isConditionName(member))
        return [
          member,
          generaliseText(member, typeof old[member] === 'string' ? old[member] : undefined, value, placeholders),
        ];
      return [member, generaliseData(old[member], value, placeholders, called)];
    });
    return Object.fromEntries(pairs);
  }
  if (now !== before && before !== undefined) return placeholders.add(name);
  return typeof now === 'string' ? escapeBraces(now) : now;
}
