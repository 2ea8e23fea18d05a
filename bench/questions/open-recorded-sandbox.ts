import { createSandbox } from '../../sandbox/sandbox.ts';
import { sandboxAccess } from '../../sandbox/server/authenticate.ts';
import { listenSandbox } from '../../sandbox/server/listen.ts';
import { openCatalog } from '../../src/catalog/catalog.ts';
import { keyOptions } from '../../tests/questions/provider.ts';
import { shippedCatalog } from '../../tests/support/shared.ts';

/** What an assistant without tables would have read instead. */
export interface JsonReading {
  /** Pages, each a call. */
  pages: number;
  /** Bytes / 4 of the pages as they came: compact JSON. */
  tokens: number;
  ms: number;
}

export interface RecordedSandbox extends AsyncDisposable {
  environment: Record<string, string>;
  /** Reads each page again that was read since this was last asked, with a plain `fetch`. */
  readAgain(): Promise<JsonReading>;
}

/** The sandbox of the answer key on the loopback address; it notes which pages of lists it is asked for. */
export async function openRecordedSandbox(dataFolder: string): Promise<RecordedSandbox> {
  const { companyId, publicKey, privateKey, clientId } = sandboxAccess;
  const { seed, scale, now } = keyOptions;
  const catalog = await openCatalog({ dataFolder, shippedFile: shippedCatalog });
  const sandbox = createSandbox({ catalog, seed, scale, now: () => now });
  let asked: string[] = [];
  const listening = await listenSandbox(
    {
      async fetch(request) {
        const response = await sandbox.fetch(request);
        if (request.method === 'GET' && (await response.clone().text()).startsWith('[')) asked.push(request.url);
        return response;
      },
    },
    { port: 0, host: '127.0.0.1' },
  );
  const authorization = `Basic ${Buffer.from(`${companyId}+${publicKey}:${privateKey}`).toString('base64')}`;
  return {
    environment: {
      CONNECTWISE_SANDBOX: 'false',
      CONNECTWISE_API_URL: `http://127.0.0.1:${listening.port}/v4_6_release/apis/3.0`,
      CONNECTWISE_COMPANY_ID: companyId,
      CONNECTWISE_PUBLIC_KEY: publicKey,
      CONNECTWISE_PRIVATE_KEY: privateKey,
      CONNECTWISE_CLIENT_ID: clientId,
    },
    async readAgain() {
      // Reading again is noted as well.
      const urls = [...asked];
      let bytes = 0;
      const start = performance.now();
      for (const url of urls) {
        const { pathname, search } = new URL(url);
        const response = await fetch(`http://127.0.0.1:${listening.port}${pathname}${search}`, {
          headers: { authorization, clientid: clientId },
        });
        bytes += Buffer.byteLength(await response.text());
      }
      const ms = performance.now() - start;
      asked = [];
      return { pages: urls.length, tokens: Math.ceil(bytes / 4), ms };
    },
    async [Symbol.asyncDispose]() {
      await listening.close();
      catalog.close();
    },
  };
}
