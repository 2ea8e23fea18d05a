// The smallest MCP server that the SDK makes: one tool. What `bench:start` holds the program against.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const input = z.object({ a: z.number(), b: z.number() });

serveStdio(() => {
  const server = new McpServer({ name: 'minimal', version: '1.0.0' });
  server.registerTool('add', { description: 'Adds a and b', inputSchema: input }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }));
  return server;
});
