import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface DocumentServer extends AsyncDisposable {
  /** Settings with which a gateway speaks to this server. */
  environment: Record<string, string>;
  seen: SeenRequest[];
  /** Those that are not reads. */
  writes(): SeenRequest[];
}

/** A file as ConnectWise answers it. */
export const attachment = (name: string, body: string | Buffer, type = 'application/octet-stream'): Answer => ({
  headers: { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` },
  body,
});

const root = '/v4_6_release/apis/3.0';

/** ConnectWise on loopback, as far as a test needs it: what a path answers, by `METHOD /path`. */
export async function openDocumentServer(answers: Record<string, Answer | 'hang up'>): Promise<DocumentServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', headers } = request;
    const url = (request.url ?? '').replace(root, '');
    seen.push({ method, url, headers, body: Buffer.concat(chunks) });
    const answer = answers[`${method} ${url.split('?')[0]}`] ?? { status: 404, body: '{"message":"NotFound"}' };
    if (answer === 'hang up') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    writes: () => seen.filter(({ method }) => method !== 'GET'),
    environment: {
      CONNECTWISE_SANDBOX: 'false',
      CONNECTWISE_API_URL: `http://127.0.0.1:${port}${root}`,
      CONNECTWISE_COMPANY_ID: 'acme',
      CONNECTWISE_PUBLIC_KEY: 'public-key',
      CONNECTWISE_PRIVATE_KEY: 'private-key',
      CONNECTWISE_CLIENT_ID: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
