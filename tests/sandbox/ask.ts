import { expect } from 'vitest';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { sandboxAccess } from '../../sandbox/server/authenticate.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sandboxDataOf } from '../support/shared.ts';

export const sandboxNow = new Date('2026-03-10T15:00:00Z');

function headersOf(publicKey: string) {
  const { companyId, privateKey, clientId } = sandboxAccess;
  return { authorization: `Basic ${btoa(`${companyId}+${publicKey}:${privateKey}`)}`, clientid: clientId };
}
export const goodHeaders = headersOf(sandboxAccess.publicKey);

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
  text: string;
  bytes: Uint8Array;
  headers: Headers;
}

export interface AskOptions {
  method?: string;
  body?: unknown;
  query?: Record<string, string | number>;
  headers?: Record<string, string>;
  /** Sent in place of JSON of `body`. */
  text?: string;
  form?: FormData;
  /** Public key of the pair to use; that of the API member unless given. */
  login?: string;
}

export interface Asked {
  sandbox: Sandbox;
  catalog: OpenedCatalog;
  /** One request below the API root. */
  ask(path: string, options?: AskOptions): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  /** The operations make the array of the body. */
  patch(path: string, ...operations: unknown[]): Promise<Answer>;
  remove(path: string): Promise<Answer>;
}

export const apiRoot = 'http://127.0.0.1/v4_6_release/apis/3.0';

/** A fresh sandbox; `catalog` may be shared, as it is only read. */
export function startSandbox(
  catalog: OpenedCatalog,
  now: () => Date = () => sandboxNow,
  options: Partial<SandboxOptions> = {},
): Asked {
  const sandbox = createSandbox({ catalog, now, ...sandboxDataOf(catalog), ...options });
  const ask: Asked['ask'] = async (path, asked = {}) => {
    const { method = 'GET', body, query = {}, headers = {}, text, form, login = sandboxAccess.publicKey } = asked;
    const url = new URL(apiRoot + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const sent = form ?? text ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(url, {
      method,
      headers: { ...headersOf(login), ...headers },
      ...(sent === undefined ? {} : { body: sent }),
    });
    return readAnswer(await sandbox.fetch(request));
  };
  return {
    sandbox,
    catalog,
    ask,
    post: (path, body) => ask(path, { method: 'POST', body }),
    put: (path, body) => ask(path, { method: 'PUT', body }),
    patch: (path, ...operations) => ask(path, { method: 'PATCH', body: operations }),
    remove: (path) => ask(path, { method: 'DELETE' }),
  };
}

export async function readAnswer(response: Response): Promise<Answer> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: isJson ? JSON.parse(text) : text, text, bytes, headers: response.headers };
}

/** That a write was refused with this fault among others. */
export function expectFault({ status, body }: Answer, code: string, message: string, field?: string) {
  expect(status, JSON.stringify(body)).toBe(400);
  expect(body.code).toBe('InvalidObject');
  expect(body.errors.map((error: { code: string; message: string }) => `${error.code}: ${error.message}`)).toContain(
    `${code}: ${message}`,
  );
  if (field !== undefined) expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
}
