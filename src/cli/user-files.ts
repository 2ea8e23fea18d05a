import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { lstat, realpath, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GatewayError } from '../core/errors.ts';
import { replaceFile } from '../core/files.ts';

// Files that belong to the user or to another program, and how they are written without harm.

/**
 * Writes a file of the user atomically: a run that is stopped leaves the old one. Devices and named pipes (`/dev/null`)
 * are written to directly, and a link stays a link.
 * @param mode of a file that is new or replaced
 * @throws GatewayError `storage_failed`
 */
export async function saveFile(
  file: string,
  content: string | Uint8Array | AsyncIterable<string | Uint8Array>,
  mode = 0o666,
): Promise<void> {
  try {
    const found = await lstat(file).catch(() => undefined);
    const target = found?.isSymbolicLink() ? await realpath(file) : file;
    const kind = found?.isSymbolicLink() ? await lstat(target) : found;
    if (kind === undefined || kind.isFile())
      await replaceFile(target, (partial) => writeFile(partial, content, { mode }));
    else await writeFile(target, content);
  } catch (cause) {
    // What makes the content may fail too, or be cancelled.
    if (cause instanceof GatewayError && cause.code !== 'storage_failed') throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('storage_failed', `${file} was not written. ${reason}`, {
      cause,
      hint: 'Check that its folder exists, and that no other program, such as Excel, has the file open.',
    });
  }
}

const ownerOnly = 0o600;

/** @throws GatewayError `storage_failed` for a file that exists and cannot be read */
export function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new GatewayError('storage_failed', `${file} cannot be read (${code}).`, {
      cause,
      hint: 'Check that it is a file, and that you may read it.',
    });
  }
}

/**
 * Makes a backup of a file in its own folder, readable by the owner only, under a name that is not taken.
 * @returns the path of the backup; undefined where there is no file
 */
export function backUp(file: string, now: Date): string | undefined {
  const bytes = readIfThere(file);
  if (bytes === undefined) return undefined;
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  for (let number = 1; ; number += 1) {
    const copy = `${file}.backup-${stamp}${number === 1 ? '' : `-${number}`}`;
    try {
      writeFileSync(copy, bytes, { flag: 'wx', mode: ownerOnly });
      return copy;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(copy, cause);
    }
  }
}

interface RewriteOptions {
  /** What the file held when the change was planned; a file that has changed since is not overwritten. */
  expected: Uint8Array | undefined;
  /** Makes the file readable by its owner only, whatever its mode was. */
  holdsKeys: boolean;
}

/**
 * Replaces a file that another program uses as well: atomically, and with the mode and owner it had. A link stays a link,
 * and its target is written, whether it exists or not.
 * @throws GatewayError `storage_failed`
 */
export async function rewriteFile(
  file: string,
  bytes: Uint8Array,
  { expected, holdsKeys }: RewriteOptions,
): Promise<void> {
  const target = followLinks(file);
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    await replaceFile(target, (partial) => {
      writeWhole(partial, bytes);
      const old = statSync(target, { throwIfNoEntry: false });
      if (old !== undefined) {
        if (!holdsKeys) chmodSync(partial, old.mode & 0o777);
        keepOwner(partial, old);
      }
      if (!isSame(readIfThere(target), expected)) throw changedMeanwhile(file);
    });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw unwritable(file, error);
    throw error.cause === undefined ? error : unwritable(file, error.cause);
  }
}

function writeWhole(file: string, bytes: Uint8Array): void {
  const handle = openSync(file, 'wx', ownerOnly);
  try {
    writeFileSync(handle, bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Under sudo the file would otherwise belong to root, and the client could no longer save its settings. */
function keepOwner(file: string, { uid, gid }: { uid: number; gid: number }): void {
  try {
    chownSync(file, uid, gid);
  } catch {
    // Only root may change owners; for every other user the file is their own already.
  }
}

export const isLink = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/**
 * @param expected what the file held when the change was planned
 * @throws GatewayError `storage_failed`, also where the file has changed since
 */
export function removeFile(file: string, expected: Uint8Array | undefined): void {
  if (!isSame(readIfThere(file), expected)) throw changedMeanwhile(file);
  try {
    rmSync(file, { force: true });
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

/** The target of a link, even one that does not exist yet. */
function followLinks(file: string): string {
  let target = file;
  // A limit for links that form a loop; reading such a file has failed before.
  for (let steps = 0; steps < 40; steps += 1) {
    try {
      target = resolve(dirname(target), readlinkSync(target));
    } catch {
      return target;
    }
  }
  return target;
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Buffer.compare(one, other) === 0;
}

function changedMeanwhile(file: string): GatewayError {
  return new GatewayError(
    'storage_failed',
    `${file} was changed by another program in the meantime, and was left as it is.`,
    {
      hint: 'Close the client that the file belongs to, then try again.',
    },
  );
}

function unwritable(file: string, cause: unknown): GatewayError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return new GatewayError('storage_failed', `${file} cannot be written (${code}).`, {
    cause,
    hint: 'Close the client that the file belongs to, check that you own the file, then try again.',
  });
}
