export interface NextPage {
  page?: number;
  pageId?: number;
}

/**
 * What a `Link` header (RFC 8288) names as next. Only the number is taken, never the host: it can be another one than
 * the configured, and credentials go nowhere else (CW 3.3, 3.4).
 */
export function findNextPage(link: string | undefined): NextPage | undefined {
  const numbers = findNumbers(link, 'next');
  const pageId = numbers?.get('pageid');
  if (pageId !== undefined) return { pageId };
  const page = numbers?.get('page');
  return page === undefined ? undefined : { page };
}

/** The number of the last page, which navigable paging names too (CW 3.3). */
export function findLastPage(link: string | undefined): number | undefined {
  return findNumbers(link, 'last')?.get('page');
}

/** The numbers in the first target of a relation that has a page in it. */
function findNumbers(link: string | undefined, relation: string): Map<string, number | undefined> | undefined {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!isRelation(parameters, relation)) continue;
    const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
    const numbers = new Map([...query].map(([name, value]) => [name.toLowerCase(), toNumber(value)]));
    if (numbers.get('pageid') !== undefined || numbers.get('page') !== undefined) return numbers;
  }
  return undefined;
}

function isRelation(parameters: string, relation: string): boolean {
  const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters);
  return (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes(relation);
}

function toNumber(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
