import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { GatewayError } from '../core/errors.ts';
import { answerCall, answerFlags } from './answer.ts';
import type { Command, CommandCall } from './command.ts';
import { readWhole } from './read-whole.ts';

export const call: Command = {
  name: 'call',
  summary: 'call one endpoint, as scheduled tasks do: rows to stdout or a file; a change is sent only with --confirm',
  positionals: ['METHOD', 'PATH'],
  flags: {
    param: { type: 'string', multiple: true, description: 'As conditions="closedFlag=false"; once for each' },
    fields: { type: 'string', description: 'Columns, as id,summary,company/name' },
    all: { type: 'boolean', description: 'Read a list to its end, not 1,000 rows' },
    'max-records': { type: 'string', description: 'Rows at most; with --all 200,000 unless given' },
    sql: { type: 'string', description: 'One SELECT over the rows, which it calls "it"' },
    data: { type: 'string', description: 'Body of a change: JSON, @FILE, or - for standard input' },
    ...answerFlags,
  },
  async run(given) {
    const { positionals, flags, lists } = given;
    const [method = '', path = ''] = positionals;
    const params = readPairs('param', lists.param ?? []);
    if (typeof flags.fields === 'string') params.fields = flags.fields;
    const maxRecords = readWhole(flags, 'max-records', [1, 200_000]);
    const sql = flags.sql === undefined ? undefined : String(flags.sql);
    const data = flags.data === undefined ? undefined : await readData(given, String(flags.data));
    const wanted = { method, path, params, data, all: flags.all === true, maxRecords, sql };
    return answerCall(given, ({ callCommands }, signal) =>
      callCommands.run({ ...wanted, confirm: flags.confirm === true }, signal),
    );
  },
};

/** `NAME=VALUE`, each name once. */
export function readPairs(flag: string, texts: readonly string[]): Record<string, string> {
  const pairs = texts.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new GatewayError('usage', `--${flag} ${JSON.stringify(pair)} is no NAME=VALUE.`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

/** JSON from the words, a file or standard input; shells of Windows take quotes away, so a file is the safe way there. */
async function readData({ terminal }: CommandCall, given: string): Promise<unknown> {
  const json = given === '-' ? await text(terminal.stdin) : given.startsWith('@') ? await open(given.slice(1)) : given;
  try {
    // Editors of Windows put a byte order mark before the text.
    return JSON.parse(json.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('usage', `--data is no JSON: ${reason}.`, {
      cause,
      hint: 'Give JSON such as {"status": "Closed"}, @FILE, or - for standard input; in a file no shell takes quotes away.',
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
