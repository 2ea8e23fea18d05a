import type { Catalog } from '../../catalog/index.ts';
import { type Expression, type Predicate, parseConditions, printConditions } from '../../conditions/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { type ConnectWiseClient, type ConnectWiseRequest, isWrite } from '../client.ts';
import { encodeQuery } from '../request.ts';
import { filterNames, findQueryMember, narrow, withIdField, withMembers, withQuery } from './list-request.ts';
import { idOf, rowsOf } from './read-pages.ts';

// Many records by their ids

export interface ByIdsOptions {
  /** The list, such as `/company/companies`. */
  path: string;
  ids: readonly number[];
  /** `conditions`, `fields` and others that hold for all of them. */
  query?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

export interface FoundByIds {
  /** In the order of ConnectWise, batch after batch. */
  rows: unknown[];
  /** Ids without a row: the record does not exist, does not meet the conditions, or is hidden from this login. */
  missing: number[];
}

/** The length of a URL that every server accepts (CW 2.6.3). */
const longestUrl = 2_000;
/** As many as are known to work (CW 6.5). */
const idsInRequest = 100;
/** For scheme, host and code base, which are not known here. */
const longestRoot = 120;

/**
 * Many records of a list in a few requests.
 * @throws GatewayError when a request fails or answers no list, since the caller would take part of the records for all
 */
export async function readByIds(client: Pick<ConnectWiseClient, 'send'>, options: ByIdsOptions): Promise<FoundByIds> {
  const ids = [...new Set(options.ids)];
  const read = async (request: ConnectWiseRequest) => rowsOf(request, await client.send(request, options.signal));
  const rows = (await Promise.all(batchIds(options, ids).map(read))).flat();
  const found = new Set(rows.map(idOf));
  return { rows, missing: ids.filter((id) => !found.has(id)) };
}

function batchIds({ path, query = {} }: ByIdsOptions, ids: readonly number[]): ConnectWiseRequest[] {
  const fields = withIdField(findQueryMember(query, 'fields'));
  const base = withQuery({ method: 'GET', path, query }, { fields });
  const requestFor = (batch: readonly number[]) =>
    withQuery(narrow(base, `id in (${batch.join(',')})`), { pageSize: String(batch.length) });
  const requests: ConnectWiseRequest[] = [];
  let batch: number[] = [];
  for (const id of ids) {
    const longer = [...batch, id];
    const fits = longer.length <= idsInRequest && lengthOf(requestFor(longer)) <= longestUrl;
    // A single id is sent whatever the length: the conditions alone are too long then, which the server reports.
    if (fits || batch.length === 0) {
      batch = longer;
      continue;
    }
    requests.push(requestFor(batch));
    batch = [id];
  }
  return batch.length === 0 ? requests : [...requests, requestFor(batch)];
}

/** Length of the URL of a request, with the longest root. */
function lengthOf({ path, query = {} }: ConnectWiseRequest): number {
  return longestRoot + path.length + 1 + encodeQuery(query).length;
}

// Requests that are too long

/** Members that a POST search takes in its body, by their names in lower case (CW 2.6.4). */
const searchMembers = new Map([...filterNames, 'orderBy'].map((name) => [name.toLowerCase(), name]));

export type Shortened =
  | { kind: 'fits' }
  /** The same question as a search by POST. */
  | { kind: 'search'; request: ConnectWiseRequest }
  /** Records by id, which may be asked a hundred at a time; `query` holds for all of them. */
  | { kind: 'ids'; ids: readonly number[]; query: Record<string, string> };

/**
 * How to send a read that may be too long for a URL.
 * @throws GatewayError `invalid_conditions` where it cannot be sent in another way
 */
export function shortenRequest(catalog: Catalog, request: ConnectWiseRequest): Shortened {
  const { method, path, query = {} } = request;
  const length = lengthOf(request);
  if (method !== 'GET' || length <= longestUrl) return { kind: 'fits' };
  const search = `${path}/search`;
  if (!isWrite('POST', search) && catalog.findEndpoint('POST', search))
    return { kind: 'search', request: toSearch(request, search) };
  const conditions = findQueryMember(query, 'conditions');
  const split = conditions === undefined ? undefined : splitIds(parseConditions(conditions));
  if (split) return { kind: 'ids', ids: split.ids, query: { ...withMembers(query, { conditions: split.rest }) } };
  const message = `The request would be ${length} characters long; ConnectWise accepts ${longestUrl}.`;
  throw new GatewayError('invalid_conditions', message, {
    details: { field: 'params' },
    hint: 'Ask for fewer values at a time, name fewer fields, or filter by a common member such as board/id.',
  });
}

function toSearch(request: ConnectWiseRequest, path: string): ConnectWiseRequest {
  const query: Record<string, string> = {};
  const body: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.query ?? {})) {
    const member = searchMembers.get(name.toLowerCase());
    if (member === undefined) query[name] = value;
    else body[member] = value;
  }
  return { method: 'POST', path, query, body };
}

/** The ids of an `id in (…)` that is joined to the other conditions by AND, and those conditions. */
function splitIds(expression: Expression): { ids: number[]; rest: string | undefined } | undefined {
  const parts = expression.kind === 'and' ? expression.operands : [expression];
  const list = parts.find(isIdList);
  if (list === undefined) return undefined;
  const others = parts.filter((part) => part !== list);
  const [first] = others;
  const rest =
    others.length > 1
      ? printConditions({ kind: 'and', operands: others, span: expression.span })
      : first && printConditions(first);
  return { ids: list.values.flatMap((value) => (value.kind === 'number' ? [value.value] : [])), rest };
}

function isIdList(part: Expression): part is Extract<Predicate, { kind: 'in' }> {
  return (
    part.kind === 'in' &&
    !part.negated &&
    part.path.segments.length === 1 &&
    part.path.segments[0]?.toLowerCase() === 'id' &&
    part.values.every(({ kind }) => kind === 'number')
  );
}
