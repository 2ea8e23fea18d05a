import { createHash } from 'node:crypto';
import { type Method, normalisePath, pathKey } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import { canonicalConditions, isConditionName } from './placeholders/fill-conditions.ts';
import type { NewSavedQuery } from './saved-query.ts';

/** Method and path in one spelling: case, a trailing slash and the names of placeholders do not matter. */
export function endpointKey(method: Method, path: string): string {
  return `${method} ${pathKey(normalisePath(path))}`;
}

/** Equal for two queries that ask ConnectWise the same thing, however their JSON is laid out. */
export function meaningOf({ method, path, params, data, sql }: Omit<NewSavedQuery, 'description' | 'name'>): string {
  const plain = Object.entries(params ?? {}).map(([name, text]) => [name.toLowerCase(), canonicalText(name, text)]);
  const parts = [
    endpointKey(method, path),
    canonicalJson(Object.fromEntries(plain)),
    data === undefined ? '' : canonicalJson(data),
    ...(sql === undefined ? [] : [sql.trim()]),
  ];
  // A digest, because a body can be a megabyte, which is too much for an index.
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** Conditions that differ in spaces, quotes and the case of keywords ask the same. */
function canonicalText(name: string, text: string): string {
  if (!isConditionName(name)) return text;
  try {
    return canonicalConditions(text);
  } catch (error) {
    // A text that is not a condition has no other spelling.
    if (error instanceof GatewayError) return text;
    throw error;
  }
}

/** JSON with the members of every object in one order. The order of an array has a meaning and stays. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isRecord(value)) return value;
  // As pairs: an object would put members that look like numbers first, and would lose `__proto__`.
  const pairs = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, inOrder(member)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return { members: pairs };
}
