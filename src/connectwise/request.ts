import { GatewayError } from '../core/errors.ts';
import type { ConnectWiseRequest, HttpRequest } from './client.ts';
import { basicAuthorization, type Credentials } from './credentials.ts';
import { encodeForm } from './documents/encode-form.ts';
import { decodeSegment, invalidPath } from './path-segments.ts';
import type { Site } from './site.ts';

export interface RequestOptions {
  userAgent: string;
  /** Pins the model, such as `2025.16`; the newest without it (CW 1.4.1). */
  apiVersion?: string;
}

/**
 * The HTTP request of a call: below the API root whatever its path and query hold.
 * @throws GatewayError `invalid_path`, `invalid_argument` for a query value that cannot be encoded
 */
export function toHttpRequest(
  request: ConnectWiseRequest,
  site: Pick<Site, 'root'>,
  credentials: Credentials,
  options: RequestOptions,
): HttpRequest {
  const query = encodeQuery(request.query ?? {});
  const url = `${site.root}${checkPath(request.path)}${query === '' ? '' : `?${query}`}`;
  const headers = {
    ...commonHeaders(options),
    ...(request.paging !== undefined && { 'pagination-type': request.paging }),
    authorization: basicAuthorization(credentials),
    clientid: credentials.clientId,
  };
  if (request.form !== undefined) {
    const { contentType, body } = encodeForm(request.form);
    return { method: request.method, url, headers: { ...headers, 'content-type': contentType }, body };
  }
  if (request.body === undefined) return { method: request.method, url, headers };
  return {
    method: request.method,
    url,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(request.body),
  };
}

function commonHeaders({ userAgent, apiVersion }: RequestOptions): Record<string, string> {
  const accept =
    apiVersion === undefined
      ? // Downloads and PDFs are neither JSON nor an error.
        'application/json, */*;q=0.5'
      : `application/vnd.connectwise.com+json; version=${apiVersion}`;
  return { accept, 'user-agent': userAgent };
}

function checkPath(path: string): string {
  if (!path.startsWith('/')) throw invalidPath(path, 'does not start with a slash');
  const segments = path.slice(1).split('/');
  for (const segment of segments) {
    if (/^\{.*\}$/.test(segment)) throw invalidPath(path, `still has ${segment} to be filled in`);
    const decoded = decodeSegment(segment);
    // A segment that is not in its encoded form would be read differently by the URL parser of the network layer.
    if (/[?#\s"<>^`{|}]/.test(segment)) throw invalidPath(path, `has to be encoded: ${encodeURIComponent(decoded)}`);
  }
  return path;
}

/** Encodes what `encodeURIComponent` leaves out too: ConnectWise wants `' *` escaped (CW 2.6.5). */
export function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => {
      if (!name.isWellFormed() || !value.isWellFormed()) {
        throw new GatewayError(
          'invalid_argument',
          `The query value of ${JSON.stringify(name)} holds half of a surrogate pair.`,
          {
            details: { field: name.toWellFormed() },
          },
        );
      }
      return `${encodeStrictly(name)}=${encodeStrictly(value)}`;
    })
    .join('&');
}

function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
