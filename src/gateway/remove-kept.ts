import { lstatSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, parse, sep } from 'node:path';
import { GatewayError } from '../core/errors.ts';
import { isRealFolder, type KeptItem } from './find-kept.ts';

export interface Removal {
  /** How many files are gone. */
  files: number;
  bytes: number;
  /** What could not be removed, and why. */
  failed: readonly { path: string; reason: string }[];
}

/**
 * The data folder as it really lies; undefined where there is none.
 * @throws GatewayError `configuration_invalid` for a folder that can never be the program's own
 */
export function findDataFolder(folder: string, home: string): string | undefined {
  const real = realOf(folder);
  const realHome = realOf(home) ?? home;
  if (real === undefined) return undefined;
  const holdsHome = `${realHome}${sep}`.startsWith(real.endsWith(sep) ? real : `${real}${sep}`);
  if (real !== parse(real).root && !holdsHome) return real;
  throw new GatewayError('configuration_invalid', `The data folder ${folder} is not this program's alone.`, {
    hint: 'Nothing is removed from a folder that holds a whole disk or a whole user. Name another one with --data-dir.',
  });
}

function realOf(folder: string): string | undefined {
  try {
    const real = realpathSync(folder);
    return isRealFolder(real) ? real : undefined;
  } catch {
    return undefined;
  }
}

/** Removes items, and the folders that they leave empty below the data folder. What fails stays, and is told. */
export function removeKept(items: readonly KeptItem[], dataFolder: string): Removal {
  const failed: { path: string; reason: string }[] = [];
  const folders = new Set<string>();
  let files = 0;
  let bytes = 0;
  for (const { paths } of items) {
    // The last first: a file whose companions stay would be read with them.
    for (const path of [...paths].reverse()) {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found?.isDirectory()) folders.add(path);
      if (!found?.isFile()) continue;
      try {
        rmSync(path, { maxRetries: 3, retryDelay: 50 });
        files += 1;
        bytes += found.size;
        folders.add(dirname(path));
      } catch (error) {
        failed.push({ path, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  removeEmpty(folders, dataFolder);
  return { files, bytes, failed };
}

/** Folders that the program makes beside its databases. */
const ownFolders = ['logs', 'locks', 'catalog', 'results'];

/** From the innermost out; the data folder itself stays, since it may hold settings, or be somebody's. */
function removeEmpty(folders: ReadonlySet<string>, dataFolder: string): void {
  const around = [...folders].flatMap((folder) => [folder, dirname(folder)]);
  const beside = [...folders].flatMap((folder) => ownFolders.map((name) => join(folder, name)));
  const all = new Set([...around, ...beside]);
  const inside = [...all].filter((folder) => folder.startsWith(dataFolder) && folder.length > dataFolder.length);
  for (const folder of inside.sort((one, other) => other.length - one.length)) {
    try {
      rmdirSync(folder);
    } catch {
      // It holds something else.
    }
  }
}
