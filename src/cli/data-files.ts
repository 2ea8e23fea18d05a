import { closeSync, type Dirent, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { abandonedAfterMs } from '../core/files.ts';
import { openDatabase } from '../core/storage.ts';

/** The kinds of files that the program keeps in its data folder, as `purge` names and describes them. */
export const dataParts = {
  logs: 'the log',
  memory: 'saved queries, of every company',
  journal: 'change journal (for undo); otherwise kept 400 days',
  catalog: 'the catalog built from your own manage.json; without it the shipped one is used',
  answers: 'result files left by crashed servers',
  sandbox: 'saved queries, journal and the like of the sandbox',
} as const;

export type DataPart = keyof typeof dataParts;
export const dataPartNames = Object.keys(dataParts) as DataPart[];

/** Something that is removed as a whole: a file, or a database with the files beside it. */
export interface DataItem {
  part: DataPart;
  /** Absolute; the first is the file itself. */
  paths: readonly string[];
  bytes: number;
  changedAt: Date;
  /** Open in a running process. */
  inUse: boolean;
}

/** How a file shows that this program made it. */
type Proof =
  /** No other program uses such a name. */
  | { kind: 'name' }
  /** A database that has this table. */
  | { kind: 'table'; table: string }
  /** A text that starts like this. */
  | { kind: 'start'; text: string };

/** Files of one place in the data folder. */
interface Pattern {
  part: Exclude<DataPart, 'sandbox'>;
  /** Folder below the data folder; empty for the data folder itself. */
  folder: string;
  name: RegExp;
  proof: Proof;
  /** Files that belong to it, by suffix; those of `stem` replace `.db`. */
  beside?: readonly string[];
  stem?: readonly string[];
  /** The database that a process which uses the file keeps open: the file itself, or the one with this extension. */
  held?: 'itself' | '.lock';
  /** A folder of that name, with a file that was not finished. */
  isFolder?: true;
}

const byName: Proof = { kind: 'name' };
const journals = ['-wal', '-shm', '-journal'] as const;
const database = { beside: [...journals, '.lock', '.lock-journal'], held: 'itself' } as const;
const lock = { proof: byName, beside: ['-journal'], held: 'itself' } as const;
const damaged = String.raw`\.damaged-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-\d+)?\.db$`;
const build = String.raw`catalog-.+-[0-9a-f]{8}-\d{17}\.db`;

/**
 * Every file that the program makes, by place and name. Files that people write (`config.json`, `policy.json`) and
 * downloads are not among them. The sandbox has the same in a folder of its own.
 */
const patterns: readonly Pattern[] = [
  { part: 'logs', folder: 'logs', name: /^gateway\.log(\.1)?$/, proof: { kind: 'start', text: '{"level":"' } },
  {
    part: 'memory',
    folder: '',
    name: /^fast_memory\.db$/,
    proof: { kind: 'table', table: 'saved_queries' },
    ...database,
  },
  { part: 'memory', folder: '', name: new RegExp(`^fast_memory${damaged}`), proof: byName, beside: journals },
  { part: 'journal', folder: '', name: /^changes\.db$/, proof: { kind: 'table', table: 'changes' }, ...database },
  { part: 'journal', folder: '', name: new RegExp(`^changes${damaged}`), proof: byName, beside: journals },
  { part: 'journal', folder: 'locks', name: /^changes-[0-9a-z]{12}\.lock$/, ...lock },
  { part: 'journal', folder: 'locks', name: /^opening$/, ...lock },
  { part: 'catalog', folder: 'catalog', name: /^current\.json$/, proof: { kind: 'start', text: '{"file":"catalog-' } },
  { part: 'catalog', folder: 'catalog', name: new RegExp(`^${build}$`), proof: byName, beside: ['-journal'] },
  {
    part: 'catalog',
    folder: 'catalog',
    name: new RegExp(`^(current\\.json|${build})\\.partial-\\w{6}$`),
    proof: byName,
    isFolder: true,
  },
  {
    part: 'answers',
    folder: 'results',
    name: /^answers-[0-9a-z]{8}\.db$/,
    proof: byName,
    beside: journals,
    stem: ['.lock', '.lock-journal'],
    held: '.lock',
  },
  // A lock without its file: the process was killed in between.
  { part: 'answers', folder: 'results', name: /^answers-[0-9a-z]{8}\.lock$/, ...lock },
  { part: 'answers', folder: 'results', name: /^opening$/, ...lock },
];

/**
 * Finds what the program made in its data folder. Only regular files in real folders count, and no link is followed, so
 * that nothing outside can be found. Where another program could use a name too, the content has to prove the file.
 */
export async function findDataFiles(dataFolder: string, now: Date): Promise<DataItem[]> {
  const own = await findIn(dataFolder, now);
  const ofSandbox = await findIn(join(dataFolder, 'sandbox'), now);
  return [...own, ...ofSandbox.map((item) => ({ ...item, part: 'sandbox' as const }))];
}

async function findIn(root: string, now: Date): Promise<DataItem[]> {
  if (!isRealFolder(root)) return [];
  const items: DataItem[] = [];
  const taken = new Set<string>();
  for (const pattern of patterns) {
    const folder = join(root, pattern.folder);
    if (!isRealFolder(folder)) continue;
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (taken.has(path) || !pattern.name.test(entry.name)) continue;
      const item = await toItem(path, entry, { pattern, now }).catch(undefinedIfGone);
      if (item === undefined) continue;
      items.push(item);
      for (const one of item.paths) taken.add(one);
    }
  }
  return items;
}

export function isRealFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function entriesOf(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function toItem(
  path: string,
  entry: Dirent,
  { pattern, now }: { pattern: Pattern; now: Date },
): Promise<DataItem | undefined> {
  const { part, proof, beside = [], stem = [], held, isFolder } = pattern;
  if (isFolder) return entry.isDirectory() ? findUnfinished(path, part, now) : undefined;
  if (!entry.isFile()) return undefined;
  // Measured first: opening a database can change the files beside it.
  const { changedAt } = measure([path, ...beside.map((suffix) => path + suffix)]);
  if (!(await isProved(path, proof))) return undefined;
  const lockFile = held === '.lock' ? path.replace(/\.db$/, held) : path;
  const inUse = held !== undefined && (await isHeld(lockFile));
  const others = [...beside.map((suffix) => path + suffix), ...stem.map((end) => path.replace(/\.db$/, end))];
  const paths = [path, ...others.filter(isRealFile)];
  return { part, paths, ...measure(paths), changedAt, inUse };
}

/** Servers and builds may rename or remove files after the folder was listed. */
function undefinedIfGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** The folder of a build that was interrupted; undefined for one that may still be written. */
function findUnfinished(path: string, part: DataPart, now: Date): DataItem | undefined {
  const inside = entriesOf(path).filter((entry) => entry.isFile() && /^partial(-journal)?$/.test(entry.name));
  const files = inside.map(({ name }) => join(path, name));
  const { changedAt } = measure([path, ...files]);
  if (now.getTime() - changedAt.getTime() < abandonedAfterMs) return undefined;
  return { part, paths: [path, ...files], bytes: measure(files).bytes, changedAt, inUse: false };
}

function isRealFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function measure(paths: readonly string[]): Pick<DataItem, 'bytes' | 'changedAt'> {
  const found = paths.flatMap((path) => lstatSync(path, { throwIfNoEntry: false }) ?? []);
  return {
    bytes: found.reduce((sum, { size }) => sum + size, 0),
    changedAt: new Date(Math.max(0, ...found.map(({ mtimeMs }) => mtimeMs))),
  };
}

async function isProved(path: string, proof: Proof): Promise<boolean> {
  if (proof.kind === 'name') return true;
  if (proof.kind === 'start') return startOf(path, proof.text.length) === proof.text;
  if (startOf(path, 15) !== 'SQLite format 3') return false;
  try {
    // Not read-only: such a connection leaves files beside a write-ahead log that only others remove.
    const opened = await openDatabase(path);
    try {
      return opened.prepare(`SELECT 1 FROM sqlite_schema WHERE name = ?`).get(proof.table) !== undefined;
    } finally {
      opened.close();
    }
  } catch {
    return false;
  }
}

function startOf(path: string, length: number): string {
  const handle = openSync(path, 'r');
  try {
    const start = Buffer.alloc(length);
    return start.subarray(0, readSync(handle, start, 0, length, 0)).toString('utf8');
  } finally {
    closeSync(handle);
  }
}

/** Whether a process has a database or a lock of the program open: an exclusive lock fails then. */
async function isHeld(path: string): Promise<boolean> {
  if (!isRealFile(path)) return false;
  const opened = await openDatabase(path);
  try {
    // With a write-ahead log, every open connection holds a shared lock, even when idle.
    opened.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK');
    return false;
  } catch {
    return true;
  } finally {
    opened.close();
  }
}
