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

test('the first 600 characters of a description say what the tool is for', () => {
  for (const { name, description = '' } of definitions) {
    expect(description.length, name).toBeGreaterThan(40);
    // Some hosts truncate descriptions; only examples may come later.
    expect(description.slice(0, 600), name).toMatch(/\.|:/);
  }
});

test('twenty typical replies cost no more than their budgets, as text and as structured content', async () => {
  await using app = await connect({ environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'UTC' } });
  expect(typicalReplies).toHaveLength(20);
  for (const reply of typicalReplies) {
    const { text, data } = await tokensOf(app, reply);
    expect(Math.max(text, data), reply.what).toBeLessThanOrEqual(reply.budget);
    // An error in place of a list would also be within the budget.
    expect(data === 0, reply.what).toBe(reply.what.startsWith('an error'));
  }
});
