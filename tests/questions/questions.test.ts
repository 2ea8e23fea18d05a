import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCollections } from '../../sandbox/definitions.ts';
import { sharedCatalog } from '../support/shared.ts';
import { seedProvider } from './provider.ts';
import { questions } from './questions.ts';

const file = join(import.meta.dirname, 'answers.jsonl');
const provider = seedProvider();
const answers = questions.map((question) => ({ question, ...question.answer(provider) }));

/** After an intended change of the data, `npm test -- tests/questions -u` updates the answers. */
test('the frozen answers are what plain code finds in the records', async () => {
  const lines = answers.map(({ question: { id }, answer }) => `${JSON.stringify({ id, answer })}\n`);
  await expect(lines.join('')).toMatchFileSnapshot(file);
});

test('thirty questions have thirty frozen answers', () => {
  const frozen = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(frozen.map((line) => JSON.parse(line).id)).toEqual(questions.map(({ id }) => id));
  expect(new Set(questions.map(({ id }) => id)).size).toBe(30);
});

test('questions are asked in words and say what they mean', () => {
  for (const { id, asks, means } of questions) {
    expect(asks, id).toMatch(/^["“A-Z].{20,}\?$/);
    expect(means.length, id).toBeGreaterThan(20);
  }
});

test('what a question reads can be read from the sandbox', async () => {
  const catalog = await sharedCatalog();
  const collections = createCollections(catalog);
  const unknown = questions.flatMap(({ reads }) => reads.filter((key) => collections.find(key) === undefined));
  expect(unknown).toEqual([]);
});

describe('the answer is not trivial', () => {
  test.each(answers.map((one) => [one.question.id, one] as const))('%s', (_id, { question, answer, chosen }) => {
    const among = provider.rows(question.reads[0]).length;
    expect(chosen).toBeGreaterThan(0);
    expect(chosen).toBeLessThan(among);
    for (const value of [answer, ...Object.values(Object(answer))]) {
      expect(value).not.toBe(0);
      expect(JSON.stringify(value)).not.toMatch(/^(\[\]|\{\}|""|null)$/);
    }
  });
});
