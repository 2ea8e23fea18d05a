import { lstat, realpath, writeFile } from 'node:fs/promises';
import { GatewayError } from '../core/errors.ts';
import { replaceFile } from '../core/files.ts';

/**
 * Writes a file of the user in one step: whoever opens it sees the old one or the new one, and a run that was stopped
 * leaves the old one. What is no file (`/dev/null`, a named pipe) is written to as it is; a link keeps leading there.
 * @param mode who may read it, of a file that is new or replaced
 * @throws GatewayError `storage_failed`
 */
export async function saveFile(file: string, content: string | Uint8Array, mode = 0o666): Promise<void> {
  try {
    const found = await lstat(file).catch(() => undefined);
    const target = found?.isSymbolicLink() ? await realpath(file) : file;
    const kind = found?.isSymbolicLink() ? await lstat(target) : found;
    if (kind === undefined || kind.isFile())
      await replaceFile(target, (partial) => writeFile(partial, content, { mode }));
    else await writeFile(target, content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('storage_failed', `${file} was not written. ${reason}`, {
      cause,
      hint: 'Check that its folder exists, and that no other program, such as Excel, has the file open.',
    });
  }
}
