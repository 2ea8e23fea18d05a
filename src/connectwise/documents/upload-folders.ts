import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A folder that files may be taken from. */
export interface UploadFolder {
  /** As the user knows it. */
  path: string;
  /** Where it really is. */
  real: string;
}

const names = ['Downloads', 'Desktop', 'Pictures'];

/**
 * The user's folders for such files, where they exist, then those of the setting. A Windows that keeps them in
 * OneDrive has them there: `OneDrive`, or `OneDrive - Company`.
 */
export async function findUploadFolders(home: string, more: readonly string[]): Promise<UploadFolder[]> {
  const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
  const clouds = entries.filter((entry) => entry.isDirectory() && /^OneDrive($| - )/.test(entry.name));
  const homes = [home, ...clouds.map(({ name }) => join(home, name))];
  const paths = [
    ...homes.flatMap((folder) => names.map((name) => join(folder, name))),
    ...more.map((path) => resolve(path)),
  ];
  const folders: UploadFolder[] = [];
  for (const path of paths) {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || folders.some((folder) => folder.real === real)) continue;
    if ((await stat(real)).isDirectory()) folders.push({ path, real });
  }
  return folders;
}

/** Whether a path lies below a folder, by its text alone. Hidden parts do not count as below: `.ssh` is not for sending. */
export function isBelow(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  if (rest === '' || isAbsolute(rest)) return false;
  return rest.split(sep).every((part) => !part.startsWith('.'));
}
