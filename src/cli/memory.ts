import { GatewayError } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import type { Command, CommandCall } from './command.ts';
import { openCommandGateway } from './open.ts';

export const memory: Command = {
  name: 'memory',
  summary: 'saved queries: list, run, accept and restore (with id or name), export and import (with a file)',
  positionals: ['ACTION'],
  optionalPositionals: ['WHAT'],
  flags: {
    arg: { type: 'string', multiple: true, description: 'With run: a value, as company=Acme; once for each' },
    format: { type: 'string', description: 'With run: csv or json, csv unless given' },
    json: { type: 'boolean', description: 'Print as JSON' },
  },
  async run(call) {
    const [action = '', what] = call.positionals;
    const run = Object.hasOwn(actions, action) ? actions[action as keyof typeof actions] : undefined;
    if (run === undefined) {
      throw new GatewayError('usage', `memory has no action ${JSON.stringify(action)}.`, {
        hint: `Actions: ${Object.keys(actions).join(', ')}.`,
      });
    }
    const gateway = openCommandGateway(call);
    try {
      call.terminal.stdout.write(gateway.redact(await run(call, gateway.memoryCommands, what)));
      return 0;
    } finally {
      await gateway.close();
    }
  },
};

type Commands = Gateway['memoryCommands'];
type Query = Awaited<ReturnType<Commands['accept']>>[number];

const actions = { list, run, export: exportTo, import: importFrom, accept, restore } as const;

async function list({ flags }: CommandCall, commands: Commands, term?: string): Promise<string> {
  const { saved, builtIn, waiting } = await commands.list(term);
  if (flags.json) return toJson({ saved, built_in: builtIn, waiting });
  const problems = await Promise.all(saved.map((query) => commands.problemOf(query)));
  const lines = [
    ...saved.flatMap((query, at) => [lineOf(query), ...(problems[at] ? [`          broken: ${problems[at]}`] : [])]),
    ...waiting.map((query) => `${lineOf(query)} (waits: memory accept ${query.id})`),
    ...builtIn.map(({ name, description }) => `built-in  ${name}: ${description}`),
  ];
  return `${lines.join('\n')}\n`;
}

async function run({ flags, lists, terminal }: CommandCall, commands: Commands, query?: string): Promise<string> {
  const { format = 'csv' } = flags;
  if (format !== 'csv' && format !== 'json') throw usage(`--format is csv or json, not ${JSON.stringify(format)}.`);
  const pairs = (lists.arg ?? []).map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw usage(`--arg ${JSON.stringify(text)} is no NAME=VALUE.`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  const stop = new AbortController();
  terminal.onStop(() => stop.abort());
  const wanted = require('run', 'an id, a name or words', query);
  const { outcome, text } = await commands.run(wanted, Object.fromEntries(pairs), format, stop.signal);
  // Rows go to stdout alone, so that they can be piped; whether they are all is said beside them.
  terminal.stderr.write(`${outcome}\n`);
  return text;
}

async function exportTo(_call: CommandCall, commands: Commands, file?: string): Promise<string> {
  const path = require('export', 'a file', file);
  const count = await commands.export(path);
  return `${count} saved ${count === 1 ? 'query' : 'queries'} written to ${path}.\n`;
}

async function importFrom({ flags }: CommandCall, commands: Commands, file?: string): Promise<string> {
  const report = await commands.import(require('import', 'a file', file));
  if (flags.json) return toJson(report);
  const { added, joined, refused } = report;
  const lines = [
    `${added.length} added, ${joined} there already, ${refused.length} refused.`,
    ...added.map(lineOf),
    ...refused.map(({ entry, reason }) => `entry ${entry} refused: ${reason}`),
    ...(added.length > 0 ? ['They wait: memory accept takes them all, memory accept ID one.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

async function accept({ flags }: CommandCall, commands: Commands, id?: string): Promise<string> {
  if (id !== undefined && !/^\d+$/.test(id)) throw usage(`memory accept takes an id, not ${JSON.stringify(id)}.`);
  return report('accepted', await commands.accept(id === undefined ? undefined : Number(id)), flags.json);
}

async function restore({ flags }: CommandCall, commands: Commands, what?: string): Promise<string> {
  return report('restored', await commands.restore(what), flags.json);
}

function report(done: string, queries: readonly Query[], json: unknown): string {
  return json ? toJson(queries) : [`${queries.length} ${done}.`, ...queries.map(lineOf), ''].join('\n');
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

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
