import { isRecord } from '../core/json.ts';
import type { PreparedChange } from './change.ts';
import { ownValue } from './differences.ts';
import { isEqual } from './stale.ts';
import { isOperations, segmentsOf, toOperations } from './to-operations.ts';

type Values = Readonly<Record<string, unknown>>;

/** What a change is about to overwrite, as it is: the members that a PATCH names, all of what a DELETE removes. */
export function beforeOf({ method, body }: PreparedChange, record: Values | undefined): Values | undefined {
  if (record === undefined || method === 'DELETE') return record;
  if (method !== 'PATCH' || !isOperations(body)) return undefined;
  const members = toOperations(body).map((operation) => segmentsOf(operation)[0] ?? '');
  return pick(record, members);
}

/** The same with what ConnectWise changed besides: a new contact brings its name and number along. */
export function beforeAndAround(
  change: PreparedChange,
  record: Values | undefined,
  answer: unknown,
): Values | undefined {
  const named = beforeOf(change, record);
  if (change.method !== 'PATCH' || record === undefined || named === undefined || !isRecord(answer)) return named;
  // With `fields` the answer shows only these.
  if (Object.keys(change.query ?? {}).some((name) => name.toLowerCase() === 'fields')) return named;
  const all = new Set([...Object.keys(record), ...Object.keys(answer)]);
  all.delete('_info');
  const moved = [...all].filter((name) => !isEqual(ownValue(record, name), ownValue(answer, name)));
  return pick(record, [...Object.keys(named), ...moved]);
}

/** Members with their values, null where they have none. */
function pick(record: Values, members: readonly string[]): Values {
  return Object.fromEntries([...new Set(members)].map((name) => [name, ownValue(record, name) ?? null]));
}
