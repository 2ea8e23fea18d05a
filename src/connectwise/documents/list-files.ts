import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileKind, findKind } from './file-kinds.ts';
import type { UploadFolder } from './upload-folders.ts';

export interface ListedFile {
  path: string;
  name: string;
  kind: FileKind;
  bytes: number;
  modifiedMs: number;
}

/** A folder of downloads can hold a decade; whoever has more than this names the file. */
const maxFiles = 10_000;

/** Files that may be sent, newest first: those in the folders, and one level below, where Windows keeps screenshots. */
export async function listFiles(folders: readonly UploadFolder[]): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for (const { real } of folders) {
    const entries = await readEntries(real);
    const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    await addFiles(files, real, entries);
    for (const { name } of below) await addFiles(files, join(real, name), await readEntries(join(real, name)));
  }
  return files.sort((a, b) => b.modifiedMs - a.modifiedMs);
}

/** A folder that the system keeps from us has nothing for us. */
const readEntries = (folder: string): Promise<Dirent[]> => readdir(folder, { withFileTypes: true }).catch(() => []);

async function addFiles(files: ListedFile[], folder: string, entries: readonly Dirent[]): Promise<void> {
  for (const entry of entries) {
    const { name } = entry;
    const kind = findKind(name);
    // Links are left out: what they lead to has a name of its own.
    if (kind === undefined || !entry.isFile() || files.length >= maxFiles) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) files.push({ path, name, kind, bytes: found.size, modifiedMs: found.mtimeMs });
  }
}
