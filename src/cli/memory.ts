import { GatewayError } from '../core/errors.ts';
import type { Gateway } from '../gateway/index.ts';
import { answerCall, answerFlags } from './answer.ts';
import { readPairs } from './call.ts';
import type { Command, CommandCall } from './command.ts';
import { withGateway } from './open.ts';
import { type Answer, exitStatus, print } from './print.ts';
import { saveFile } from './save-file.ts';

export const memory: Command = {
  name: 'memory',
  summary: 'saved queries: list, run, accept and restore (with id or name), export and import (with a file)',
  positionals: ['ACTION'],
  optionalPositionals: ['WHAT'],
  flags: {
    arg: { type: 'string', multiple: true, description: 'With run: a value, as company=Acme; once for each' },
    ...answerFlags,
  },
  async run(call) {
    const [action = '', what] = call.positionals;
    if (action === 'run') return run(call, what);
    const act = Object.hasOwn(actions, action) ? actions[action as keyof typeof actions] : undefined;
    if (act === undefined) {
      throw new GatewayError('usage', `memory has no action ${JSON.stringify(action)}.`, {
        hint: `Actions: run, ${Object.keys(actions).join(', ')}.`,
      });
    }
    const { answer, redact } = await withGateway(call, async ({ memoryCommands, redact }) => ({
      answer: await act(call, memoryCommands, what),
      redact,
    }));
    await print(call, { ...answer, redact });
    return exitStatus.done;
  },
};

type Commands = Gateway['memoryCommands'];
type Query = Awaited<ReturnType<Commands['accept']>>[number];

const actions = { list, export: exportTo, import: importFrom, accept, restore } as const;

async function run(call: CommandCall, what: string | undefined): Promise<number> {
  const query = require('run', 'an id, a name or words', what);
  const given = readPairs('arg', call.lists.arg ?? []);
  const confirm = call.flags.confirm === true;
  return answerCall(call, ({ memoryCommands }, signal) => memoryCommands.run({ query, given, confirm }, signal));
}

async function list(_call: CommandCall, commands: Commands, term?: string): Promise<Answer> {
  const { saved, builtIn, waiting } = await commands.list(term);
  const problems = await Promise.all(saved.map((query) => commands.problemOf(query)));
  const lines = [
    ...saved.flatMap((query, at) => [lineOf(query), ...(problems[at] ? [`          broken: ${problems[at]}`] : [])]),
    ...waiting.map((query) => `${lineOf(query)} (waits: memory accept ${query.id})`),
    ...builtIn.map(({ name, description }) => `built-in  ${name}: ${description}`),
  ];
  return { data: { saved, built_in: builtIn, waiting }, text: `${lines.join('\n')}\n` };
}

async function exportTo(_call: CommandCall, commands: Commands, file?: string): Promise<Answer> {
  const path = require('export', 'a file', file);
  const exported = await commands.export();
  // Queries can name people and customers: nobody else on this computer needs to read them.
  await saveFile(path, exported.text, 0o600);
  const { count } = exported;
  const text = `${count} saved ${count === 1 ? 'query' : 'queries'} written to ${path}.\n`;
  return { data: { file: path, queries: count }, text };
}

async function importFrom(_call: CommandCall, commands: Commands, file?: string): Promise<Answer> {
  const report = await commands.import(require('import', 'a file', file));
  const { added, joined, refused } = report;
  const lines = [
    `${added.length} added, ${joined} there already, ${refused.length} refused.`,
    ...added.map(lineOf),
    ...refused.map(({ entry, reason }) => `entry ${entry} refused: ${reason}`),
    ...(added.length > 0 ? ['They wait: memory accept takes them all, memory accept ID one.'] : []),
  ];
  return { data: report, text: `${lines.join('\n')}\n` };
}

async function accept(_call: CommandCall, commands: Commands, id?: string): Promise<Answer> {
  if (id !== undefined && !/^\d+$/.test(id)) throw usage(`memory accept takes an id, not ${JSON.stringify(id)}.`);
  return report('accepted', await commands.accept(id === undefined ? undefined : Number(id)));
}

async function restore(_call: CommandCall, commands: Commands, what?: string): Promise<Answer> {
  return report('restored', await commands.restore(what));
}

function report(done: string, queries: readonly Query[]): Answer {
  return { data: queries, text: [`${queries.length} ${done}.`, ...queries.map(lineOf), ''].join('\n') };
}

/** One query on one line. */
function lineOf({ id, name, description, method, path, usageCount }: Query): string {
  const called = name === undefined ? '' : ` [${name}]`;
  return `${String(id).padStart(8)}  ${method} ${path}  ${description}${called}, used ${usageCount} times`;
}

function require(action: string, needs: string, given: string | undefined): string {
  if (given !== undefined) return given;
  throw usage(`memory ${action} needs ${needs}.`);
}

const usage = (message: string) => new GatewayError('usage', message, { hint: 'See memory --help.' });
