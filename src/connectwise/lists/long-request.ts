import type { Catalog } from '../../catalog/index.ts';
import { type Expression, type Predicate, parseConditions, printConditions } from '../../conditions/index.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ConnectWiseRequest } from '../client.ts';
import { isWrite } from '../is-write.ts';
import { findMember, withMembers } from '../query-members.ts';
import { lengthOf, longestUrl } from './by-ids.ts';

/** Members that a POST search takes in its body (CW 2.6.4). */
const filters = ['conditions', 'childConditions', 'customFieldConditions', 'orderBy'];

export type Shortened =
  | { kind: 'fits' }
  /** The same question as a search by POST. */
  | { kind: 'search'; request: ConnectWiseRequest }
  /** Records by id, which may be asked a hundred at a time; `query` holds for all of them. */
  | { kind: 'ids'; ids: readonly number[]; query: Record<string, string> };

/**
 * How a read goes that is too long for a URL.
 * @throws GatewayError `invalid_conditions` where there is no other way
 */
export function shortenRequest(catalog: Catalog, request: ConnectWiseRequest): Shortened {
  const { method, path, query = {} } = request;
  const length = lengthOf(request);
  if (method !== 'GET' || length <= longestUrl) return { kind: 'fits' };
  const search = `${path}/search`;
  if (!isWrite('POST', search) && catalog.findEndpoint('POST', search))
    return { kind: 'search', request: toSearch(request, search) };
  const conditions = findMember(query, 'conditions');
  const split = conditions === undefined ? undefined : splitIds(parseConditions(conditions));
  if (split) return { kind: 'ids', ids: split.ids, query: { ...withMembers(query, { conditions: split.rest }) } };
  throw new GatewayError(
    'invalid_conditions',
    `The request would be ${length} characters long; ConnectWise takes ${longestUrl}.`,
    {
      details: { field: 'params' },
      hint: 'Ask for fewer values at a time, name fewer fields, or filter by a common member such as board/id.',
    },
  );
}

function toSearch({ query = {} }: ConnectWiseRequest, path: string): ConnectWiseRequest {
  const isFilter = (name: string) => filters.some((filter) => filter.toLowerCase() === name.toLowerCase());
  const entries = Object.entries(query);
  return {
    method: 'POST',
    path,
    query: Object.fromEntries(entries.filter(([name]) => !isFilter(name))),
    body: Object.fromEntries(
      entries
        .filter(([name]) => isFilter(name))
        .map(([name, value]) => [filters.find((filter) => filter.toLowerCase() === name.toLowerCase()) ?? name, value]),
    ),
  };
}

/** The ids of `id in (…)` where all else is bound to it by AND, and what is left. */
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
