import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createAnthropicChat } from './anthropic-chat.ts';
import type { Chat, ChatOptions } from './chat.ts';
import { createOpenAiChat } from './openai-chat.ts';
import { type Provider, ProviderRefused, postJson } from './post-json.ts';
import { renderFailures, renderTable, sumUp } from './report.ts';
import { type Result, type RunOptions, runTask } from './run-task.ts';
import { readSettings, type Settings, UsageError, usage } from './settings.ts';

export interface EvalParts extends Pick<RunOptions, 'openProgram'> {
  /** What follows the command. */
  words: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  printError(text: string): void;
  /** Called for each task that is done. */
  reportProgress?(line: string): void;
}

function createChats({ wire, url, key, model, temperature, maxOutput, timeoutMs }: Settings) {
  const bearer = wire === 'openai' ? { authorization: `Bearer ${key}` } : { 'x-api-key': key ?? '' };
  const version = wire === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {};
  const provider: Provider = {
    ...{ url, timeoutMs, wait: (ms, signal) => wait(ms, undefined, { signal }) },
    headers: { ...(key === undefined ? {} : bearer), ...version },
    // Some providers repeat the key, or a part of it, in their errors.
    hide: (text) => (key === undefined ? text : text.replaceAll(key, '[key]')),
  };
  const create = wire === 'openai' ? createOpenAiChat : createAnthropicChat;
  return {
    hide: provider.hide,
    createChat: (tools: ChatOptions['tools']): Chat =>
      create({
        ...{ model, tools, post: (path, body, signal) => postJson(provider, path, body, signal) },
        ...(temperature === undefined ? {} : { temperature }),
        ...(maxOutput === undefined ? {} : { maxOutput }),
      }),
  };
}

/** Several at once, in order, until all are done or the budget is spent. */
async function runAll(
  settings: Settings,
  { createChat, openProgram, reportProgress }: EvalParts & { createChat(tools: ChatOptions['tools']): Chat },
): Promise<Result[]> {
  const {
    tasks,
    concurrency,
    maxTurns,
    taskTimeoutMs: timeoutMs,
    maxTotalTokens = Number.POSITIVE_INFINITY,
  } = settings;
  const results: Result[] = [];
  const waiting = [...tasks];
  let used = 0;
  const work = async () => {
    for (let task = waiting.shift(); task !== undefined && used < maxTotalTokens; task = waiting.shift()) {
      const result = await runTask(task, { createChat, openProgram, maxTurns, timeoutMs }).catch((error: unknown) => {
        // What makes one task impossible makes all of them impossible.
        waiting.length = 0;
        throw error;
      });
      used += result.inputTokens + result.outputTokens;
      results.push(result);
      reportProgress?.(`${results.length}/${tasks.length} ${task.id}\n`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const order = new Map(tasks.map(({ id }, at) => [id, at]));
  return results.sort((one, other) => (order.get(one.task.id) ?? 0) - (order.get(other.task.id) ?? 0));
}

function report(
  settings: Settings,
  results: readonly Result[],
  print: (text: string) => void,
  hide: (text: string) => string,
): number {
  const { model, tasks, isJson, out } = settings;
  const failures = results.filter(({ wrong }) => wrong !== undefined);
  const notRun = tasks.length - results.length;
  if (failures.length > 0) {
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, hide(renderFailures(results)));
  }
  const rows = results.map(({ task, wrong, calls, turns, inputTokens, outputTokens }) => ({
    ...{ id: task.id, kind: task.kind, right: wrong === undefined, ...(wrong === undefined ? {} : { wrong }) },
    ...{ calls, turns, inputTokens, outputTokens },
  }));
  const lines = isJson
    ? [JSON.stringify({ model, totals: sumUp(results), notRun, tasks: rows }, null, 2)]
    : [
        `${model}, ${results.length} tasks through the built program on the sandbox:`,
        '',
        ...renderTable(results),
        ...(notRun > 0 ? ['', `${notRun} tasks were not started: --max-total-tokens was reached.`] : []),
        ...(failures.length > 0 ? ['', `Transcripts of the failures: ${out}`] : []),
      ];
  print(lines.join('\n'));
  return failures.length === 0 && notRun === 0 ? 0 : 1;
}

/**
 * `npm run eval` from its arguments to its exit status: 1 if something is wrong or was not started, 2 if the arguments
 * or the provider are wrong.
 */
export async function runEval(parts: EvalParts): Promise<number> {
  try {
    return await run(parts);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ProviderRefused)) throw error;
    parts.printError(error.message);
    if (error instanceof UsageError) parts.printError('\nSee npm run eval -- --help.');
    return 2;
  }
}

async function run(parts: EvalParts): Promise<number> {
  const { print } = parts;
  const settings = readSettings(parts.words, parts.environment);
  if (settings === 'help') {
    print(usage);
    return 0;
  }
  if ('list' in settings) {
    for (const { kind, id, prompt } of settings.list) print(`${kind} ${id}: ${prompt.split('\n')[0]}`);
    return 0;
  }
  const { createChat, hide } = createChats(settings);
  return report(settings, await runAll(settings, { ...parts, createChat }), (text) => print(hide(text)), hide);
}
