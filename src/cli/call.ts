import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { callEndpoint, parseMethod, readForEach, requireEndpoint, type ToolContext } from '../gateway/index.ts';
import { maxExportRows } from '../results/index.ts';
import { answerCall, answerFlags } from './answer.ts';
import type { Command, CommandCall } from './command.ts';
import { type CommandRun, runForTerminal } from './command-run.ts';
import { readPairs, readWhole } from './flags.ts';

export const call: Command = {
  name: 'call',
  summary: 'call one endpoint, as scheduled tasks do: rows to stdout or a file; a change is sent only with --confirm',
  examples: [
    'call GET /service/tickets --param conditions="closedFlag=false" --fields id,summary --all',
    `call PATCH /service/tickets/4711 --data '{"status": "Closed"}' --confirm`,
  ],
  positionals: ['METHOD', 'PATH'],
  flags: {
    param: { type: 'string', multiple: true, description: 'As conditions="closedFlag=false"; repeatable' },
    fields: { type: 'string', description: 'Columns, as id,summary,company/name' },
    all: { type: 'boolean', description: 'Read all pages of a list (default: 1,000 rows)' },
    'max-records': { type: 'string', description: 'Maximum number of rows (default with --all: 200,000)' },
    sql: { type: 'string', description: 'One SELECT over the rows, as table "it"' },
    data: { type: 'string', description: 'Body of a change: JSON, @FILE, or - for standard input' },
    'for-each': {
      type: 'string',
      description:
        'Ids, or a SELECT whose first column holds them, for the last {…} of PATH; its columns fill {column} in --data',
    },
    ...answerFlags,
  },
  async run(given) {
    const { positionals, flags, lists } = given;
    const [method = '', path = ''] = positionals;
    const params = readPairs('param', lists.param);
    if (typeof flags.fields === 'string') params.fields = flags.fields;
    const wanted: EndpointCall = {
      method,
      path,
      params,
      data: flags.data === undefined ? undefined : await readData(given, String(flags.data)),
      all: flags.all === true,
      maxRecords: readWhole(flags, 'max-records', [1, maxExportRows]),
      sql: flags.sql === undefined ? undefined : String(flags.sql),
      forEach: flags['for-each'] === undefined ? undefined : String(flags['for-each']),
      confirm: flags.confirm === true,
    };
    return answerCall(given, ({ context }, signal) => run({ ...context, calledAs: 'call' }, wanted, signal));
  },
};

/** JSON from the argument, a file or standard input; shells of Windows remove quotes, so a file is the safe way there. */
async function readData({ terminal }: CommandCall, given: string): Promise<unknown> {
  const json = given === '-' ? await text(terminal.stdin) : given.startsWith('@') ? await open(given.slice(1)) : given;
  try {
    // Editors of Windows put a byte order mark before the text.
    return JSON.parse(json.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('usage', `--data is not valid JSON: ${reason}.`, {
      cause,
      hint: 'Give JSON such as {"status": "Closed"}, @FILE, or - for standard input; no shell removes quotes from a file.',
    });
  }
}

async function open(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('usage', `The file of --data cannot be read: ${reason}.`, { cause });
  }
}

interface EndpointCall {
  method: string;
  path: string;
  params: Readonly<Record<string, string>>;
  data: unknown;
  /** Reads all pages of a list. */
  all: boolean;
  maxRecords: number | undefined;
  sql: string | undefined;
  /** What the call is repeated for. */
  forEach: string | undefined;
  /** Sends a change that is otherwise only prepared. */
  confirm: boolean;
}

/** Calls an endpoint as the tool `execute_api_call` does, without the limits of its replies. */
async function run(context: ToolContext, wanted: EndpointCall, signal: AbortSignal): Promise<CommandRun> {
  const { method, path, params, data, all, maxRecords, sql, forEach, confirm } = wanted;
  const target = await requireEndpoint(context, parseMethod(method), path);
  const fields = Object.entries({ ...target.query, ...params }).find(([name]) => name.toLowerCase() === 'fields')?.[1];
  const each = forEach === undefined ? {} : await readForEach(context, target, forEach, signal);
  const scope = { ...each, allPages: all, ...defined({ maxRecords: maxRecords ?? (all ? maxExportRows : undefined) }) };
  return runForTerminal({ context, sql, fields, confirm, signal }, () =>
    // `params` is never absent: a saved query must not fill what was not given.
    callEndpoint(context, { target, params, ...defined({ data, sql }), strict: true, whole: true, scope }, signal),
  );
}
