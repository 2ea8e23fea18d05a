import type { Method } from '../catalog/index.ts';

/** POSTs that only read: the two searches (CW 2.6.4) and the defaults of a time entry (CW 5.6.7). All others change. */
const readingPosts: ReadonlySet<string> = new Set([
  '/service/tickets/search',
  '/project/tickets/search',
  '/time/entries/defaults',
]);

/** Whether a request may change ConnectWise, so that it must not be sent twice. */
export function isWrite(method: Method, path: string): boolean {
  if (method === 'GET') return false;
  return method !== 'POST' || !readingPosts.has(path.toLowerCase().replace(/\/+$/, ''));
}
