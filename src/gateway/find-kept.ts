import { closeSync, type Dirent, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../core/storage.ts';
import { type KeptPart, type KeptPattern, keptPatterns, type Proof } from './kept-files.ts';

/** One thing that is removed as a whole: a file, or a database with what lies beside it. */
export interface KeptItem {
  part: KeptPart;
  /** Absolute; the first is the file itself. */
  paths: readonly string[];
  bytes: number;
  changedAt: Date;
  /** Held by a process that runs. */
  inUse: boolean;
}

/**
 * What the program made in its data folder. Only regular files in real folders count: no link is followed, so that
 * nothing outside can be meant. A name alone is no proof where another program could use it, too.
 */
export async function findKept(dataFolder: string): Promise<KeptItem[]> {
  const own = await findIn(dataFolder);
  const ofSandbox = await findIn(join(dataFolder, 'sandbox'));
  return [...own, ...ofSandbox.map((item) => ({ ...item, part: 'sandbox' as const }))];
}

async function findIn(root: string): Promise<KeptItem[]> {
  if (!isRealFolder(root)) return [];
  const items: KeptItem[] = [];
  const taken = new Set<string>();
  for (const pattern of keptPatterns) {
    const folder = join(root, pattern.folder);
    if (!isRealFolder(folder)) continue;
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (taken.has(path) || !pattern.name.test(entry.name)) continue;
      const item = await toItem(path, entry, pattern).catch(undefinedIfGone);
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

async function toItem(path: string, entry: Dirent, pattern: KeptPattern): Promise<KeptItem | undefined> {
  const { part, proof, beside = [], stem = [], held, isFolder } = pattern;
  if (isFolder) return entry.isDirectory() ? partialItem(path, part) : undefined;
  if (!entry.isFile()) return undefined;
  // Before it is looked into, which SQLite may note beside it.
  const { changedAt } = measure([path, ...beside.map((suffix) => path + suffix)]);
  if (!(await isProved(path, proof))) return undefined;
  const lock = held === '.lock' ? path.replace(/\.db$/, held) : path;
  const inUse = held !== undefined && (await isHeld(lock));
  const others = [...beside.map((suffix) => path + suffix), ...stem.map((end) => path.replace(/\.db$/, end))];
  const paths = [path, ...others.filter(isRealFile)];
  return { part, paths, ...measure(paths), changedAt, inUse };
}

/** A server or a build that works meanwhile renames and removes files after the folder was listed. */
function undefinedIfGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** What a build that was interrupted left: a folder with one file. */
function partialItem(path: string, part: KeptPart): KeptItem {
  const inside = entriesOf(path).filter((entry) => entry.isFile() && /^partial(-journal)?$/.test(entry.name));
  const paths = [path, ...inside.map(({ name }) => join(path, name))];
  return { part, paths, ...measure(paths.slice(1)), inUse: false };
}

function isRealFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function measure(paths: readonly string[]): Pick<KeptItem, 'bytes' | 'changedAt'> {
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
    const database = await openDatabase(path);
    try {
      return database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = ?`).get(proof.table) !== undefined;
    } finally {
      database.close();
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

/** Whether a process has a database or a lock of the program open: taking it for this process alone fails then. */
async function isHeld(path: string): Promise<boolean> {
  if (!isRealFile(path)) return false;
  const database = await openDatabase(path);
  try {
    // Of a write-ahead log every open connection holds a part, whether it works or waits.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK');
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
}
