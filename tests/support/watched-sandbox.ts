import { createSandbox } from '../../sandbox/sandbox.ts';
import { type Login, sandboxAccess } from '../../sandbox/server/authenticate.ts';
import { listenSandbox } from '../../sandbox/server/listen.ts';
import { testNow } from './connect.ts';
import { sandboxDataOf, sharedCatalog } from './shared.ts';

export interface Seen {
  method: string;
  /** Below the API root, as it came. */
  path: string;
}

export interface WatchedSandbox extends AsyncDisposable {
  /** What a gateway needs to reach it. */
  environment: Record<string, string>;
  seen: Seen[];
  /** Those that are no reads. */
  writes(): Seen[];
}

const readingPosts = /^\/(service\/tickets\/search|project\/tickets\/search|time\/entries\/defaults)\/?$/i;

/** The sandbox behind a port, with a list of all that reached it: nothing of the gateway can be in between. */
export async function openWatchedSandbox({ logins = [] }: { logins?: readonly Login[] } = {}): Promise<WatchedSandbox> {
  const catalog = await sharedCatalog();
  const sandbox = createSandbox({ catalog, ...sandboxDataOf(catalog), logins, now: () => new Date(testNow) });
  const seen: Seen[] = [];
  const watched: typeof sandbox = {
    ...sandbox,
    fetch(request) {
      const path = new URL(request.url).pathname.replace(/^.*?\/apis\/3\.0/, '');
      seen.push({ method: request.method, path });
      return sandbox.fetch(request);
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
