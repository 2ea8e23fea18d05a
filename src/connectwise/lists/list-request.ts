import { asObject } from '../../core/json.ts';
import type { ConnectWiseRequest } from '../client.ts';
import { countPath } from '../count.ts';
import { findMember, type Query, withMembers } from '../query-members.ts';

// Filters of a list stand in the query, those of a search by POST in its body; paging and fields in the query always (CW 2.6.4).
const filterNames = ['conditions', 'childConditions', 'customFieldConditions'] as const;

/** The value of a filter or of `orderBy`, wherever the request holds it. */
export function findFilter(request: ConnectWiseRequest, name: string): string | undefined {
  const value = request.method === 'GET' ? undefined : asObject(request.body)[name];
  return typeof value === 'string' ? value : findMember(request.query ?? {}, name);
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

/** The request for what fulfils `condition` too. */
export function narrow(request: ConnectWiseRequest, condition: string): ConnectWiseRequest {
  return withFilter(request, 'conditions', joinConditions(findFilter(request, 'conditions'), condition));
}

/** Brackets, since `or` binds less than what is added (CW 2.2.5). */
export function joinConditions(given: string | undefined, condition: string): string {
  return given === undefined || given.trim() === '' ? condition : `(${given}) and ${condition}`;
}

/**
 * An order in which no two records are equal: pages by number can skip or repeat rows in any other (CW 3.7). Undefined
 * for one that is so already.
 */
export function findTotalOrder(orderBy: string | undefined): string | undefined {
  const keys = (orderBy ?? '').split(',').flatMap((key) => key.trim() || []);
  return keys.some((key) => /^id(?:\s|$)/i.test(key)) ? undefined : [...keys, 'id asc'].join(', ');
}

/** `fields` with the id, by which repeated rows are known; unchanged where all members come anyway. */
export function withIdField(fields: string | undefined): string | undefined {
  if (fields === undefined || fields.trim() === '') return fields;
  const names = fields.split(',').map((name) => name.trim().toLowerCase());
  return names.includes('id') ? fields : `id,${fields}`;
}

/** What asks how many records a list has, under the same filters (CW 3.6). */
export function countRequest(request: ConnectWiseRequest): ConnectWiseRequest {
  // A search has the count of the list that it searches.
  const path = countPath(request.method === 'GET' ? request.path : request.path.replace(/\/search\/*$/i, ''));
  const filters = filterNames.map((name): [string, string | undefined] => [name, findFilter(request, name)]);
  const others = withMembers(request.query ?? {}, Object.fromEntries(notCounted.map((name) => [name, undefined])));
  return { method: 'GET', path, query: withMembers(others, Object.fromEntries(filters)) };
}

/** What says which of the rows, and how, and not how many there are. */
const notCounted = ['page', 'pageSize', 'pageId', 'orderBy', 'fields'];

/** A whole number from 1 up in a member of the query. */
export function findNumber(query: Query, name: string): number | undefined {
  const text = findMember(query, name)?.trim() ?? '';
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
