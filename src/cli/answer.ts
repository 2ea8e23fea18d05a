import { readFile, unlink } from 'node:fs/promises';
import { extname } from 'node:path';
import { GatewayError } from '../core/errors.ts';
import type { Gateway } from '../gateway/index.ts';
import type { CommandCall, Flag } from './command.ts';
import { withGateway } from './open.ts';
import { exitStatus, print, write } from './print.ts';
import { openProgress } from './progress.ts';
import { saveFile } from './save-file.ts';

/** Flags of commands that answer with rows. */
export const answerFlags: Readonly<Record<string, Flag>> = {
  format: { type: 'string', description: 'csv, json, table, xlsx; table on a terminal, else csv' },
  output: { type: 'string', description: 'Write the rows to this file, in one step; .csv, .json or .xlsx says how' },
  confirm: { type: 'boolean', description: 'Send the change that is otherwise only shown' },
};

type Run = Awaited<ReturnType<Gateway['callCommands']['run']>>;
type Format = Parameters<Gateway['callCommands']['render']>[1];
const formats: readonly Format[] = ['csv', 'json', 'table', 'xlsx'];

interface Place {
  format: Format;
  /** Standard output unless given. */
  file?: string;
}

/** What each state of a call is for a script: the exit status, and the word of `--json`. */
const endings = {
  complete: { word: 'complete', status: exitStatus.done },
  partial: { word: 'partial', status: exitStatus.partial },
  reading: { word: 'partial', status: exitStatus.partial },
  prepared: { word: 'not-sent', status: exitStatus.waits },
  sent: { word: 'sent', status: exitStatus.done },
  part_sent: { word: 'partial', status: exitStatus.partial },
  sending: { word: 'partial', status: exitStatus.partial },
  stopped: { word: 'partial', status: exitStatus.partial },
} as const satisfies Record<Run['state'], { word: string; status: number }>;

/** The exit status of the command line for the state that a call ended in. */
export const statusOf = (state: Run['state']): number => endings[state].status;

/**
 * Makes a call and brings its answer where the flags say. Rows go to stdout alone, so that they can be piped; whether
 * they are all is said on stderr and by the exit status.
 */
export async function answerCall(
  call: CommandCall,
  work: (gateway: Gateway, signal: AbortSignal) => Promise<Run>,
): Promise<number> {
  const { terminal, flags } = call;
  const place = readPlace(call);
  const stop = new AbortController();
  terminal.onStop(() => stop.abort());
  const answered = await withGateway(
    call,
    async (gateway) => {
      const run = await bring(await work(gateway, stop.signal), place);
      const content = await renderRun(gateway, run, place, terminal.stdout.columns);
      return { run, content, redact: gateway.redact };
    },
    openProgress(terminal, flags.json),
  );
  // Only now that all is closed: a reader that has enough ends this process at once, and no file is to be left.
  const { run, content, redact } = answered;
  const text = place.format === 'xlsx' ? undefined : redact(Buffer.from(content).toString('utf8'));
  const isSaved = place.file !== undefined && (run.table !== undefined || downloaded(run) !== undefined);
  if (isSaved && run.table !== undefined) await saveFile(place.file ?? '', text ?? content);
  if (flags.json) await print(call, { data: toData(run, place, text), text: '', redact });
  else {
    terminal.stderr.write(redact(renderOutcome(run, isSaved ? place.file : undefined)));
    // Excel needs the mark of UTF-8 in a file; to other programs in a pipe it is a part of the first column's name.
    if (!isSaved) await write(terminal.stdout, (text ?? '').replace(/^\uFEFF/, ''));
  }
  return statusOf(run.state);
}

/** Where the file lies that was answered in the place of rows. */
function downloaded({ more }: Pick<Run, 'more'>): string | undefined {
  const { file } = more;
  return typeof file === 'object' && file !== null && 'path' in file ? String(file.path) : undefined;
}

/** A file that was downloaded goes where `--output` says. */
async function bring(run: Run, { file }: Place): Promise<Run> {
  const saved = downloaded(run);
  if (saved === undefined || file === undefined) return run;
  await saveFile(file, await readFile(saved));
  await unlink(saved);
  const more = { ...run.more, file: { ...(run.more.file as object), path: file } };
  return { ...run, more, printed: 'change' in more ? run.printed : { lines: [file] } };
}

function readPlace({ terminal, flags }: CommandCall): Place {
  const { output: file, format: given } = flags;
  const fallback = file === undefined && terminal.stdout.isTTY ? 'table' : 'csv';
  const ending = typeof file === 'string' ? extname(file).slice(1).toLowerCase() : '';
  const name = given ?? (isFormat(ending) ? ending : fallback);
  if (!isFormat(name)) throw usage(`--format is ${formats.join(', ')}, not ${JSON.stringify(name)}.`);
  if (file === '') throw usage('--output needs the name of a file.');
  if (name === 'xlsx' && file === undefined) throw usage('--format xlsx needs --output FILE.');
  // With --json the rows are a part of what is printed, in no other form.
  const format = flags.json && file === undefined ? 'json' : name;
  return { format, ...(typeof file === 'string' ? { file } : {}) };
}

const isFormat = (name: unknown): name is Format => (formats as readonly unknown[]).includes(name);

const usage = (message: string) => new GatewayError('usage', message);

async function renderRun(
  { callCommands }: Gateway,
  { table, printed }: Run,
  { format, file }: Place,
  columns: number | undefined,
): Promise<Uint8Array> {
  if (table !== undefined) {
    const width = file === undefined ? (columns ?? 120) : Number.MAX_SAFE_INTEGER;
    return callCommands.render(table, format, width);
  }
  if ('lines' in printed) return Buffer.from(printed.lines.map((line) => `${line}\n`).join(''));
  return Buffer.from(`${JSON.stringify(printed.value, null, 2)}\n`);
}

function renderOutcome({ outcome, notes, next }: Run, file: string | undefined): string {
  const lines = [outcome, ...notes.map((note) => `Note: ${note}`)];
  if (file !== undefined) lines.push(`Written to ${file}.`);
  if (next !== undefined) lines.push(next);
  return `${lines.join('\n')}\n`;
}

/** With `--json` all is said in one object on stdout. */
function toData({ state, outcome, notes, table, more, next }: Run, { file }: Place, text = ''): unknown {
  const rows = table === undefined || file !== undefined ? {} : { rows: JSON.parse(text) as unknown };
  const said = { state: endings[state].word, outcome, ...(notes.length > 0 ? { notes } : {}) };
  const saved = table !== undefined && file !== undefined ? { file } : {};
  return { ...said, ...rows, ...saved, ...more, ...(next === undefined ? {} : { next }) };
}
