import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GatewayError } from '../../core/errors.ts';
import { replaceFile } from '../../core/files.ts';

const ownerOnly = 0o600;

/** @throws GatewayError `storage_failed` for a file that is there and cannot be read */
export function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new GatewayError('storage_failed', `${file} cannot be read (${code}).`, {
      cause,
      hint: 'Check that it is a file that you may read.',
    });
  }
}

/**
 * Copies a file beside itself, for its owner only, under a name that no other file has.
 * @returns the copy; undefined when there was nothing to copy
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
  /** What the file held when the change was planned; anything else by now is not overwritten. */
  expected: Uint8Array | undefined;
  /** Also a file that others may read becomes its owner's alone. */
  holdsKeys: boolean;
}

/**
 * Replaces a file that another program has, too: in one step, with the mode and the owner it had. A link stays a link,
 * and its target is written, there or not.
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

/** Under sudo the file would become root's, and its owner's client could not save its own settings any more. */
function keepOwner(file: string, { uid, gid }: { uid: number; gid: number }): void {
  try {
    chownSync(file, uid, gid);
  } catch {
    // Only root may give files away; anybody else's file already is theirs.
  }
}

/** Where a link leads, also one whose target does not exist yet. */
function followLinks(file: string): string {
  let target = file;
  // Links that go round in circles end somewhere; reading the file has failed by then.
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
  return new GatewayError('storage_failed', `${file} was changed by another program meanwhile, and was not touched.`, {
    hint: 'Close the client that it belongs to, then try again.',
  });
}

function unwritable(file: string, cause: unknown): GatewayError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return new GatewayError('storage_failed', `${file} cannot be written (${code}).`, {
    cause,
    hint: 'Close the client that it belongs to, check that the file is yours, then try again.',
  });
}
