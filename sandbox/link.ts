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

/** Address of the same list with some query members set anew; they go to the end, as in the real one. */
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
export function renderPageLink(url: URL, { page, pageSize, total }: { page: number; pageSize: number; total: number }) {
  const last = Math.max(1, Math.ceil(total / pageSize));
  if (last === 1 && page === 1) return undefined;
  const to = (target: number, rel: string) => `<${pageAddress(url, { pageSize, page: target })}>; rel="${rel}"`;
  const links = [];
  if (page < last) links.push(to(page + 1, 'next'), to(last, 'last'));
  if (page > 1) links.push(to(1, 'first'), to(Math.min(page - 1, last), 'prev'));
  return links.join(', ');
}

/** `Link` of forward-only paging: always there, naming the last id returned (CW 3). */
export function renderForwardLink(url: URL, { pageId, pageSize }: { pageId: number; pageSize: number }): string {
  return `<${pageAddress(url, { pageSize, pageId })}>; rel="next"`;
}
