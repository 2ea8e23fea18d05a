import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdir, open, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GatewayError } from '../../core/errors.ts';
import { findMediaType } from './file-kinds.ts';
import { numberFileName, toSafeFileName } from './file-name.ts';

/** A file that ConnectWise answered, with its headers. */
export interface ReceivedFile {
  /** The path that was asked. */
  path: string;
  /** Of a file that is made here, in parts; its type is then the one named. */
  content: Uint8Array | AsyncIterable<Uint8Array>;
  contentType: string;
  /** As ConnectWise named it. */
  fileName?: string;
}

export interface SavedFile {
  /** Absolute. */
  path: string;
  mediaType: string;
  bytes: number;
}

/** Keeps what ConnectWise answers as files of the user. */
export interface Downloads {
  /**
   * Writes a new file; an existing one is never touched.
   * @throws GatewayError `storage_failed`
   */
  save(file: ReceivedFile): Promise<SavedFile>;
}

export interface DownloadOptions {
  /** Where to write: the first that exists; the last is created where none does. */
  folders: readonly [string, ...string[]];
  /** As Node names it: `win32`, `darwin`, `linux`. */
  platform: string;
  /** Sets an extended attribute of a file on macOS; by its own program unless given. */
  setAttribute?: SetAttribute;
}

type SetAttribute = (path: string, name: string, value: string) => Promise<unknown>;

/** Node has no call for it. */
const runXattr: SetAttribute = (path, name, value) =>
  promisify(execFile)('/usr/bin/xattr', ['-w', name, value, path], { env: {}, timeout: 5_000 });

/** So many files of one name are not the work of a person. */
const maxNumber = 999;

export function createDownloads({ folders, platform, setAttribute = runXattr }: DownloadOptions): Downloads {
  return {
    async save({ path, content, contentType, fileName }) {
      const isWhole = content instanceof Uint8Array;
      const mediaType = isWhole ? findMediaType(content, contentType, fileName) : contentType;
      const folder = await chooseFolder(folders);
      const saved = await writeNew(folder, toSafeFileName(fileName, path, mediaType), content);
      await markAsForeign(saved, platform, setAttribute);
      return { path: saved, mediaType, bytes: isWhole ? content.byteLength : (await stat(saved)).size };
    },
  };
}

async function chooseFolder(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return folder;
  }
  const last = folders.at(-1) ?? '';
  try {
    await mkdir(last, { recursive: true, mode: 0o700 });
    return last;
  } catch (cause) {
    throw notSaved(last, cause);
  }
}

async function writeNew(folder: string, name: string, content: ReceivedFile['content']): Promise<string> {
  for (let number = 1; number <= maxNumber; number++) {
    const path = join(folder, numberFileName(name, number));
    try {
      // Exclusive, so that neither an existing file nor a link is ever written through.
      const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      try {
        await handle.writeFile(content);
      } catch (cause) {
        await handle.close();
        // Half of a file looks like a whole one, and it was created here a moment ago.
        await unlink(path).catch(() => undefined);
        throw cause;
      }
      await handle.close();
      return path;
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') continue;
      // What makes the content may fail too, or be cancelled.
      throw cause instanceof GatewayError ? cause : notSaved(folder, cause);
    }
  }
  throw notSaved(folder, `there are ${maxNumber} files named ${JSON.stringify(name)}`);
}

/**
 * Marks a file as downloaded, as browsers do: Office on Windows then opens it in its protected view, and macOS asks before
 * it starts a program. A disk that cannot hold the mark does not matter to the file.
 */
async function markAsForeign(path: string, platform: string, setAttribute: SetAttribute): Promise<void> {
  try {
    if (platform === 'win32') await writeFile(`${path}:Zone.Identifier`, '[ZoneTransfer]\r\nZoneId=3\r\n');
    if (platform !== 'darwin') return;
    // Flags of a download, the time in hexadecimal, and the program that saved it.
    const seconds = Math.floor((await stat(path)).mtimeMs / 1000).toString(16);
    await setAttribute(path, 'com.apple.quarantine', `0081;${seconds};cwm-api-gateway-mcp;`);
  } catch {
    // The file is saved; only its mark is missing.
  }
}

function notSaved(folder: string, cause: unknown): GatewayError {
  const reason = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
  return new GatewayError('storage_failed', `The file could not be saved in ${folder}: ${reason}.`, {
    cause,
    hint: 'Check free space and rights, or name another folder in the setting CONNECTWISE_DOWNLOAD_DIR.',
  });
}
