import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GatewayError } from '../errors.ts';
import { openDatabase } from '../storage/database.ts';
import { writeCatalog } from './catalog-file.ts';
import { readDefinitionFile } from './definition-file.ts';
import type { Definition } from './endpoint.ts';
import { catalogFolder, pointerFile } from './locate-catalog.ts';

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
  replaceFile(pointerFile(dataFolder), JSON.stringify({ file: name, version, digest }));
  removeOthers(folder, name);
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
  const partial = `${file}.partial`;
  onProgress('Writing the catalog');
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    rmSync(partial, { force: true });
    const database = await openDatabase(partial);
    try {
      const index = searchIndex?.(definition) ?? new Map<string, Uint8Array>();
      writeCatalog(database, { definition, builtAt: now().toISOString(), digest, searchIndex: index });
    } finally {
      database.close();
    }
    renameSync(partial, file);
  } catch (cause) {
    rmSync(partial, { force: true });
    if (cause instanceof GatewayError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('storage_failed', `The catalog ${file} cannot be written: ${reason}.`, { cause });
  }
}

function replaceFile(file: string, text: string): void {
  const partial = `${file}.partial`;
  try {
    writeFileSync(partial, text, { mode: 0o600 });
    renameSync(partial, file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('storage_failed', `${file} cannot be written: ${reason}.`, { cause });
  }
}

/** Earlier builds and left-overs of interrupted ones; what another process holds open stays for the next time. */
function removeOthers(folder: string, kept: string): void {
  for (const name of readdirSync(folder)) {
    if (name === kept || !/^catalog-.*\.db(\.partial)?$/.test(name)) continue;
    try {
      rmSync(join(folder, name));
    } catch {
      // Windows refuses to remove an open file.
    }
  }
}
