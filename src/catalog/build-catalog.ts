import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeIfPossible, replaceFile } from '../core/files.ts';
import { openDatabase, withStorageErrors } from '../core/storage.ts';
import { writeCatalog } from './catalog-file.ts';
import { readDefinitionFile } from './definition-file.ts';
import type { Definition } from './endpoint.ts';
import { catalogFolder, pointerFile, readPointer } from './locate-catalog.ts';

export interface BuildOptions {
  /** Makes what search keeps beside the endpoints, by key. */
  searchIndex?: (definition: Definition) => ReadonlyMap<string, Uint8Array>;
  onProgress?: (step: string) => void;
  now?: () => Date;
}

export interface BuiltCatalog {
  file: string;
  version: string;
  counts: { endpoints: number; schemas: number };
}

/**
 * Builds the data folder's catalog from a definition file. Every build has a file name of its own, and a small pointer
 * file says which one counts: a server that holds the old file open (Windows would not let it be replaced) goes on
 * with it, and a build that is interrupted changes nothing.
 * @throws GatewayError `definition_invalid`, `storage_failed`
 */
export async function buildCatalogFile(
  definitionFile: string,
  dataFolder: string,
  options: BuildOptions = {},
): Promise<BuiltCatalog> {
  const { onProgress = () => {}, now = () => new Date() } = options;
  onProgress(`Reading ${definitionFile}`);
  const { definition, digest } = readDefinitionFile(definitionFile);
  const { version, endpoints, schemas } = definition;
  onProgress(`Read ${endpoints.length} endpoints and ${schemas.length} schemas of version ${version}`);
  const folder = catalogFolder(dataFolder);
  const stamp = now().toISOString().replace(/\D/g, '');
  const name = `catalog-${version.replace(/[^\w.]+/g, '_').slice(0, 40)}-${digest.slice(0, 8)}-${stamp}.db`;
  const file = join(folder, name);
  await writeCatalogFile(definition, digest, file, options);
  const previous = previousBuild(dataFolder);
  const pointer = JSON.stringify({ file: name, version, digest });
  await replaceFile(pointerFile(dataFolder), (partial) => writeFileSync(partial, pointer, { mode: 0o600 }));
  removeOthers(folder, name, previous, now());
  onProgress(`Wrote ${file}`);
  return { file, version, counts: { endpoints: endpoints.length, schemas: schemas.length } };
}

/** Writes beside `file` and renames, so that nobody ever opens half a catalog. */
export async function writeCatalogFile(
  definition: Definition,
  digest: string,
  file: string,
  { searchIndex, onProgress = () => {}, now = () => new Date() }: BuildOptions = {},
): Promise<void> {
  onProgress('Writing the catalog');
  withStorageErrors(file, () => mkdirSync(dirname(file), { recursive: true, mode: 0o700 }));
  await replaceFile(file, async (partial) => {
    const database = await openDatabase(partial);
    try {
      const index = searchIndex?.(definition) ?? new Map<string, Uint8Array>();
      writeCatalog(database, { definition, builtAt: now().toISOString(), digest, searchIndex: index });
    } finally {
      database.close();
    }
  });
}

/** A build takes seconds: what is older was interrupted, or lost a race. */
const abandonedAfterMs = 3_600_000;

/**
 * Removes the build before this one, and old ones that nobody counts; not the fresh file of a build that runs at the
 * same time. What another process holds open stays for the next time.
 */
function removeOthers(folder: string, kept: string, previous: string | undefined, now: Date): void {
  for (const name of readdirSync(folder)) {
    if (name === kept || !/^catalog-.*\.db/.test(name)) continue;
    const file = join(folder, name);
    if (name === previous || now.getTime() - statSync(file).mtimeMs > abandonedAfterMs) removeIfPossible(file);
  }
}

/** The build that counted so far; a damaged pointer is about to be replaced and names none. */
function previousBuild(dataFolder: string): string | undefined {
  try {
    return readPointer(dataFolder);
  } catch {
    return undefined;
  }
}
