// The smallest MCP server of the SDK, with one tool: the baseline of `bench -- start` and `bench -- stdio`.
// With a file of replies by tool, it has these tools too and returns their replies without any work.
import { readFileSync } from 'node:fs';
import { type CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const [file] = process.argv.slice(2);
const replies: Record<string, CallToolResult> = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));
const input = z.object({ a: z.number(), b: z.number() });

serveStdio(() => {
  const server = new McpServer({ name: 'minimal', version: '1.0.0' });
  server.registerTool('add', { description: 'Adds a and b', inputSchema: input }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }));
  for (const [name, reply] of Object.entries(replies)) {
    const anything = z.looseObject({});
    server.registerTool(name, { description: name, inputSchema: anything, outputSchema: anything }, () => reply);
  }
  return server;
});
