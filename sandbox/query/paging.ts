import type { ListQuery } from '../server/call.ts';
import { invalidObject, outOfRange } from '../server/refusal.ts';

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

/**
 * Percent-encodes as ConnectWise does: lower-case digits, `+` for a space (CW 3), and unescaped only what the
 * form encoding of .NET leaves alone.
 */
export function encodeQueryValue(value: string): string {
  return encodeURIComponent(value)
    .replace(/%20/g, '+')
    .replace(/['~]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

/** Address of the same list with some query members replaced; they go to the end, as in ConnectWise. */
function pageAddress(url: URL, changes: Readonly<Record<string, number>>): string {
  const changed = Object.entries(changes).map(([name, value]): [string, string] => [name, String(value)]);
  const changedNames = new Set(changed.map(([name]) => name.toLowerCase()));
  const kept = [...url.searchParams].filter(([name]) => !changedNames.has(name.toLowerCase()));
  const query = [...kept, ...changed]
    .map(([name, value]) => `${encodeQueryValue(name)}=${encodeQueryValue(value)}`)
    .join('&');
  return `${url.origin}${url.pathname}?${query}`;
}

/** `Link` of navigable paging; undefined where all fits on one page, as the header is then absent (CW 3). */
function renderPageLink(url: URL, { page, pageSize, total }: { page: number; pageSize: number; total: number }) {
  const last = Math.max(1, Math.ceil(total / pageSize));
  if (last === 1 && page === 1) return undefined;
  const to = (target: number, rel: string) => `<${pageAddress(url, { pageSize, page: target })}>; rel="${rel}"`;
  const links = [];
  if (page < last) links.push(to(page + 1, 'next'), to(last, 'last'));
  if (page > 1) links.push(to(1, 'first'), to(Math.min(page - 1, last), 'prev'));
  return links.join(', ');
}

/** `Link` of forward-only paging: always there, naming the last id returned (CW 3). */
function renderForwardLink(url: URL, { pageId, pageSize }: { pageId: number; pageSize: number }): string {
  return `<${pageAddress(url, { pageSize, pageId })}>; rel="next"`;
}
