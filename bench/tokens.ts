// What the gateway costs a conversation: the list of tools, and twenty typical replies, with their budgets. Tokens are
// bytes / 4. Usage: npm run bench -- tokens [--write]

import { countTokens } from '../src/gateway/calls/reply.ts';
// bytes / 4. Usage: npm run bench -- tokens [--write]
import { listTools } from '../src/server/list-tools.ts';
import { connect } from '../tests/support/connect.ts';
import { tokensOf, typicalReplies } from '../tests/support/typical-replies.ts';
import { writeFigures } from './figures.ts';

const tokens = (value: unknown) => countTokens(JSON.stringify(value));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const count = (value: number) => value.toLocaleString('en');

const listed = listTools(false).map(({ name, description, inputSchema, outputSchema }) => ({
  name,
  input: tokens({ name, description, inputSchema }),
  output: tokens(outputSchema),
}));

await using app = await connect({ environment: { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'UTC' } });
const replies: string[] = [];
for (const reply of typicalReplies) {
  const { text, data } = await tokensOf(app, reply);
  const cells = [reply.what, `\`${reply.tool}\``, count(text), data === 0 ? '–' : count(data), count(reply.budget)];
  replies.push(`| ${cells.join(' | ')} |`);
}

const lines = [
  '| tool | name, description, input schema | output schema |',
  '| --- | --: | --: |',
  ...listed.map(({ name, input, output }) => `| \`${name}\` | ${input} | ${output} |`),
  `| all fourteen | ${count(sum(listed.map(({ input }) => input)))} | ${count(sum(listed.map(({ output }) => output)))} |`,
  '| ceiling | 3,000 | 1,200 |',
  '',
  '| reply | tool | text | `structuredContent` | ceiling |',
  '| --- | --- | --: | --: | --: |',
  ...replies,
];
console.log(lines.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('tokens', 'bytes / 4, on the sandbox', 'npm run bench -- tokens', lines);
