import type { Method } from '../catalog/endpoint.ts';

/** POSTs that change nothing. The table is closed: every other POST is a write, whatever its name suggests. */
const readingPosts: ReadonlySet<string> = new Set([
  // Searches whose conditions are too long for a URL (CW 2.6.4).
  '/service/tickets/search',
  '/project/tickets/search',
  // What a new time entry would start with (CW 5.6.7).
  '/time/entries/defaults',
]);

/** Whether a request only reads; `path` is below the API root, without a query. */
export function isRead(method: Method, path: string): boolean {
  if (method === 'GET') return true;
  return method === 'POST' && readingPosts.has(path.replace(/\/+$/, '').toLowerCase());
}
