import { expect, test } from 'vitest';
import { listTools } from '../../src/server/list-tools.ts';
import { connect } from '../support/connect.ts';
import { tokensOf, typicalReplies } from '../support/typical-replies.ts';

const definitions = listTools(false);
const tokens = (value: unknown) => Math.ceil(Buffer.byteLength(JSON.stringify(value)) / 4);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('names, descriptions and input schemas of all tools cost at most 3,000 tokens', () => {
  const cost = sum(definitions.map(({ name, description, inputSchema }) => tokens({ name, description, inputSchema })));
  expect(cost).toBeLessThanOrEqual(3_000);
});

test('the output schemas of all tools cost at most 1,200 tokens', () => {
  expect(sum(definitions.map(({ outputSchema }) => tokens(outputSchema)))).toBeLessThanOrEqual(1_200);
});

test('what a tool is for stands in the first 600 characters of its description', () => {
  for (const { name, description = '' } of definitions) {
    expect(description.length, name).toBeGreaterThan(40);
    // Examples may follow; the essentials must survive a host that cuts.
    expect(description.slice(0, 600), name).toMatch(/\.|:/);
  }
});

test('twenty typical replies cost no more than their budgets, as text and as structured content', async () => {
  await using app = await connect({ environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'UTC' } });
  expect(typicalReplies).toHaveLength(20);
  for (const reply of typicalReplies) {
    const { text, data } = await tokensOf(app, reply);
    expect(Math.max(text, data), reply.what).toBeLessThanOrEqual(reply.budget);
    // An error that came in place of a list would cost little.
    expect(data === 0, reply.what).toBe(reply.what.startsWith('an error'));
  }
});
