import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface FaultyServer extends AsyncDisposable {
  port: number;
  /** Every request that arrived, in order. */
  seen: SeenRequest[];
  /** Answers requests from now on. */
  use(handler: Handler): void;
  /** Answers CONNECT as a proxy that wants a password, and says what was asked for. */
  refuseTunnels(asked: (authority: string) => void): void;
}

/** A server on loopback that misbehaves as a test says; bodies are read before the handler runs. */
export async function openFaultyServer(first: Handler): Promise<FaultyServer> {
  let handler = first;
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      handler(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    use(next) {
      handler = next;
    },
    refuseTunnels(asked) {
      server.on('connect', (request, socket) => {
        asked(request.url ?? '');
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers a text as a page, bytes and other values as JSON. */
export function answer(status: number, body: unknown = '', headers: Record<string, string> = {}): Handler {
  const sent = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json; charset=utf-8';
  return (_, response) => {
    response.writeHead(status, { 'content-type': type, 'x-cw-request-id': 'req-7', ...headers }).end(sent);
  };
}
