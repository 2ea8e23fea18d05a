import { untilAborted } from '../core/async.ts';
import type { Transport } from './client.ts';

/** HTTP without a network: a function that answers requests, such as the sandbox in this process. */
export function createFetchTransport(answer: (request: Request) => Promise<Response>): Transport {
  return {
    async send({ method, url, headers, body }, signal) {
      // A copy, because the platform's types want bytes of their own memory.
      const sent = typeof body === 'string' ? body : body && new Uint8Array(body);
      const request = new Request(url, { method, headers, signal, ...(sent !== undefined && { body: sent }) });
      const response = await untilAborted(answer(request), signal);
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await untilAborted(response.arrayBuffer(), signal)),
      };
    },
    close: async () => {},
  };
}
