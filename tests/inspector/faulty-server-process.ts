/** A server with one tool whose schema the Inspector's linter refuses. */
import { Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

serveStdio(() => {
  const server = new Server({ name: 'faulty', version: '0' }, { capabilities: { tools: {} } });
  const inputSchema = { type: 'object' as const, properties: { anything: true } };
  server.setRequestHandler('tools/list', () => ({ tools: [{ name: 'faulty', inputSchema }] }));
  return server;
});
