import { parseArgs } from 'node:util';
import { type Task, tasks } from './tasks.ts';

export const usage = `Usage: npm run eval -- --wire openai|anthropic --url URL --model NAME [options]

Lets a model answer the 30 questions and make the 41 changes (and meet 10 unclear ones) of this repository's tests
through the built program, on the sandbox. The key of the provider is read from EVAL_API_KEY.

  --wire             openai: chat completions with tools; anthropic: messages with tools
  --url              what /chat/completions or /messages is appended to, such as https://provider.example/v1
  --model            name of the model, as the provider has it
  --key-variable     variable that holds the key (EVAL_API_KEY)
  --no-key           send none: a server on this computer
  --only             questions, changes, ambiguous, or ids of tasks, with commas (all)
  --max-turns        answers of the model for one task (12)
  --concurrency      tasks at once (2)
  --temperature      as the provider takes it (its own)
  --max-output       tokens of one answer (the provider's; anthropic: 4096)
  --max-total-tokens no new task is begun once so many were used (no limit)
  --timeout          seconds for one answer of the provider (120)
  --task-timeout     seconds for one task (600)
  --out              file for the transcripts of failures (.build/eval-failures.md)
  --json             the result as JSON on stdout
  --list             the tasks, without asking any model`;

export interface Settings {
  wire: 'openai' | 'anthropic';
  url: string;
  model: string;
  key: string | undefined;
  tasks: readonly Task[];
  maxTurns: number;
  concurrency: number;
  temperature: number | undefined;
  maxOutput: number | undefined;
  maxTotalTokens: number | undefined;
  timeoutMs: number;
  taskTimeoutMs: number;
  out: string;
  isJson: boolean;
}

/** A fault in the flags. */
export class UsageError extends Error {}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

function parseFlags(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        ...{ wire: text, url: text, model: text, only: text, temperature: text, 'max-output': text },
        ...{ 'max-total-tokens': text, 'no-key': flag, json: flag, list: flag, help: flag },
        'key-variable': { ...text, default: 'EVAL_API_KEY' },
        'max-turns': { ...text, default: '12' },
        concurrency: { ...text, default: '2' },
        timeout: { ...text, default: '120' },
        'task-timeout': { ...text, default: '600' },
        out: { ...text, default: '.build/eval-failures.md' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError naming the flag */
export function readSettings(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Settings | 'help' | { list: readonly Task[] } {
  const flags = parseFlags(words);
  if (flags.help) return 'help';
  const chosen = chooseTasks(flags.only);
  if (flags.list) return { list: chosen };
  const { wire, model } = flags;
  if (wire !== 'openai' && wire !== 'anthropic') throw new UsageError('--wire is openai or anthropic.');
  if (!model) throw new UsageError('--model is missing.');
  const variable = flags['key-variable'];
  const key = flags['no-key'] ? undefined : environment[variable]?.trim();
  if (!flags['no-key'] && !key) throw new UsageError(`The variable ${variable} holds no key; --no-key sends none.`);
  return {
    ...{ wire, model, key, tasks: chosen, out: flags.out, isJson: flags.json },
    url: readUrl(flags.url),
    maxTurns: readNumber('max-turns', flags['max-turns'], 1),
    concurrency: readNumber('concurrency', flags.concurrency, 1),
    temperature: flags.temperature === undefined ? undefined : readNumber('temperature', flags.temperature, 0),
    maxOutput: flags['max-output'] === undefined ? undefined : readNumber('max-output', flags['max-output'], 1),
    maxTotalTokens:
      flags['max-total-tokens'] === undefined
        ? undefined
        : readNumber('max-total-tokens', flags['max-total-tokens'], 1),
    timeoutMs: readNumber('timeout', flags.timeout, 1) * 1_000,
    taskTimeoutMs: readNumber('task-timeout', flags['task-timeout'], 1) * 1_000,
  };
}

function readNumber(name: string, written: string, least: number): number {
  const value = Number(written);
  if (written.trim() !== '' && Number.isFinite(value) && value >= least) return value;
  throw new UsageError(`--${name} ${JSON.stringify(written)} is not a number of at least ${least}.`);
}

/** A key is sent over TLS only, or stays on this computer. */
function readUrl(written: string | undefined): string {
  const url = URL.parse(written ?? '');
  if (url === null) throw new UsageError('--url is missing or not a URL.');
  const isNear = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isNear))
    throw new UsageError('--url must be https, or http on this computer.');
  if (url.username !== '' || url.password !== '' || url.search !== '')
    throw new UsageError('--url holds a user, a password or a query; the key belongs in a variable.');
  return url.href.replace(/\/+$/, '');
}

function chooseTasks(only: string | undefined): readonly Task[] {
  if (only === undefined) return tasks;
  const wanted = only.split(',').map((word) => word.trim());
  const fits = ({ id, kind }: Task) => wanted.includes(id) || wanted.includes(`${kind}s`) || wanted.includes(kind);
  const unknown = wanted.find((word) => !tasks.some(({ id, kind }) => [id, kind, `${kind}s`].includes(word)));
  if (unknown !== undefined)
    throw new UsageError(`--only ${JSON.stringify(unknown)} is not a task; --list shows them.`);
  return tasks.filter(fits);
}
