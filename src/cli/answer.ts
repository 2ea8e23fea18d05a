import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { extname } from 'node:path';
import { GatewayError } from '../core/errors.ts';
import { asObject, defined } from '../core/json.ts';
import { exportTable, renderTextTable } from '../results/index.ts';
import type { CommandCall, Flag } from './command.ts';
import type { CommandRun } from './command-run.ts';
import { type CommandGateway, withGateway } from './open.ts';
import { exitStatus, print, write } from './print.ts';
import { openProgress } from './terminal.ts';
import { saveFile } from './user-files.ts';

/** Flags of commands that answer with rows. */
export const answerFlags: Readonly<Record<string, Flag>> = {
  format: { type: 'string', description: 'csv, json, table, xlsx (default: table on a terminal, else csv)' },
  output: {
    type: 'string',
    description: 'Write the rows to this file, atomically; its extension (.csv, .json, .xlsx) selects the format',
  },
  confirm: { type: 'boolean', description: 'Send the change that is otherwise only shown' },
};

const formats = ['csv', 'json', 'table', 'xlsx'] as const;
type Format = (typeof formats)[number];

interface Destination {
  format: Format;
  /** Standard output unless given. */
  file?: string;
}

/** What each state of a call means for a script: the exit status, and the word of `--json`. */
const endings = {
  complete: { word: 'complete', status: exitStatus.done },
  partial: { word: 'partial', status: exitStatus.partial },
  reading: { word: 'partial', status: exitStatus.partial },
  prepared: { word: 'not-sent', status: exitStatus.waits },
  sent: { word: 'sent', status: exitStatus.done },
  part_sent: { word: 'partial', status: exitStatus.partial },
  sending: { word: 'partial', status: exitStatus.partial },
  stopped: { word: 'partial', status: exitStatus.partial },
} as const satisfies Record<CommandRun['state'], { word: string; status: number }>;

/** The exit status of the command line for the state that a call ended in. */
export const statusOf = (state: CommandRun['state']): number => endings[state].status;

/**
 * Makes a call and delivers its answer as the flags say. Only rows go to stdout, so that they can be piped; whether they
 * are complete is said on stderr and by the exit status, which is returned.
 */
export async function answerCall(
  call: CommandCall,
  work: (gateway: CommandGateway, signal: AbortSignal) => Promise<CommandRun>,
): Promise<number> {
  const { terminal, flags } = call;
  const destination = readDestination(call);
  const stop = new AbortController();
  terminal.onStop(() => stop.abort());
  const answered = await withGateway(
    call,
    async (gateway) => {
      const run = await moveDownload(await work(gateway, stop.signal), destination.file);
      const content = await renderRun(run, destination, terminal.stdout.columns);
      return { run, content, redact: gateway.redact };
    },
    openProgress(terminal, flags.json),
  );
  // Printed after everything is closed: a reader that closes the pipe ends this process at once.
  const { run, content, redact } = answered;
  const text = destination.format === 'xlsx' ? undefined : redact(Buffer.from(content).toString('utf8'));
  const isSaved = destination.file !== undefined && (run.table !== undefined || downloadedFile(run) !== undefined);
  if (isSaved && run.table !== undefined) await saveFile(destination.file ?? '', text ?? content);
  if (flags.json) await print(call, { data: toData(run, destination, text), text: '', redact });
  else {
    terminal.stderr.write(redact(renderOutcome(run, isSaved ? destination.file : undefined)));
    // Excel needs the byte order mark in a file; in a pipe other programs take it as part of the first column's name.
    if (!isSaved) await write(terminal.stdout, (text ?? '').replace(/^\uFEFF/, ''));
  }
  return statusOf(run.state);
}

function readDestination({ terminal, flags }: CommandCall): Destination {
  const { output: file, format: given } = flags;
  const fallback = file === undefined && terminal.stdout.isTTY ? 'table' : 'csv';
  const extension = typeof file === 'string' ? extname(file).slice(1).toLowerCase() : '';
  const name = given ?? (isFormat(extension) ? extension : fallback);
  if (!isFormat(name)) throw usage(`--format is ${formats.join(', ')}, not ${JSON.stringify(name)}.`);
  if (file === '') throw usage('--output needs the name of a file.');
  if (name === 'xlsx' && file === undefined) throw usage('--format xlsx needs --output FILE.');
  // With --json the rows are part of the JSON that is printed.
  const format = flags.json && file === undefined ? 'json' : name;
  return { format, ...defined({ file: typeof file === 'string' ? file : undefined }) };
}

const isFormat = (name: unknown): name is Format => (formats as readonly unknown[]).includes(name);

const usage = (message: string) => new GatewayError('usage', message);

/** The path of the file that was downloaded, where the answer is one. */
function downloadedFile({ more }: Pick<CommandRun, 'more'>): string | undefined {
  const { path } = asObject(more.file);
  return typeof path === 'string' ? path : undefined;
}

/**
 * Moves a downloaded file to where `--output` says.
 * @throws GatewayError `storage_failed` that says where the downloaded file is
 */
async function moveDownload(run: CommandRun, file: string | undefined): Promise<CommandRun> {
  const downloaded = downloadedFile(run);
  if (downloaded === undefined || file === undefined) return run;
  try {
    await saveFile(file, createReadStream(downloaded));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { code, message, details, cause } = error;
    throw new GatewayError(code, message, {
      hint: `${error.hintFor('terminal')} The answer is in ${downloaded}.`,
      details,
      cause,
    });
  }
  await unlink(downloaded);
  const more = { ...run.more, file: { ...asObject(run.more.file), path: file } };
  return { ...run, more, printed: 'change' in more ? run.printed : { lines: [file] } };
}

async function renderRun(
  { table, printed }: CommandRun,
  { format, file }: Destination,
  columns = 120,
): Promise<Uint8Array> {
  if (table !== undefined) {
    if (format !== 'table') return (await exportTable(table, format)).content;
    return Buffer.from(renderTextTable(table, file === undefined ? columns : Number.MAX_SAFE_INTEGER));
  }
  if ('lines' in printed) return Buffer.from(printed.lines.map((line) => `${line}\n`).join(''));
  return Buffer.from(`${JSON.stringify(printed.value, null, 2)}\n`);
}

function renderOutcome({ outcome, notes, next }: CommandRun, file: string | undefined): string {
  const lines = [outcome, ...notes.map((note) => `Note: ${note}`)];
  if (file !== undefined) lines.push(`Written to ${file}.`);
  if (next !== undefined) lines.push(next);
  return `${lines.join('\n')}\n`;
}

/** With `--json` everything is in one object on stdout. */
function toData({ state, outcome, notes, table, more, next }: CommandRun, { file }: Destination, text = ''): unknown {
  return {
    ...defined({
      state: endings[state].word,
      outcome,
      notes: notes.length > 0 ? notes : undefined,
      rows: table === undefined || file !== undefined ? undefined : (JSON.parse(text) as unknown),
      file: table === undefined ? undefined : file,
    }),
    ...more,
    ...defined({ next }),
  };
}
