import { asObject } from '../../core/json.ts';
import type { ConnectWiseRequest } from '../client.ts';

export type Query = Readonly<Record<string, string>>;

/** Names of query members are not case-sensitive (CW 2.1). */
export function findQueryMember(query: Query, name: string): string | undefined {
  return Object.entries(query).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];
}

/** The query with `members` in place of what it had under these names, however written; undefined removes one. */
export function withMembers(query: Query, members: Readonly<Record<string, string | undefined>>): Query {
  const replaced = new Set(Object.keys(members).map((name) => name.toLowerCase()));
  const kept = Object.entries(query).filter(([name]) => !replaced.has(name.toLowerCase()));
  const added = Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries([...kept, ...added]);
}

/** A whole number from 1 up in a member of the query. */
export function findNumber(query: Query, name: string): number | undefined {
  const text = findQueryMember(query, name)?.trim() ?? '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

// Filters

// They are in the query of a list, and in the body of a search by POST; paging and fields are always in the query (CW 2.6.4).
export const filterNames = ['conditions', 'childConditions', 'customFieldConditions'] as const;

/** The value of a filter or of `orderBy`, from the query or the body. */
export function findFilter(request: ConnectWiseRequest, name: string): string | undefined {
  const value = request.method === 'GET' ? undefined : asObject(request.body)[name];
  return typeof value === 'string' ? value : findQueryMember(request.query ?? {}, name);
}

export function withFilter(request: ConnectWiseRequest, name: string, value: string | undefined): ConnectWiseRequest {
  if (request.method === 'GET') return withQuery(request, { [name]: value });
  return { ...request, body: { ...asObject(request.body), [name]: value } };
}

export function withQuery(
  request: ConnectWiseRequest,
  members: Readonly<Record<string, string | undefined>>,
): ConnectWiseRequest {
  return { ...request, query: withMembers(request.query ?? {}, members) };
}

/** The request for those records that also meet `condition`. */
export function narrow(request: ConnectWiseRequest, condition: string): ConnectWiseRequest {
  return withFilter(request, 'conditions', joinConditions(findFilter(request, 'conditions'), condition));
}

/** In brackets, since `or` binds less than the `and` that is added (CW 2.2.5). */
export function joinConditions(given: string | undefined, condition: string): string {
  return given === undefined || given.trim() === '' ? condition : `(${given}) and ${condition}`;
}

/**
 * The order with the id added, so that no two records are equal: in any other order, pages by number can skip or repeat
 * rows (CW 3.7). Undefined for an order that has the id already.
 */
export function findTotalOrder(orderBy: string | undefined): string | undefined {
  const keys = (orderBy ?? '').split(',').flatMap((key) => key.trim() || []);
  return keys.some((key) => /^id(?:\s|$)/i.test(key)) ? undefined : [...keys, 'id asc'].join(', ');
}

/** `fields` with the id, which identifies repeated rows; unchanged where all members are returned anyway. */
export function withIdField(fields: string | undefined): string | undefined {
  if (fields === undefined || fields.trim() === '') return fields;
  const names = fields.split(',').map((name) => name.trim().toLowerCase());
  return names.includes('id') ? fields : `id,${fields}`;
}

// Counting

/** The path that counts the records of a list under the same conditions (CW 3.6); not every list has one. */
export function countPath(path: string): string {
  const list = path.replace(/\/+$/, '');
  return list.endsWith('/count') ? list : `${list}/count`;
}

/** The request for the number of records of a list, with the same filters (CW 3.6). */
export function countRequest(request: ConnectWiseRequest): ConnectWiseRequest {
  // A search has the count of the list that it searches.
  const path = countPath(request.method === 'GET' ? request.path : request.path.replace(/\/search\/*$/i, ''));
  const filters = filterNames.map((name): [string, string | undefined] => [name, findFilter(request, name)]);
  const others = withMembers(request.query ?? {}, Object.fromEntries(notCounted.map((name) => [name, undefined])));
  return { method: 'GET', path, query: withMembers(others, Object.fromEntries(filters)) };
}

/** Members that do not change the number of records. */
const notCounted = ['page', 'pageSize', 'pageId', 'orderBy', 'fields'];
