import { join } from 'node:path';
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
}

export const apiRoot = 'http://127.0.0.1/v4_6_release/apis/3.0';

/** A fresh sandbox; `catalog` may be shared, as it is only read. */
export function startSandbox(catalog: OpenedCatalog, now: () => Date = () => sandboxNow): Asked {
  const sandbox = createSandbox({ catalog, now });
  return {
    sandbox,
    catalog,
    async ask(path, { method = 'GET', body, query = {}, headers = {}, text } = {}) {
      const url = new URL(apiRoot + path);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
      const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
      const request = new Request(url, {
        method,
        headers: { ...goodHeaders, ...headers },
        ...(sent === undefined ? {} : { body: sent }),
      });
      return readAnswer(await sandbox.fetch(request));
    },
  };
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: isJson ? JSON.parse(text) : text, text, headers: response.headers };
}
