import { createSandbox } from '../../sandbox/sandbox.ts';
import { type Login, sandboxAccess } from '../../sandbox/server/authenticate.ts';
import { listenSandbox } from '../../sandbox/server/listen.ts';
import { testNow } from './connect.ts';
import { sandboxDataOf, sharedCatalog } from './shared.ts';

export interface Seen {
  method: string;
  /** Below the API root, as it came. */
  path: string;
  /** JSON as it came; the fields of a form. */
  body?: unknown;
}

export interface WatchedSandbox extends AsyncDisposable {
  /** What a gateway needs to reach it. */
  environment: Record<string, string>;
  seen: Seen[];
  /** Those that are not reads. */
  writes(): Seen[];
}

const readingPosts = /^\/(service\/tickets\/search|project\/tickets\/search|time\/entries\/defaults)\/?$/i;

async function readBody(request: Request): Promise<unknown> {
  if (request.headers.get('content-type')?.startsWith('multipart/') === true) {
    return Object.fromEntries(await request.formData());
  }
  const text = await request.text();
  return text === '' ? undefined : JSON.parse(text);
}

/** The sandbox behind a port, with a list of all that reached it: nothing of the gateway can be in between. */
export async function openWatchedSandbox({
  logins = [],
  fail,
  around = (send) => send(),
}: {
  logins?: readonly Login[];
  /** Answers in place of the sandbox. */
  fail?(url: URL): Response | undefined;
  /** What is done around each request. */
  around?(send: () => Promise<Response>): Promise<Response>;
} = {}): Promise<WatchedSandbox> {
  const catalog = await sharedCatalog();
  const sandbox = createSandbox({ catalog, ...sandboxDataOf(catalog), logins, now: () => new Date(testNow) });
  const seen: Seen[] = [];
  const watched: typeof sandbox = {
    ...sandbox,
    async fetch(request) {
      const path = new URL(request.url).pathname.replace(/^.*?\/apis\/3\.0/, '');
      const one: Seen = { method: request.method, path };
      seen.push(one);
      if (request.method !== 'GET') one.body = await readBody(request.clone());
      return around(async () => fail?.(new URL(request.url)) ?? sandbox.fetch(request));
    },
  };
  const { port, close } = await listenSandbox(watched, { port: 0, host: '127.0.0.1' });
  const { companyId, publicKey, privateKey, clientId } = sandboxAccess;
  return {
    environment: {
      CONNECTWISE_SANDBOX: 'false',
      CONNECTWISE_API_URL: `http://127.0.0.1:${port}/v4_6_release/apis/3.0`,
      CONNECTWISE_COMPANY_ID: companyId,
      CONNECTWISE_PUBLIC_KEY: publicKey,
      CONNECTWISE_PRIVATE_KEY: privateKey,
      CONNECTWISE_CLIENT_ID: clientId,
      CONNECTWISE_REQUESTS_PER_MINUTE: '1000',
    },
    seen,
    writes: () =>
      seen.filter(({ method, path }) => method !== 'GET' && !(method === 'POST' && readingPosts.test(path))),
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}
