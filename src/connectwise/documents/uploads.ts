import { createHash } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { renderSize } from '../../core/text.ts';
import { allowedExtensions, extensionOf, type FileKind, findKind } from './file-kinds.ts';

/** A file as it was when it was shown to the user: plain data, not its content. */
export interface UploadFile {
  /** Real and absolute. */
  path: string;
  name: string;
  /** As a person says it: `PNG image`. */
  kind: string;
  mediaType: string;
  bytes: number;
  modifiedMs: number;
  sha256: string;
}

/** Files of the user that may be sent. None is ever changed. */
export interface Uploads {
  /**
   * Finds a file by its path, by its name in one of the folders, or the newest picture by the word `newest`.
   * @throws GatewayError `invalid_argument` for one that does not exist or must not be sent, `storage_failed` for one
   * that cannot be read
   */
  find(wanted: string): Promise<UploadFile>;
  /**
   * The content of a file that was found before.
   * @throws GatewayError `conflict` if it has changed since
   */
  read(file: UploadFile): Promise<Uint8Array>;
  /** `PNG image, 340 kB, 3 minutes old`. */
  describe(file: Pick<UploadFile, 'kind' | 'bytes' | 'modifiedMs'>): string;
}

export interface UploadOptions {
  home: string;
  /** Folders in addition to Downloads, Desktop and Pictures. */
  moreFolders: readonly string[];
  /** The clock for the ages of files. */
  now(): Date;
}

/** Where files may be taken from. */
interface Places {
  home: string;
  folders: readonly UploadFolder[];
}

interface UploadFolder {
  /** As the user knows it. */
  path: string;
  /** With links resolved. */
  real: string;
}

export function createUploads({ home, moreFolders, now }: UploadOptions): Uploads {
  const describe: Uploads['describe'] = ({ kind, bytes, modifiedMs }) =>
    `${kind}, ${renderSize(bytes)}, ${renderAge(now().getTime() - modifiedMs)}`;

  async function nameNewest({ folders }: Places): Promise<string[]> {
    const newest = (await listFiles(folders)).slice(0, 5);
    return newest.map(({ name, kind, ...file }) => `${clip(name)} (${describe({ ...file, kind: kind.label })})`);
  }

  async function findPath(wanted: string, places: Places): Promise<string> {
    const path =
      wanted.toLowerCase() === 'newest'
        ? (await listFiles(places.folders)).find(({ kind }) => kind.isImage)?.path
        : await locateFile(wanted, places);
    return path ?? Promise.reject(missingFile(wanted, places, await nameNewest(places)));
  }

  return {
    describe,
    async find(wanted) {
      const places = { home, folders: await findFolders(home, moreFolders) };
      const path = await findPath(wanted.trim(), places);
      await using file = await openFile(path);
      const { name, bytes, modifiedMs } = file;
      const kind = findKind(name);
      if (kind === undefined) throw wrongKind(path);
      const { sha256 } = await file.read();
      return { path, name, kind: kind.label, mediaType: kind.mediaType, bytes, modifiedMs, sha256 };
    },
    async read(shown) {
      const changed = (cause?: unknown) =>
        new GatewayError('conflict', `${JSON.stringify(clip(shown.name))} has changed since it was shown.`, {
          cause,
          hint: { step: 'prepare_again' },
        });
      try {
        await using file = await openFile(shown.path);
        if (file.bytes !== shown.bytes || file.modifiedMs !== shown.modifiedMs) throw changed();
        const { content, sha256 } = await file.read();
        // A file can be replaced by another of the same size and time.
        if (sha256 !== shown.sha256) throw changed();
        return content;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw unreadableFile(shown.path, error);
        throw error.code === 'invalid_argument' ? changed(error) : error;
      }
    },
  };
}

const clip = (name: string) => {
  const line = name.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 40).toWellFormed()}…${line.slice(-18).toWellFormed()}` : line;
};

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3 minutes old`: how a person distinguishes the picture just taken from one of last week. */
function renderAge(ageMs: number): string {
  for (const [unit, unitMs] of units) {
    const count = Math.floor(ageMs / unitMs);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'} old`;
  }
  return 'less than a minute old';
}

// Folders that files may be taken from

const folderNames = ['Downloads', 'Desktop', 'Pictures'];

/**
 * The user's folders for such files, where they exist, then those of the setting. On a Windows that keeps them in
 * OneDrive they are below `OneDrive` or `OneDrive - Company`.
 */
async function findFolders(home: string, more: readonly string[]): Promise<UploadFolder[]> {
  const clouds = (await readEntries(home)).filter(
    (entry) => entry.isDirectory() && /^OneDrive($| - )/.test(entry.name),
  );
  const homes = [home, ...clouds.map(({ name }) => join(home, name))];
  const paths = [
    ...homes.flatMap((folder) => folderNames.map((name) => join(folder, name))),
    ...more.map((path) => resolve(path)),
  ];
  const folders: UploadFolder[] = [];
  for (const path of paths) {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || folders.some((folder) => folder.real === real)) continue;
    if ((await stat(real)).isDirectory()) folders.push({ path, real });
  }
  return folders;
}

/** Whether a path is below a folder, by its text alone. Hidden parts do not count as below: `.ssh` is not for sending. */
function isBelow(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  if (rest === '' || isAbsolute(rest)) return false;
  return rest.split(sep).every((part) => !part.startsWith('.'));
}

/** Empty for a folder that may not be read. */
const readEntries = (folder: string): Promise<Dirent[]> => readdir(folder, { withFileTypes: true }).catch(() => []);

// Finding a file

interface ListedFile {
  path: string;
  name: string;
  kind: FileKind;
  bytes: number;
  modifiedMs: number;
}

/** A folder of downloads can hold those of ten years; the user of one with more files than this has to name the file. */
const maxFiles = 10_000;

/** Files that may be sent, newest first: those in the folders, and one level below, where Windows keeps screenshots. */
async function listFiles(folders: readonly UploadFolder[]): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for (const { real } of folders) {
    const entries = await readEntries(real);
    const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    await addFiles(files, real, entries);
    for (const { name } of below) await addFiles(files, join(real, name), await readEntries(join(real, name)));
  }
  return files.sort((a, b) => b.modifiedMs - a.modifiedMs);
}

async function addFiles(files: ListedFile[], folder: string, entries: readonly Dirent[]): Promise<void> {
  for (const entry of entries) {
    const { name } = entry;
    const kind = findKind(name);
    // Links are left out: what they point to is listed under its own name.
    if (kind === undefined || !entry.isFile() || files.length >= maxFiles) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) files.push({ path, name, kind, bytes: found.size, modifiedMs: found.mtimeMs });
  }
}

/**
 * The real path of a file that a person named: absolute, below `~`, as a `file:` URL, or by name in one of the
 * folders. Undefined where no such file exists.
 * @throws GatewayError `invalid_argument` for one outside the folders, or that several folders have
 */
async function locateFile(wanted: string, places: Places): Promise<string | undefined> {
  const { folders } = places;
  // By the text first: merely looking at a path of another computer sends that computer the user's password hash.
  const candidates = candidatesFor(wanted, places).filter((path) =>
    folders.some((folder) => isBelow(folder.path, path) || isBelow(folder.real, path)),
  );
  if (candidates.length === 0) throw outsideFile(wanted, places);
  const found = new Set<string>();
  for (const path of candidates) {
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined) found.add(real);
  }
  // Then by the real path: links are followed, and must not lead out.
  const inside = [...found].filter((path) => folders.some(({ real }) => isBelow(real, path)));
  if (inside.length === 0 && found.size > 0) throw outsideFile(wanted, places);
  if (inside.length > 1) throw ambiguousFile(wanted, inside);
  return inside[0];
}

function candidatesFor(wanted: string, { home, folders }: Places): string[] {
  // A model that has seen a picture in the chat tries to give its content in place of a path.
  if (wanted === '' || wanted.length > 1_000 || /^data:|[\p{Cc}]/iu.test(wanted)) throw notAPath(wanted);
  const path = /^file:/i.test(wanted) ? fromUrl(wanted) : wanted;
  if (/^~[/\\]/.test(path)) return [join(home, path.slice(2))];
  if (isAbsolute(path)) return [resolve(path)];
  return [home, ...folders.map((folder) => folder.path)].map((folder) => join(folder, path));
}

function fromUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw notAPath(url);
  }
}

// Reading a file

/** One regular file, held open, so that the same file is measured and read. */
interface OpenedFile extends AsyncDisposable {
  name: string;
  bytes: number;
  modifiedMs: number;
  /** The whole content and its hash. */
  read(): Promise<{ content: Uint8Array; sha256: string }>;
}

/** Above what mail systems let through, and so above what tickets hold. */
const maxUploadBytes = 25_000_000;

// A pipe would wait for a writer, and a link would lead elsewhere than where it was looked at. Windows has neither flag.
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file by its real path.
 * @throws GatewayError `invalid_argument` for what is not a file or too large, `storage_failed` for what cannot be read
 */
async function openFile(path: string): Promise<OpenedFile> {
  let handle: FileHandle;
  try {
    handle = await open(path, openFlags);
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
  try {
    const found = await handle.stat();
    // A folder on the way may have become a link since the path was looked at.
    if (!found.isFile() || (await realpath(path)) !== path) throw notAFile(path);
    if (found.size === 0 || found.size > maxUploadBytes) throw wrongSize(path, found.size);
    return {
      name: basename(path),
      bytes: found.size,
      modifiedMs: found.mtimeMs,
      async read() {
        // Not more than was measured: a log may be growing.
        const content = Buffer.alloc(found.size);
        let filled = 0;
        while (filled < content.length) {
          const { bytesRead } = await handle.read(content, filled, content.length - filled, filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        const whole = content.subarray(0, filled);
        return { content: whole, sha256: createHash('sha256').update(whole).digest('hex') };
      },
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

// Every reason why a file is not sent, in words for the person who wanted it sent

const pasted =
  'A picture pasted into the chat never reaches this computer: save it to Desktop or Downloads first, then give its name, or "newest".';

function refusal(
  message: string,
  { candidates, ...options }: { candidates?: readonly string[]; hint?: string; cause?: unknown } = {},
): GatewayError {
  return new GatewayError('invalid_argument', message, {
    ...options,
    details: defined({ field: 'data/file', candidates }),
  });
}

function missingFile(wanted: string, places: Places, newest: readonly string[]): GatewayError {
  const what = wanted.toLowerCase() === 'newest' ? 'no picture' : `no file ${show(wanted)}`;
  return refusal(`There is ${what} in ${renderFolders(places)}.`, { candidates: newest, hint: pasted });
}

function outsideFile(wanted: string, places: Places): GatewayError {
  return refusal(`${show(wanted)} is not sent: it is not in ${renderFolders(places)}.`, {
    hint: 'The user can copy the file there, or allow its folder in the setting CONNECTWISE_UPLOAD_DIRS.',
  });
}

function ambiguousFile(wanted: string, paths: readonly string[]): GatewayError {
  return refusal(`${show(wanted)} is in several folders.`, {
    candidates: paths.slice(0, 5),
    hint: 'Give the whole path.',
  });
}

function notAPath(wanted: string): GatewayError {
  return refusal(`data/file is a path, a file name or "newest", not ${show(wanted)}.`, { hint: pasted });
}

function notAFile(path: string): GatewayError {
  return refusal(`${show(basename(path))} is not a file: folders are not sent.`, {
    hint: 'Put several files into one ZIP archive, or send them one by one.',
  });
}

function wrongKind(path: string): GatewayError {
  const extension = extensionOf(basename(path));
  const what = extension === '' ? 'files without an extension' : `files of the kind .${extension}`;
  return refusal(`${show(basename(path))} is not sent: ${what} are not for tickets.`, {
    candidates: allowedExtensions,
    hint: 'A user who wants it there all the same can attach it in ConnectWise.',
  });
}

function wrongSize(path: string, bytes: number): GatewayError {
  const problem =
    bytes === 0 ? 'it is empty' : `it has ${renderSize(bytes)}, and the limit is ${renderSize(maxUploadBytes)}`;
  return refusal(`${show(basename(path))} is not sent: ${problem}.`);
}

function unreadableFile(path: string, cause: unknown): GatewayError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'EISDIR') return notAFile(path);
  if (code === 'ENOENT' || code === 'ELOOP') return refusal(`${show(basename(path))} no longer exists.`, { cause });
  return new GatewayError('storage_failed', `${show(basename(path))} cannot be read (${code}).`, {
    cause,
    details: { field: 'data/file' },
    hint: 'Close the program that holds it. On macOS, allow the app to read this folder: Privacy & Security > Files and Folders.',
  });
}

const renderFolders = ({ folders }: Places): string =>
  folders.map(({ path }) => path).join(', ') || 'Downloads, Desktop or Pictures, which do not exist';

const show = (wanted: string): string => JSON.stringify(wanted.length > 80 ? `${wanted.slice(0, 79)}…` : wanted);
