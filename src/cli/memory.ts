import { GatewayError } from '../core/errors.ts';
import { describeCandidates, findProblem, findSavedQuery, runSavedQuery, type ToolContext } from '../gateway/index.ts';
import { exportQueries, readImportFile, type SavedQuery, withAlike } from '../memory/index.ts';
import { maxExportRows } from '../results/index.ts';
import { answerCall, answerFlags } from './answer.ts';
import type { Command } from './command.ts';
import { type CommandRun, runForTerminal } from './command-run.ts';
import { readPairs } from './flags.ts';
import { withGateway } from './open.ts';
import { type Answer, exitStatus, print } from './print.ts';
import { saveFile } from './user-files.ts';

export const memory: Command = {
  name: 'memory',
  summary: 'saved queries: list, run, accept and restore (with id or name), export and import (with a file)',
  examples: ['memory list', 'memory run overdue-invoices --output overdue.xlsx'],
  positionals: ['ACTION'],
  optionalPositionals: ['WHAT'],
  flags: {
    arg: { type: 'string', multiple: true, description: 'With run: a value, as company=Acme; repeatable' },
    ...answerFlags,
  },
  async run(call) {
    const [action = '', what] = call.positionals;
    if (action === 'run') {
      const query = require('run', 'an id, a name or words', what);
      const wanted = { query, given: readPairs('arg', call.lists.arg), confirm: call.flags.confirm === true };
      return answerCall(call, ({ context }, signal) => run({ ...context, calledAs: 'memory run' }, wanted, signal));
    }
    const act = Object.hasOwn(actions, action) ? actions[action as keyof typeof actions] : undefined;
    if (act === undefined) {
      throw new GatewayError('usage', `memory has no action ${JSON.stringify(action)}.`, {
        hint: `Actions: run, ${Object.keys(actions).join(', ')}.`,
      });
    }
    const { answer, redact } = await withGateway(call, async ({ context, redact }) => ({
      answer: await act(context, what),
      redact,
    }));
    await print(call, { ...answer, redact });
    return exitStatus.done;
  },
};

const actions = { list, export: exportTo, import: importFrom, accept, restore } as const;

interface SavedQueryCall {
  query: string;
  /** Values of its placeholders. */
  given: Readonly<Record<string, unknown>>;
  /** Sends a change that is otherwise only prepared. */
  confirm: boolean;
}

/** Runs a saved query for all its rows; unlike a tool it waits for them. */
async function run(
  context: ToolContext,
  { query: text, given, confirm }: SavedQueryCall,
  signal: AbortSignal,
): Promise<CommandRun> {
  const found = await findSavedQuery(context, text, given, signal);
  if (found.kind === 'several') {
    const { queries, first, open } = found;
    const described = await describeCandidates(context, queries, first);
    const candidates = described.map(({ query, description }) => `${query} (${description})`);
    const [best] = described;
    const unsaid = open.map((words) => JSON.stringify(words)).join(' and ');
    const problem =
      open.length > 0
        ? `${best?.query} is the nearest to ${JSON.stringify(text)}, but its words do not cover ${unsaid}: nothing was run.`
        : `${JSON.stringify(text)} matches several saved queries.`;
    const values = best?.arguments === undefined ? '' : `, with its values as --arg NAME=VALUE: ${best.arguments}`;
    throw new GatewayError('unknown_query', problem, {
      details: { field: 'query', candidates },
      hint: open.length > 0 ? `Run one by name: ${best?.query}${values}.` : `Name one: ${candidates.join(', ')}.`,
    });
  }
  const { query } = found;
  const { sql } = query;
  const fields = query.params?.fields === undefined ? undefined : String(query.params.fields);
  return runForTerminal({ context, sql, fields, confirm, signal }, () =>
    runSavedQuery(context, query, { given: found.given, whole: { maxRecords: maxExportRows } }, signal),
  );
}

async function list(context: ToolContext, term?: string): Promise<Answer> {
  const store = await context.memory();
  const [builtIn, waiting] = [store.builtIn(term), store.waiting()];
  const [catalog, zone] = [await context.catalog(), await context.zone()];
  const found = store.list(term);
  const alike = term === undefined ? [] : withAlike(store, catalog, builtIn).filter((query) => !query.builtIn);
  const saved = [...found, ...alike.filter(({ id }) => !found.some((query) => query.id === id))];
  const lines = [
    ...saved.flatMap((query) => {
      const problem = findProblem(query, catalog, { zone, now: context.now() });
      return [lineOf(query), ...(problem === undefined ? [] : [`          broken: ${problem}`])];
    }),
    ...waiting.map((query) => `${lineOf(query)} (waits: memory accept ${query.id})`),
    ...builtIn.flatMap(({ name, description, path, params = {} }) => {
      const asked = Object.entries(params).flatMap(([member, text]) =>
        /conditions$/i.test(member) ? [`          GET ${path}  ${text}`] : [],
      );
      return [`built-in  ${name}: ${description}`, ...(term === undefined ? [] : asked)];
    }),
  ];
  return { data: { saved, built_in: builtIn, waiting }, text: `${lines.join('\n')}\n` };
}

async function exportTo(context: ToolContext, file?: string): Promise<Answer> {
  const path = require('export', 'a file', file);
  const queries = (await context.memory()).list();
  // Queries can name people and customers, so the file is readable by its owner only.
  await saveFile(path, exportQueries(queries), 0o600);
  const count = queries.length;
  const text = `${count} saved ${count === 1 ? 'query' : 'queries'} written to ${path}.\n`;
  return { data: { file: path, queries: count }, text };
}

async function importFrom(context: ToolContext, file?: string): Promise<Answer> {
  const { queries, refused } = await readImportFile(require('import', 'a file', file));
  const { added, joined } = (await context.memory()).import(queries);
  const lines = [
    `${added.length} added, ${joined} there already, ${refused.length} refused.`,
    ...added.map(lineOf),
    ...refused.map(({ entry, reason }) => `entry ${entry} refused: ${reason}`),
    ...(added.length > 0 ? ['They wait: memory accept accepts them all, memory accept ID one.'] : []),
  ];
  return { data: { added, joined, refused }, text: `${lines.join('\n')}\n` };
}

async function accept(context: ToolContext, id?: string): Promise<Answer> {
  if (id !== undefined && !/^\d+$/.test(id)) throw usage(`memory accept takes an id, not ${JSON.stringify(id)}.`);
  return report('accepted', (await context.memory()).accept(id === undefined ? undefined : Number(id)));
}

/** Deleted queries by id, or all of them; a hidden built-in one by name. */
async function restore(context: ToolContext, what?: string): Promise<Answer> {
  const store = await context.memory();
  const isId = what === undefined || /^\d+$/.test(what);
  return report(
    'restored',
    isId ? store.restore(what === undefined ? what : Number(what)) : [store.setHidden(what, false)],
  );
}

function report(done: string, queries: readonly SavedQuery[]): Answer {
  return { data: queries, text: [`${queries.length} ${done}.`, ...queries.map(lineOf), ''].join('\n') };
}

/** One query on one line. */
function lineOf({ id, name, description, method, path, usageCount }: SavedQuery): string {
  const called = name === undefined ? '' : ` [${name}]`;
  return `${String(id).padStart(8)}  ${method} ${path}  ${description}${called}, used ${usageCount} times`;
}

function require(action: string, needs: string, given: string | undefined): string {
  if (given !== undefined) return given;
  throw usage(`memory ${action} needs ${needs}.`);
}

const usage = (message: string) => new GatewayError('usage', message, { hint: 'See memory --help.' });
