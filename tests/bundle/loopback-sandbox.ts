import { createSandbox } from '../../sandbox/sandbox.ts';
import { sandboxAccess } from '../../sandbox/server/authenticate.ts';
import { listenSandbox } from '../../sandbox/server/listen.ts';
import { testNow } from '../support/connect.ts';
import { sandboxDataOf, sharedCatalog } from '../support/shared.ts';

export interface LoopbackSandbox extends AsyncDisposable {
  /** What a person types into the fields of the extension. */
  fields: { apiUrl: string; companyId: string; publicKey: string; privateKey: string; clientId: string };
  /** Asks the sandbox itself, past the gateway. */
  // biome-ignore lint/suspicious/noExplicitAny: records of every shape
  get(path: string): Promise<any>;
  /** Methods of the requests that came in. */
  methods: readonly string[];
}

/** A made-up ConnectWise on a free loopback port. */
export async function openLoopbackSandbox(): Promise<LoopbackSandbox> {
  const catalog = await sharedCatalog();
  const sandbox = createSandbox({ catalog, ...sandboxDataOf(catalog), now: () => new Date(testNow) });
  const methods: string[] = [];
  const counted: typeof sandbox = {
    ...sandbox,
    fetch(request) {
      methods.push(request.method);
      return sandbox.fetch(request);
    },
  };
  const listening = await listenSandbox(counted, { port: 0, host: '127.0.0.1' });
  const { companyId, publicKey, privateKey, clientId } = sandboxAccess;
  const apiUrl = `http://127.0.0.1:${listening.port}/v4_6_release/apis/3.0`;
  const authorization = `Basic ${Buffer.from(`${companyId}+${publicKey}:${privateKey}`).toString('base64')}`;
  return {
    fields: { apiUrl, companyId, publicKey, privateKey, clientId },
    methods,
    async get(path) {
      const request = new Request(`${apiUrl}${path}`, { headers: { authorization, clientid: clientId } });
      return (await sandbox.fetch(request)).json();
    },
    async [Symbol.asyncDispose]() {
      await listening.close();
    },
  };
}
