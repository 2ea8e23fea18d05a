import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { builtProgram, cleanEnvironment } from '../support/spawn.ts';
import { type CallTool, sandboxArguments, toolNames, useEveryTool } from '../support/spawn-every-tool.ts';

test('a client of the SDK 1.x lists the tools of the built program and runs each', async () => {
  using folder = makeFolder();
  const client = new Client({ name: 'test', version: '0' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [builtProgram, ...sandboxArguments(folder.path)],
      env: cleanEnvironment(),
      stderr: 'inherit',
    }),
  );
  try {
    // Listing first: from then on this client checks structuredContent against the output schemas.
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(toolNames);
    const call: CallTool = async (name, given = {}) => {
      const result = await client.callTool({ name, arguments: given });
      const [block] = result.content as { text: string }[];
      expect(result.isError, block?.text).not.toBe(true);
      return { text: block?.text ?? '', data: result.structuredContent };
    };
    await useEveryTool(call);
  } finally {
    await client.close();
  }
});
