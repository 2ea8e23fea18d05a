import { join } from 'node:path';
import { expect } from 'vitest';
import { type OpenedCatalog, openCatalog } from '../../src/catalog/open-catalog.ts';
import { sandboxAccess } from '../../src/sandbox/access.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

export const sandboxNow = new Date('2026-03-10T15:00:00Z');

const basic = Buffer.from(`${sandboxAccess.companyId}+${sandboxAccess.publicKey}:${sandboxAccess.privateKey}`).toString(
  'base64',
);
export const goodHeaders = { authorization: `Basic ${basic}`, clientid: sandboxAccess.clientId };

export function openShippedCatalog(): Promise<OpenedCatalog> {
  const file = join(import.meta.dirname, '../../dist/catalog.db');
  return openCatalog({ dataFolder: import.meta.dirname, shippedFile: file });
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
  text: string;
  headers: Headers;
}

export interface AskOptions {
  method?: string;
  body?: unknown;
  query?: Record<string, string | number>;
  headers?: Record<string, string>;
  /** Sent in place of JSON of `body`. */
  text?: string;
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
export function startSandbox(catalog: OpenedCatalog, now: () => Date = () => sandboxNow): Asked {
  const sandbox = createSandbox({ catalog, now });
  const ask: Asked['ask'] = async (path, { method = 'GET', body, query = {}, headers = {}, text } = {}) => {
    const url = new URL(apiRoot + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(url, {
      method,
      headers: { ...goodHeaders, ...headers },
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
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: isJson ? JSON.parse(text) : text, text, headers: response.headers };
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
