import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { maxUploadBytes, notAFile, tooLarge, unreadableFile } from './refuse-file.ts';

/** One regular file, held open: what is measured is what is read. */
export interface OpenedFile extends AsyncDisposable {
  name: string;
  bytes: number;
  modifiedMs: number;
  /** The whole content and its hash. */
  read(): Promise<{ content: Uint8Array; sha256: string }>;
}

// A pipe would wait for a writer, and a link would lead elsewhere than where it was looked at. Windows knows neither.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file by its real path.
 * @throws GatewayError `invalid_argument` for what is no file or too large, `storage_failed` for what cannot be read
 */
export async function openFile(path: string): Promise<OpenedFile> {
  let handle: FileHandle;
  try {
    handle = await open(path, flags);
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
  try {
    const found = await handle.stat();
    // A folder on the way may have become a link since the path was looked at.
    if (!found.isFile() || (await realpath(path)) !== path) throw notAFile(path);
    if (found.size === 0 || found.size > maxUploadBytes) throw tooLarge(path, found.size);
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
