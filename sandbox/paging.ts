import { renderForwardLink, renderPageLink } from './link.ts';
import type { ListQuery } from './list-query.ts';
import { invalidObject, outOfRange } from './refusal.ts';

/** Defaults and bounds of CW 3. */
const defaultPageSize = 25;
const largestPageSize = 1000;

export type Paging = { pageSize: number } & (
  | { mode: 'navigable'; page: number }
  | { mode: 'forward-only'; pageId: number }
);

/**
 * Which page is asked for. A size out of range is refused and not capped: the facts differ, and a client that
 * passes here passes there too (CW 3).
 * @throws GatewayError 400 `OutOfRange`
 */
export function readPaging(query: ListQuery, forwardOnly: boolean): Paging {
  const pageSize = readNumber(query.pagesize, 'pageSize', defaultPageSize, 1, largestPageSize);
  if (!forwardOnly) {
    return { mode: 'navigable', pageSize, page: readNumber(query.page, 'page', 1, 1, 2 ** 31 - 1) };
  }
  if (query.orderby !== undefined) {
    const message = 'orderBy cannot be used with forward-only pagination.';
    throw invalidObject('orderBy', [{ code: 'InvalidField', message, field: 'orderBy' }]);
  }
  return { mode: 'forward-only', pageSize, pageId: readNumber(query.pageid, 'pageId', 0, 0, 2 ** 31 - 1) };
}

function readNumber(text: string | undefined, field: string, fallback: number, least: number, most: number): number {
  if (text === undefined || text.trim() === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw outOfRange(field, least, most);
  return value;
}

/** One page of records that are already filtered and ordered, and its `Link`. */
export function cutPage<T extends { id: number }>(
  records: readonly T[],
  paging: Paging,
  url: URL,
): { page: T[]; link?: string } {
  const { pageSize } = paging;
  if (paging.mode === 'forward-only') {
    const page = records.filter(({ id }) => id > paging.pageId).slice(0, pageSize);
    const last = page.at(-1);
    return last === undefined ? { page } : { page, link: renderForwardLink(url, { pageId: last.id, pageSize }) };
  }
  const start = (paging.page - 1) * pageSize;
  const page = records.slice(start, start + pageSize);
  const link = renderPageLink(url, { page: paging.page, pageSize, total: records.length });
  return link === undefined ? { page } : { page, link };
}
