import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listTools } from '../../src/server/list-tools.ts';
import { getPrompt, listPrompts } from '../../src/server/prompts.ts';
import { makeFolder } from '../support/folders.ts';
import { builtProgram, cleanEnvironment } from '../support/spawn.ts';
import { type CallTool, sandboxArguments, toolNames, useEveryTool } from '../support/spawn-every-tool.ts';

const eras = [
  ['the 2025 handshake', {}],
  ['protocol 2026-07-28', { versionNegotiation: { mode: { pin: '2026-07-28' } } }],
] as const;

describe.each(eras)('the SDK client of %s on the built program', (_name, options) => {
  const folder = makeFolder();
  const client = new Client({ name: 'test', version: '0' }, options);

  beforeAll(() =>
    client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [builtProgram, ...sandboxArguments(folder.path)],
        env: cleanEnvironment(),
        stderr: 'inherit',
      }),
    ),
  );
  afterAll(async () => {
    await client.close();
    folder[Symbol.dispose]();
  });

  test('lists the tools that the source has, whole', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(toolNames);
    expect(tools).toEqual(JSON.parse(JSON.stringify(listTools(false))));
  });

  test('runs each tool, and the client finds each reply to fit its output schema', async () => {
    const call: CallTool = async (name, given = {}) => {
      const { content, structuredContent, isError } = await client.callTool({ name, arguments: given });
      const [block] = content;
      const text = block?.type === 'text' ? block.text : '';
      expect(isError, text).not.toBe(true);
      return { text, data: structuredContent };
    };
    await useEveryTool(call);
  });

  test('gets the prompts that the source has, and finds no resources', async () => {
    expect((await client.listPrompts()).prompts).toEqual(listPrompts());
    const prompt = await client.getPrompt({ name: 'board_health', arguments: { board: 'Service Desk' } });
    expect(prompt.messages).toEqual(getPrompt('board_health', { board: 'Service Desk' }).messages);
    expect((await client.listResources()).resources).toEqual([]);
  });
});
