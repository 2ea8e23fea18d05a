/**
 * The server over HTTP, for the conformance suite, which does not support stdio. It is not shipped. Only the entry
 * differs from the product: the factory, its options, the tools and the sandbox are the same.
 * Usage: http-entry-process.ts DATA_DIR; prints its port.
 */
import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, isInitializeRequest, isLegacyRequest } from '@modelcontextprotocol/server';
import { loadConfig } from '../../src/config/settings.ts';
import { version } from '../../src/core/version.ts';
import { openGateway } from '../../src/gateway/index.ts';
import { createCallTool } from '../../src/server/call-tool.ts';
import { createServer } from '../../src/server/create-server.ts';
import { listedTools } from '../../src/server/listed-tools.ts';
import { testNow } from '../support/connect.ts';
import { shippedCatalog, sqlProgram } from '../support/shared.ts';
import {
  localhostHostValidation,
  localhostOriginValidation,
  type NodeIncomingMessageLike,
  NodeStreamableHTTPServerTransport,
  toNodeHandler,
  toWebRequest,
} from '../tools/node-http.ts';

const [dataDir = ''] = process.argv.slice(2);
const maxBodyBytes = 4 * 1024 * 1024;

const gateway = openGateway({
  load: () =>
    loadConfig({
      environment: { CONNECTWISE_SANDBOX: 'true', CONNECTWISE_NOW: testNow, CONNECTWISE_DATA_DIR: dataDir },
    }),
  shippedCatalog,
  sqlProgram,
  nodeVersion: process.versions.node,
  stderr: process.stderr,
  clock: () => new Date(),
  random: Math.random,
});
const { context, redact, blankKeys } = gateway;
const callTool = createCallTool({ context, redact, blankKeys, randomId: randomUUID });
const parts = { version, listed: listedTools.prepares, openCalls: async () => callTool };
const create = () => createServer({ ...parts, redact: async (text) => redact(text) });

// Clients of 2026-07-28 have no sessions; those of 2025 get one each, as they have a process each over stdio.
const modern = toNodeHandler(createMcpHandler(create, { legacy: 'reject' }));
const sessions = new Map<string, NodeStreamableHTTPServerTransport>();
const isHostLocal = localhostHostValidation();
const isOriginLocal = localhostOriginValidation();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Without these two a web page could reach the server by a name that leads to this machine (DNS rebinding).
  if (!isHostLocal(request, response) || !isOriginLocal(request, response)) return;
  if (request.url !== '/mcp') {
    response.writeHead(404).end();
    return;
  }
  const body = request.method === 'POST' ? await readBody(request) : undefined;
  // Node's own type says `method?: string | undefined`, which exactOptionalPropertyTypes distinguishes from `method?: string`.
  const incoming = request as NodeIncomingMessageLike;
  if (await isLegacyRequest(await toWebRequest(incoming, body), body)) await answerSession(request, response, body);
  else await modern(incoming, response, body);
}

async function answerSession(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
  const id = request.headers['mcp-session-id'];
  const known = typeof id === 'string' ? sessions.get(id) : undefined;
  if (known) return known.handleRequest(request, response, body);
  if (id === undefined && isInitializeRequest(body)) {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => void sessions.set(session, transport),
      onsessionclosed: (session) => void sessions.delete(session),
    });
    await create().connect(transport);
    return transport.handleRequest(request, response, body);
  }
  const [status, message] = id === undefined ? [400, 'Session ID required'] : [404, 'Session not found'];
  const error = { jsonrpc: '2.0', id: null, error: { code: -32000, message } };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(error));
}

/** Undefined for what is not JSON: the SDK then answers as the protocol says. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error('the message is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

const server = createHttpServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));

// The parent process ends this one by closing stdin: Windows has no SIGTERM.
process.stdin.resume().once('end', async () => {
  await gateway.close();
  process.exit();
});
