import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { extname } from 'node:path';
import { GatewayError } from '../core/errors.ts';
import { asObject, defined } from '../core/json.ts';
import type { Redact } from '../core/log.ts';
import { exportTable, mapBatches, type RowSource, renderTextTable } from '../results/index.ts';
import type { CommandCall, Flag } from './command.ts';
import type { CommandRun } from './command-run.ts';
import { type CommandGateway, withGateway } from './open.ts';
import { exitStatus, print, write, writeAll } from './print.ts';
import { openProgress, type Progress } from './terminal.ts';
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
  unchanged: { word: 'already-so', status: exitStatus.done },
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
  const progress = openProgress(terminal, flags.json);
  const deliver = async (gateway: CommandGateway) => {
    const run = await moveDownload(await work(gateway, stop.signal), destination.file);
    const { redact, context } = gateway;
    // Rows are delivered while they are read from the store, so that however many there are, few are in memory.
    if (run.table === undefined) return { run, redact };
    const table = redactRows(reportRows(run.table, context.progress), redact);
    await deliverRows(call, { ...run, table }, destination, { redact, progress });
    return { run, redact };
  };
  // A file is often written at night; at a terminal a person would rather see the failure.
  const patience = destination.file === undefined ? undefined : { onWait: (what: string) => progress.step(what) };
  const { run, redact } = await withGateway(call, deliver, progress, patience);
  // Printed after everything is closed: a reader that closes the pipe ends this process at once.
  if (run.table === undefined) {
    if (flags.json) await print(call, { data: toData(run), text: '', redact });
    else {
      terminal.stderr.write(redact(renderOutcome(run, downloadedFile(run) && destination.file)));
      if (downloadedFile(run) === undefined || destination.file === undefined)
        await write(terminal.stdout, redact(renderPrinted(run)));
    }
  }
  return statusOf(run.state);
}

interface Delivery {
  redact: Redact;
  /** The line of the terminal that rows on stdout must not be mixed with. */
  progress: Progress;
}

/** Writes rows to the file that was named, or to stdout. */
async function deliverRows(
  { terminal, flags }: CommandCall,
  run: CommandRun & { table: RowSource },
  { format, file }: Destination,
  { redact, progress }: Delivery,
): Promise<void> {
  const tell = (told: CommandRun) => {
    progress.end();
    if (!flags.json) terminal.stderr.write(redact(renderOutcome(told, file)));
  };
  if (file !== undefined) {
    const { content, notes } = renderRows(run.table, format);
    await saveFile(file, content);
    const told = { ...run, notes: [...run.notes, ...notes()] };
    tell(told);
    if (flags.json) await write(terminal.stdout, redact(`${JSON.stringify(toData(told, file), null, 2)}\n`));
    return;
  }
  tell(run);
  const { content } = renderRows(run.table, format, terminal.stdout.columns ?? 120);
  await writeAll(terminal.stdout, flags.json ? withinData(run, content, redact) : withoutMark(content));
}

/** Excel needs the byte order mark in a file; in a pipe other programs take it as part of the first column's name. */
async function* withoutMark(content: AsyncIterable<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
  let isFirst = true;
  for await (const part of content) {
    yield isFirst ? String(Buffer.from(part)).replace(/^\uFEFF/, '') : part;
    isFirst = false;
  }
}

/** With `--json` everything is in one object on stdout: the rows are a member of it. */
async function* withinData(
  run: CommandRun,
  rows: AsyncIterable<string | Uint8Array>,
  redact: Redact,
): AsyncGenerator<string | Uint8Array> {
  const { next, ...about } = toData(run);
  const open = (members: object) => redact(JSON.stringify(members, null, 2)).slice(0, -2);
  yield `${open(about)},\n  "rows": `;
  yield* rows;
  yield next === undefined ? '}\n' : `,${open({ next }).slice(1)}\n}\n`;
}

/** Rows without keys, which values from ConnectWise may hold. Most batches hold none, and are tested as one text. */
function redactRows(source: RowSource, redact: Redact): RowSource {
  const columns = source.columns.map(redact);
  return mapBatches({ ...source, columns }, (batch) => {
    const text = JSON.stringify(batch);
    if (redact(text) === text) return batch;
    return batch.map((row) => row.map((cell) => (typeof cell === 'string' ? redact(cell) : cell)));
  });
}

function reportRows(source: RowSource, report: CommandGateway['context']['progress']): RowSource {
  let done = 0;
  return mapBatches(source, (batch) => {
    done += batch.length;
    report(done, source.rows, `${done} rows written`);
    return batch;
  });
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

/** Rows in the format that was asked for; a table in a file has no width. */
function renderRows(
  source: RowSource,
  format: Format,
  columns = Number.MAX_SAFE_INTEGER,
): { content: AsyncIterable<string | Uint8Array>; notes(): readonly string[] } {
  if (format !== 'table') return exportTable(source, format);
  return { content: renderTextTable(source, columns), notes: () => [] };
}

function renderPrinted({ printed }: CommandRun): string {
  if ('lines' in printed) return printed.lines.map((line) => `${line}\n`).join('');
  return `${JSON.stringify(printed.value, null, 2)}\n`;
}

function renderOutcome({ outcome, notes, next }: CommandRun, file: string | undefined): string {
  const lines = [outcome, ...notes.map((note) => `Note: ${note}`)];
  if (file !== undefined) lines.push(`Written to ${file}.`);
  if (next !== undefined) lines.push(next);
  return `${lines.join('\n')}\n`;
}

/** What `--json` prints, without rows; `file` is where they are. */
function toData({ state, outcome, notes, more, next }: CommandRun, file?: string) {
  return defined({
    state: endings[state].word,
    outcome,
    notes: notes.length > 0 ? notes : undefined,
    file,
    ...more,
    next,
  });
}
