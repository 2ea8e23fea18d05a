import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { GatewayError } from './errors.ts';

/** A folder of this name beside a file holds what is to become that file. */
export const partialMark = '.partial-';

/**
 * Writes beside `file` and renames, so that nobody ever opens half of it. Each writer has a folder of its own: two at
 * once do not meet.
 * @throws GatewayError `storage_failed`
 */
export async function replaceFile(file: string, write: (partial: string) => void | Promise<void>): Promise<void> {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(`${file}${partialMark}`);
    const partial = join(folder, 'partial');
    await write(partial);
    await renamePatiently(() => renameSync(partial, file));
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('storage_failed', `The file ${file} cannot be written: ${reason}.`, { cause });
  } finally {
    if (folder !== undefined) removeIfPossible(folder);
  }
}

/** Removes a file or a folder; what Windows holds because it is open stays. */
export function removeIfPossible(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Whoever made it removes it the next time.
  }
}

/** What Windows answers while another program, such as a virus scanner, has one of the two files open. */
const passing: readonly unknown[] = ['EPERM', 'EACCES', 'EBUSY'];
const attempts = 10;
const pauseMs = 50;

/** Renames again for half a second where the file is held only for a moment. Exported for its test. */
export async function renamePatiently(rename: () => void): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      rename();
      return;
    } catch (error) {
      const isPassing = passing.includes((error as NodeJS.ErrnoException).code);
      if (!isPassing || attempt === attempts) throw error;
      await setTimeout(pauseMs);
    }
  }
}
