import { type OrderKey, parseOrderBy } from '../../src/conditions/index.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Context } from '../context.ts';
import { isDate } from '../definitions.ts';
import type { JsonValue } from '../json.ts';
import { findCondition, unrecognizedName } from '../server/refusal.ts';
import { type Field, findField, type Source } from './field.ts';

/**
 * Orders records by `orderBy`, then by id, which is also the order without one (CW 3). Nothing comes before
 * something and case does not count, as in SQL Server's usual collation. Only the first `upTo` are sure to be in
 * order, the rest is unordered: a page of 60,000 tickets does not need all of them sorted.
 * @throws GatewayError 400 `ApiFindCondition` for a name that does not exist
 */
export function orderRecords<T extends Source & { id: number }>(
  context: Context,
  schema: string,
  records: T[],
  orderBy: string | undefined,
  upTo = records.length,
): T[] {
  return orderOver(records, orderBy, (segments) => findField(context, schema, segments), upTo);
}

/** The same over names that `find` knows. */
export function orderOver<T extends Source & { id: number }>(
  records: T[],
  orderBy: string | undefined,
  find: (segments: readonly string[]) => Field | undefined,
  upTo = records.length,
): T[] {
  if (orderBy === undefined || orderBy.trim() === '') return records.sort((a, b) => a.id - b.id);
  const keys = parse(orderBy).map(({ path, direction }) => {
    const field = find(path.segments);
    if (field === undefined || field.member.type === 'object') throw unrecognizedName(path.segments.join('/'));
    // Dates have one case only.
    const read = isDate(field.member) ? field.read : (source: Source) => fold(field.read(source));
    return { read, sign: direction === 'desc' ? -1 : 1 };
  });
  return firstInOrder(records, keys, upTo);
}

interface Key {
  read: Field['read'];
  sign: number;
}

/** All records, the first `count` of them in order: what cannot be among these is put aside without sorting. */
function firstInOrder<T extends Source & { id: number }>(
  records: readonly T[],
  keys: readonly Key[],
  count: number,
): T[] {
  const limit = Math.max(count, 100);
  const [lead] = keys;
  // Keys are read once a record and not once a comparison.
  let best: { record: T; values: (JsonValue | undefined)[] }[] = [];
  const others: T[] = [];
  const compareRows = (a: (typeof best)[number], b: (typeof best)[number]): number => {
    for (const [index, { sign }] of keys.entries()) {
      const order = compare(a.values[index], b.values[index]);
      if (order !== 0) return order * sign;
    }
    return a.record.id - b.record.id;
  };
  let last: (typeof best)[number] | undefined;
  // What is newest comes last in a collection: a list that wants it first is gone through from there.
  for (const record of (lead?.sign ?? 1) < 0 ? records.toReversed() : records) {
    // For most records the first key alone shows that they come later.
    if (last !== undefined && lead !== undefined && compare(lead.read(record), last.values[0]) * lead.sign > 0) {
      others.push(record);
      continue;
    }
    best.push({ record, values: keys.map(({ read }) => read(record)) });
    if (best.length < 2 * limit) continue;
    best.sort(compareRows);
    for (const row of best.slice(limit)) others.push(row.record);
    best = best.slice(0, limit);
    last = best.at(-1);
  }
  return [...best.sort(compareRows).map(({ record }) => record), ...others];
}

function fold(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** Values of one member have one type; `null` and objects, which have no order, count as nothing. */
function compare(a: JsonValue | undefined, b: JsonValue | undefined): number {
  if (a === b) return 0;
  const hasA = isSortable(a);
  const hasB = isSortable(b);
  if (!hasA || !hasB) return Number(hasA) - Number(hasB);
  return a < b ? -1 : 1;
}

function isSortable(value: JsonValue | undefined): value is string | number | boolean {
  return value !== undefined && value !== null && typeof value !== 'object';
}

function parse(orderBy: string): readonly OrderKey[] {
  try {
    return parseOrderBy(orderBy);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw findCondition(error.message);
  }
}
