import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
    // By the clock of the file system, which may be another computer's.
    removeAbandoned(file, statSync(folder).mtimeMs);
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

/** A process that was killed has left its part of a file, which may be as large as the file. */
function removeAbandoned(file: string, nowMs: number): void {
  const isPart = (name: string) => name.startsWith(basename(file) + partialMark) && /-\w{6}$/.test(name);
  for (const name of readdirSync(dirname(file)).filter(isPart)) {
    const part = join(dirname(file), name);
    const changedMs = statSync(part, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (nowMs - changedMs > abandonedAfterMs) removeIfPossible(part);
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
