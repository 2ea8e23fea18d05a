import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../../src/core/errors.ts';
import { isReset } from '../faults/faults.ts';
import type { Sandbox } from '../sandbox.ts';

export interface ListenOptions {
  /** 0 for any free port. */
  port: number;
  /** Only this machine may reach the sandbox, as its keys are public. */
  host: '127.0.0.1';
}

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** Larger than any body that ConnectWise takes as JSON. */
const maxBodyBytes = 10_000_000;

/** @throws GatewayError `usage` for a port that is in use */
export async function listenSandbox(
  sandbox: Pick<Sandbox, 'fetch'>,
  { port, host }: ListenOptions,
): Promise<Listening> {
  // Not at load: the gateway asks a sandbox in its own process without a socket.
  const { createServer } = await import('node:http');
  const server = createServer((incoming, outgoing) => {
    relay(sandbox, incoming, outgoing).catch((error: unknown) => {
      if (isReset(error)) {
        incoming.socket.resetAndDestroy();
        return;
      }
      outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(error instanceof Error ? error.message : 'error');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'it is in use' : cause.message;
      reject(
        new GatewayError('usage', `The sandbox cannot listen on port ${port}: ${reason}.`, {
          hint: 'Choose another --port.',
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function relay(
  sandbox: Pick<Sandbox, 'fetch'>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) {
      outgoing.writeHead(413).end();
      return;
    }
    chunks.push(chunk);
  }
  const response = await sandbox.fetch(toRequest(incoming, Buffer.concat(chunks)));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

function toRequest(incoming: IncomingMessage, body: Uint8Array<ArrayBuffer>): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const { method = 'GET' } = incoming;
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`);
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.byteLength > 0;
  return new Request(url, { method, headers, body: hasBody ? body : null });
}
