import { expect, test } from 'vitest';
import { connect } from '../support/connect.ts';

// What a host reads before and around calls, in both generations of the protocol.

const eras = ['legacy', 'modern'] as const;
const serverInfoKey = 'io.modelcontextprotocol/serverInfo';

test.each(eras)('a %s client is given a title and annotations for each tool, and no icon', async (era) => {
  await using app = await connect({ era });
  const { tools } = await app.client.listTools();
  expect(tools).toHaveLength(15);
  for (const { name, title, annotations, icons } of tools) {
    // A dialog shows the title in one line.
    expect(title?.length, name).toBeGreaterThan(8);
    expect(title?.length, name).toBeLessThanOrEqual(48);
    expect(Object.keys(annotations ?? {}), name).toEqual([
      'readOnlyHint',
      'destructiveHint',
      'idempotentHint',
      'openWorldHint',
    ]);
    expect(icons, name).toBeUndefined();
  }
  expect(new Set(tools.map(({ title }) => title)).size).toBe(15);
});

test.each(eras)('a %s client gets the name of the server in a few bytes', async (era) => {
  await using app = await connect({ era });
  const server = app.client.getServerVersion();
  expect(Object.keys(server ?? {})).toEqual(['name', 'title', 'version']);
  const reply = await app.client.callTool({ name: 'list_api_categories', arguments: {} });
  // The 2026 version repeats it in every result.
  const stamped = reply._meta?.[serverInfoKey];
  expect(stamped).toEqual(era === 'modern' ? server : undefined);
  expect(JSON.stringify(server).length).toBeLessThanOrEqual(120);
});

test('a modern client may keep lists for a while, the list of tools for itself only', async () => {
  await using app = await connect({ era: 'modern' });
  const { client } = app;
  const forAll = { ttlMs: 3_600_000, cacheScope: 'public' };
  expect(await client.listTools()).toMatchObject({ ttlMs: 300_000, cacheScope: 'private' });
  expect(await client.listPrompts()).toMatchObject(forAll);
  expect(await client.listResources()).toMatchObject(forAll);
  expect(await client.listResourceTemplates()).toMatchObject(forAll);
  expect(await client.discover()).toMatchObject(forAll);
});

test('a legacy client is sent no member that its version does not know', async () => {
  await using app = await connect({ era: 'legacy' });
  const { client } = app;
  const lists = [
    await client.listTools(),
    await client.listPrompts(),
    await client.listResources(),
    await client.listResourceTemplates(),
  ];
  expect(lists.map((list) => Object.keys(list).join())).toEqual(['tools', 'prompts', 'resources', 'resourceTemplates']);
});
