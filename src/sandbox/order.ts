import { type OrderKey, parseOrderBy } from '../conditions/parse-order-by.ts';
import { GatewayError } from '../errors.ts';
import { findField, type Source } from './field.ts';
import type { JsonValue } from './json.ts';
import { findCondition, unrecognizedName } from './refusal.ts';
import type { World } from './world.ts';

/**
 * Orders records by `orderBy`, then by id, which is also the order without one (CW 3). Nothing comes before
 * something and case does not count, as in SQL Server's usual collation.
 * @throws GatewayError 400 `ApiFindCondition` for a name that does not exist
 */
export function orderRecords<T extends Source & { id: number }>(
  world: World,
  schema: string,
  records: T[],
  orderBy: string | undefined,
): T[] {
  if (orderBy === undefined || orderBy.trim() === '') return records.sort((a, b) => a.id - b.id);
  const keys = parse(orderBy).map(({ path, direction }) => {
    const field = findField(world, schema, path.segments);
    if (field === undefined || field.member.type === 'object') throw unrecognizedName(path.segments.join('/'));
    return { read: field.read, sign: direction === 'desc' ? -1 : 1 };
  });
  // Keys are read once a record and not once a comparison.
  const rows = records.map((record) => ({ record, values: keys.map(({ read }) => sortable(read(record))) }));
  rows.sort((a, b) => {
    for (const [index, { sign }] of keys.entries()) {
      const order = compare(a.values[index], b.values[index]);
      if (order !== 0) return order * sign;
    }
    return a.record.id - b.record.id;
  });
  return rows.map(({ record }) => record);
}

type Sortable = string | number | undefined;

function sortable(value: JsonValue | undefined): Sortable {
  if (typeof value === 'string') return value.toLowerCase();
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

function compare(a: Sortable, b: Sortable): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return a < b ? -1 : 1;
}

function parse(orderBy: string): readonly OrderKey[] {
  try {
    return parseOrderBy(orderBy);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw findCondition(error.message);
  }
}
