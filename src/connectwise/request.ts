import { createHash } from 'node:crypto';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import type { ConnectWiseRequest, Form, HttpRequest } from './client.ts';
import { basicAuthorization, type Credentials } from './credentials.ts';
import { decodeSegment, invalidPath } from './parse-path.ts';

/** The name of the sender in every request. */
export const userAgent = 'cwm-api-gateway-mcp';

export interface RequestOptions {
  /** Root of the API, without a slash at the end. */
  root: string;
  credentials: Credentials;
  /** Pins the model, such as `2025.16`; the newest without it (CW 1.4.1). */
  apiVersion?: string | undefined;
}

/**
 * The HTTP request of a call: below the API root whatever its path and query hold.
 * @throws GatewayError `invalid_path`, `invalid_argument` for a query value that cannot be encoded
 */
export function toHttpRequest(request: ConnectWiseRequest, options: RequestOptions): HttpRequest {
  const { method, form, body, paging } = request;
  const { root, credentials, apiVersion } = options;
  const query = encodeQuery(request.query ?? {});
  const encoded =
    form !== undefined
      ? encodeForm(form)
      : { contentType: 'application/json', body: body === undefined ? undefined : JSON.stringify(body) };
  return defined({
    method,
    url: `${root}${checkPath(request.path)}${query === '' ? '' : `?${query}`}`,
    headers: defined<Record<string, string>>({
      accept: acceptedTypes(apiVersion),
      'user-agent': userAgent,
      'pagination-type': paging,
      authorization: basicAuthorization(credentials),
      clientid: credentials.clientId,
      'content-type': encoded.body === undefined ? undefined : encoded.contentType,
    }),
    body: encoded.body,
  });
}

/** Downloads and PDFs are not JSON either, and ConnectWise must not refuse them. */
function acceptedTypes(apiVersion: string | undefined): string {
  if (apiVersion === undefined) return 'application/json, */*;q=0.5';
  return `application/vnd.connectwise.com+json; version=${apiVersion}`;
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

/** Encodes what `encodeURIComponent` leaves out too: ConnectWise requires `' *` to be escaped (CW 2.6.5). */
export function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => {
      if (!name.isWellFormed() || !value.isWellFormed()) {
        const message = `The query value of ${JSON.stringify(name)} holds half of a surrogate pair.`;
        throw new GatewayError('invalid_argument', message, { details: { field: name.toWellFormed() } });
      }
      return `${encodeStrictly(name)}=${encodeStrictly(value)}`;
    })
    .join('&');
}

function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A form as bytes (RFC 7578), written as browsers write it: names as UTF-8 in plain quotes, the file last. */
function encodeForm({ fields, file }: Form): { contentType: string; body: Uint8Array } {
  const head = Object.entries(fields).map(
    ([name, value]) => `Content-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${value}\r\n`,
  );
  const fileHead =
    file === undefined
      ? undefined
      : `Content-Disposition: form-data; name="file"; filename="${escapeName(file.name)}"\r\nContent-Type: ${file.mediaType}\r\n\r\n`;
  const content = file?.content ?? new Uint8Array();
  const boundary = boundaryFor([...head, fileHead ?? ''], content);
  const parts: Uint8Array[] = head.map((part) => Buffer.from(`--${boundary}\r\n${part}`));
  if (fileHead !== undefined) parts.push(Buffer.from(`--${boundary}\r\n${fileHead}`), content, Buffer.from('\r\n'));
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

/** A hash of everything between the boundaries: no content can hold its own hash. */
function boundaryFor(texts: readonly string[], content: Uint8Array): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return `----form-${hash.update(content).digest('hex').slice(0, 32)}`;
}

const escapeName = (name: string) =>
  name.replace(/[\r\n"]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
