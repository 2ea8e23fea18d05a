import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GatewayError } from '../core/errors.ts';
import { abandonedAfterMs, removeIfPossible, replaceFile } from '../core/files.ts';
import { openDatabase, withStorageErrors } from '../core/storage.ts';
import { catalogFolder, pointerFile, readPointer, writeCatalog } from './catalog-file.ts';
import type { Definition } from './endpoint.ts';
import { readDefinition } from './read-definition.ts';

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
 * file says which one is used: a server that holds the old file open (Windows would not let it be replaced) goes on
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

/** Writes beside `file` and renames, so that half a catalog is never opened. */
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

/**
 * Removes the build before this one, and old ones that the pointer does not name; not the fresh file of a build that
 * runs at the same time. A file that another process holds open is left for the next build.
 */
function removeOthers(folder: string, kept: string, previous: string | undefined, now: Date): void {
  for (const name of readdirSync(folder)) {
    if (name === kept || !/^catalog-.*\.db/.test(name)) continue;
    const file = join(folder, name);
    if (name === previous || now.getTime() - statSync(file).mtimeMs > abandonedAfterMs) removeIfPossible(file);
  }
}

/** The build used so far; undefined for a damaged pointer, which is about to be replaced. */
function previousBuild(dataFolder: string): string | undefined {
  try {
    return readPointer(dataFolder);
  } catch {
    return undefined;
  }
}

/** Real definitions have 4 to 30 MB; reading something larger would only fill the memory. */
const largest = 100 * 2 ** 20;

/**
 * Reads a definition from disk.
 * @returns the definition and the SHA-256 of its bytes, hexadecimal
 * @throws GatewayError `definition_invalid`
 */
export function readDefinitionFile(file: string): { definition: Definition; digest: string } {
  const { size } = statOf(file);
  if (size > largest) {
    throw new GatewayError(
      'definition_invalid',
      `${file} has ${Math.round(size / 2 ** 20)} MB; a definition has at most ${largest / 2 ** 20}.`,
    );
  }
  const bytes = readFileSync(file);
  const definition = naming(file, () => readDefinition(parse(bytes.toString('utf8').replace(/^\uFEFF/, ''))));
  return { definition, digest: createHash('sha256').update(bytes).digest('hex') };
}

function statOf(file: string): Stats {
  let stats: Stats;
  try {
    stats = statSync(file);
  } catch (cause) {
    throw new GatewayError('definition_invalid', `There is no definition at ${file}.`, { cause });
  }
  if (!stats.isFile()) {
    throw new GatewayError(
      'definition_invalid',
      `${file} is a ${stats.isDirectory() ? 'directory' : 'special file'}, not a definition file.`,
    );
  }
  return stats;
}

function parse(text: string): unknown {
  const start = text.trimStart();
  if (start === '') throw new GatewayError('definition_invalid', 'It is empty.');
  if (!start.startsWith('{')) throw new GatewayError('definition_invalid', 'It is not JSON: it does not begin with {.');
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const problem = stopsEarly(text, reason) ? 'It is cut short: download it again.' : `It is not JSON: ${reason}.`;
    throw new GatewayError('definition_invalid', problem, { cause });
  }
}

/** Whether the text ended where the parser expected more: its message says so, or names a position at the end. */
function stopsEarly(text: string, reason: string): boolean {
  const position = Number(/position (\d+)/.exec(reason)?.[1] ?? 0);
  return /end of JSON input|Unterminated string/.test(reason) || position >= text.trimEnd().length;
}

/** Puts the name of the file before what is wrong with it. */
function naming<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new GatewayError(error.code, `${file} cannot be used. ${error.message}`, { hint: error.next, cause: error });
  }
}
