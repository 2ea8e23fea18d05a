import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failureLine, okLine, type StatusLine } from './status-line.ts';

export interface FolderToCheck {
  /** What it is for, as in "data" or "downloads". */
  use: string;
  path: string;
  /** The setting that moves it. */
  setting: string;
}

/** Whether each folder can be written to, tried with a file that is gone again at once. */
export async function checkFolders(folders: readonly FolderToCheck[]): Promise<StatusLine[]> {
  const tried = await Promise.all(
    folders.map(async (folder) => ({ ...folder, problem: await tryFolder(folder.path) })),
  );
  const wrong = tried.filter(({ problem }) => problem !== undefined);
  const good = tried.filter(({ problem }) => problem === undefined);
  const fix = (setting: string) => `Give this user the right to write there, or name another folder in ${setting}.`;
  return [
    ...wrong.map(({ use, path, problem, setting }) =>
      failureLine('folders', `${use} cannot be written to ${path} (${problem})`, fix(setting)),
    ),
    ...(good.length === 0
      ? []
      : [okLine('folders', `writable: ${good.map(({ use, path }) => `${use} ${path}`).join('; ')}`)]),
  ];
}

/** The system's word for what is wrong; undefined where writing works. */
async function tryFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    if (found.code !== 'ENOENT') return found.code ?? found.name;
    // Folders are made on their first use; where they will be, they can be made.
    const parent = dirname(path);
    return parent === path ? found.code : await tryParent(parent);
  }
  if (!found.isDirectory()) return 'ENOTDIR';
  // Asking for the right says little on Windows, where only trying tells.
  const file = join(path, `.doctor-${randomUUID()}`);
  try {
    await writeFile(file, '', { flag: 'wx' });
    await unlink(file);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

async function tryParent(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.W_OK);
    return (await stat(path)).isDirectory() ? undefined : 'ENOTDIR';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    return code === 'ENOENT' && parent !== path ? tryParent(parent) : (code ?? 'unknown');
  }
}
