export interface NextPage {
  page?: number;
  pageId?: number;
}

/**
 * What a `Link` header (RFC 8288) names as next. Only the number is taken, never the host: it can be another one than
 * the configured, and credentials go nowhere else (CW 3.3, 3.4).
 */
export function findNextPage(link: string | undefined): NextPage | undefined {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!isNext(parameters)) continue;
    const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
    const numbers = new Map([...query].map(([name, value]) => [name.toLowerCase(), toNumber(value)]));
    const pageId = numbers.get('pageid');
    const page = numbers.get('page');
    if (pageId !== undefined) return { pageId };
    if (page !== undefined) return { page };
  }
  return undefined;
}

function isNext(parameters: string): boolean {
  const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters);
  return (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next');
}

function toNumber(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
