import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { key } from '../../tests/questions/key.ts';
import type { ProgramConnection, ProgramOptions } from '../../tests/support/connect-program.ts';
import type { Chat, ChatOptions } from './chat.ts';
import { findDifference } from './compare-answer.ts';
import { type Conversation, converse } from './converse.ts';
import { findFinalJson } from './final-answer.ts';
import { createPerson } from './person.ts';
import { findStateDifference, readState, type State } from './read-state.ts';
import { type ChangeTask, type Task, taskNow } from './tasks.ts';

export interface Result extends Conversation {
  task: Task;
  /** Why it is wrong; nothing where it is right. */
  wrong?: string;
}

export interface RunOptions {
  /** Starts what the model works with. */
  openProgram(options: ProgramOptions): Promise<ProgramConnection>;
  createChat(tools: ChatOptions['tools']): Chat;
  maxTurns: number;
  timeoutMs: number;
}

/** One task with a new server, sandbox and conversation. Throws only where no task can succeed. */
export async function runTask(task: Task, options: RunOptions): Promise<Result> {
  const { createChat, maxTurns, timeoutMs } = options;
  return withProgram(task, options, async (app) => {
    const { tools } = await app.client.listTools();
    const conversation = await converse({
      chat: createChat(tools),
      ...{ app, person: createPerson(task), prompt: task.prompt, maxTurns },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const wrong = conversation.failure ?? (await findWrong(task, conversation.final, app, options));
    return { ...conversation, task, ...(wrong === undefined ? {} : { wrong }) };
  });
}

async function findWrong(
  task: Task,
  final: string,
  app: ProgramConnection,
  options: RunOptions,
): Promise<string | undefined> {
  if (task.kind === 'question') {
    const answer = findFinalJson(final, 'answer');
    if (answer === undefined) return 'no final line of JSON';
    return findDifference(key.get(task.id) ?? null, answer.answer);
  }
  const found = await readState(app, task.change.path);
  if (task.kind === 'change') return findStateDifference(await readGolden(task, options), found);
  return findWrongAsking(task, final, found);
}

/** Right if nothing was sent and the person is asked, with the candidates. */
function findWrongAsking({ change }: ChangeTask, final: string, { sent }: State): string | undefined {
  if (sent[0] !== undefined) return `${sent[0]} was sent, though it was not certain what was meant`;
  const answer = findFinalJson(final, 'done');
  if (answer?.done !== false) return 'no final line that says that it was not done';
  const missing = change.offers?.find((name) => !final.toLowerCase().includes(name.toLowerCase()));
  return missing === undefined ? undefined : `it asked without offering ${missing}`;
}

/** The state after the golden change, made by the same program on another sandbox. */
function readGolden(task: ChangeTask, options: RunOptions): Promise<State> {
  const { method, path, data } = task.change;
  return withProgram(task, options, async (app) => {
    const prepared = await app.call('execute_api_call', { method, path, data });
    const sent = await app.call('confirm_api_write', { change_id: prepared.data?.change_id });
    if (sent.isError) throw new Error(`The golden change “${task.id}” failed: ${sent.text}`);
    return readState(app, path);
  });
}

async function withProgram<T>(
  { environment }: Task,
  { openProgram }: RunOptions,
  use: (app: ProgramConnection) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cwm-eval-'));
  try {
    await using app = await openProgram({ dataDir, now: taskNow, environment });
    return await use(app);
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
