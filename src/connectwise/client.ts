import type { Method } from '../catalog/index.ts';

/** Whose data it is: part of every stored row. */
export interface Tenant {
  /** Host name of the API, lower case. */
  host: string;
  company: string;
}

/** One request below the API root. */
export interface ConnectWiseRequest {
  method: Method;
  /** Concrete path such as `/service/tickets/123`, each segment already encoded. */
  path: string;
  /** Query members, not encoded. */
  query?: Readonly<Record<string, string>>;
  /** JSON value; absent for none. */
  body?: unknown;
  /** Instead of a body. */
  form?: Form;
  /** Pages by the last id read, instead of page numbers (CW 3.4). */
  paging?: 'forward-only';
}

/** What is sent as multipart/form-data instead of JSON (CW 1.4.2). */
export interface Form {
  fields: Readonly<Record<string, string>>;
  /** Sent as the field `file`. */
  file?: { name: string; mediaType: string; content: Uint8Array };
}

export interface ConnectWiseAnswer {
  status: number;
  /** Parsed JSON; text for `text/*`; absent for an empty answer and a file. Never bytes: they would become members. */
  body: unknown;
  contentType: string;
  /** Instead of `body`: an attachment, or what is neither JSON nor text. */
  file?: AnsweredFile;
  /** What the `Link` header names as next: only the page or pageId, never its host. */
  next?: { page?: number; pageId?: number };
  /** The number of the last page, where `Link` names it. */
  lastPage?: number;
  requestId?: string;
}

export interface AnsweredFile {
  content: Uint8Array;
  /** As ConnectWise wrote it: not safe as the name of a file here. */
  fileName?: string;
}

/** Speaks to one ConnectWise site with one set of credentials. */
export interface ConnectWiseClient {
  readonly tenant: Tenant;
  /**
   * Sends, and returns an answer of status 2xx. A write is sent once; a read may be repeated by the layer above (limits).
   * @throws GatewayError of the code that `failure.ts` finds for anything else
   */
  send(request: ConnectWiseRequest, signal?: AbortSignal): Promise<ConnectWiseAnswer>;
  close(): Promise<void>;
}

/** How bytes travel: undici for a real host, the sandbox in process, a script in tests. */
export interface HttpRequest {
  method: Method;
  url: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
}

export interface HttpAnswer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

export interface Transport {
  /** @throws whatever the network layer throws; `failure.ts` names it */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

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
