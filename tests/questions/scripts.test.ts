import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';
import { key } from './key.ts';
import { keyOptions } from './provider.ts';
import { questions } from './questions.ts';
import { runScript, type ScriptRun } from './run-script.ts';
import { scripts } from './scripts.ts';

const maxCalls = 4;
const maxTokens = 3_000;

test('each question has one script', () => {
  expect(scripts.map(({ id }) => id).sort()).toEqual(questions.map(({ id }) => id).sort());
});

describe('a careful assistant', () => {
  let app: Connection;
  const runs: ScriptRun[] = [];
  beforeAll(async () => {
    const environment = { CONNECTWISE_NOW: keyOptions.now.toISOString(), CONNECTWISE_TIMEZONE: 'UTC' };
    app = await connect({ environment });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test.each(scripts)('answers $id right, in few calls and tokens', async (script) => {
    const run = await runScript(app, script);
    runs.push(run);
    expect(run.answer).toEqual(key.get(script.id));
    expect(run.calls).toBeLessThanOrEqual(maxCalls);
    expect(run.tokens).toBeLessThanOrEqual(maxTokens);
  });

  test('needs two calls at most for half of the questions', () => {
    const calls = runs.map((run) => run.calls).sort((a, b) => a - b);
    expect(calls).toHaveLength(30);
    expect(calls[15]).toBeLessThanOrEqual(2);
  });
});
