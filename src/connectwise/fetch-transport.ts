import type { Transport } from './client.ts';

/** HTTP without a network: a function that answers requests, such as the sandbox in this process. */
export function createFetchTransport(answer: (request: Request) => Promise<Response>): Transport {
  return {
    async send({ method, url, headers, body }, signal) {
      const request = new Request(url, { method, headers, signal, ...(body !== undefined && { body }) });
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

/** Gives up waiting when the signal does, whether or not the function listens to it. */
async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
