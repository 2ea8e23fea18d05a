import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { GatewayError } from './errors.ts';

/** A folder of this name beside a file holds its next version. */
const partialMark = '.partial-';

/** Writing a catalog takes seconds: what is older was left by an interrupted build, what is younger may still be written. */
export const abandonedAfterMs = 3_600_000;

/**
 * Replaces a file atomically: `write` fills a file beside it, which is then renamed. Each writer uses a folder of its
 * own, so that two at once do not collide.
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

/** Removes a file or a folder; one that Windows holds because it is open is left. */
export function removeIfPossible(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // The next run of the same work removes it.
  }
}

/** Errors of Windows while another program, such as a virus scanner, has one of the two files open. */
const passing: readonly unknown[] = ['EPERM', 'EACCES', 'EBUSY'];
const attempts = 10;
const pauseMs = 50;

/** Retries a rename for half a second, for a file that is held only for a moment. Exported for its test. */
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
