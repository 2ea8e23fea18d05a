import { GatewayError } from '../../core/errors.ts';
import { findKind } from './file-kinds.ts';
import { renderAge, renderSize } from './file-text.ts';
import { listFiles } from './list-files.ts';
import { locateFile, type Places } from './locate-file.ts';
import { openFile } from './open-file.ts';
import { missingFile, unreadableFile, wrongKind } from './refuse-file.ts';
import { findUploadFolders } from './upload-folders.ts';

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
   * @throws GatewayError `invalid_argument` for one that is not there or must not be sent, `storage_failed` for one
   * that the system keeps from us
   */
  find(wanted: string): Promise<UploadFile>;
  /**
   * The content of a file that was found before.
   * @throws GatewayError `conflict` if it is not the same any more
   */
  read(file: UploadFile): Promise<Uint8Array>;
  /** `PNG image, 340 kB, 3 minutes old`. */
  describe(file: Pick<UploadFile, 'kind' | 'bytes' | 'modifiedMs'>): string;
}

export interface UploadOptions {
  home: string;
  /** Folders besides Downloads, Desktop and Pictures. */
  moreFolders: readonly string[];
  /** The clock that the ages of files are told by. */
  now(): Date;
}

export function createUploads({ home, moreFolders, now }: UploadOptions): Uploads {
  const describe: Uploads['describe'] = ({ kind, bytes, modifiedMs }) =>
    `${kind}, ${renderSize(bytes)}, ${renderAge(now().getTime() - modifiedMs)}`;

  async function nameNewest({ folders }: Places): Promise<string[]> {
    const newest = (await listFiles(folders)).slice(0, 5);
    return newest.map(({ name, kind, ...file }) => `${clip(name)} (${describe({ ...file, kind: kind.label })})`);
  }

  async function findPath(wanted: string, places: Places): Promise<string> {
    if (wanted.toLowerCase() !== 'newest') {
      return (
        (await locateFile(wanted, places)) ?? Promise.reject(missingFile(wanted, places, await nameNewest(places)))
      );
    }
    const pictures = (await listFiles(places.folders)).filter(({ kind }) => kind.isImage);
    return pictures[0]?.path ?? Promise.reject(missingFile(wanted, places, await nameNewest(places)));
  }

  return {
    describe,
    async find(wanted) {
      const places = { home, folders: await findUploadFolders(home, moreFolders) };
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
        new GatewayError('conflict', `${JSON.stringify(clip(shown.name))} is not the file that was shown any more.`, {
          cause,
          hint: 'Prepare the upload again with execute_api_call and show it to the user.',
        });
      try {
        await using file = await openFile(shown.path);
        if (file.bytes !== shown.bytes || file.modifiedMs !== shown.modifiedMs) throw changed();
        const { content, sha256 } = await file.read();
        // A file can be exchanged for another of the same size and time.
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
