import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import type { CatalogInfo } from './catalog.ts';

export interface CatalogLocations {
  /** File named on the command line or in the settings: taken whatever else there is. */
  flagFile?: string | undefined;
  dataFolder: string;
  /** The catalog that came with the program. */
  shippedFile: string;
}

export interface LocatedCatalog {
  file: string;
  source: CatalogInfo['source'];
}

export function catalogFolder(dataFolder: string): string {
  return join(dataFolder, 'catalog');
}

/** Says which build in the catalog folder counts: `{"file": "catalog-….db"}`. */
export function pointerFile(dataFolder: string): string {
  return join(catalogFolder(dataFolder), 'current.json');
}

/**
 * Flag, then data folder, then shipped: the first that is there. One that is there and broken is an error, not a
 * reason to go on to the next: an answer from another version would mislead.
 * @throws GatewayError `catalog_missing`, `catalog_damaged`
 */
export function locateCatalog({ flagFile, dataFolder, shippedFile }: CatalogLocations): LocatedCatalog {
  if (flagFile !== undefined) return existing({ file: flagFile, source: 'flag' });
  const own = readPointer(dataFolder);
  if (own !== undefined) return existing({ file: join(catalogFolder(dataFolder), own), source: 'data folder' });
  return existing({ file: shippedFile, source: 'shipped' });
}

function existing(located: LocatedCatalog): LocatedCatalog {
  if (existsSync(located.file)) {
    if (statSync(located.file).isFile()) return located;
    throw new GatewayError('catalog_damaged', `The catalog ${located.file} is not a file.`);
  }
  const origins: Record<CatalogInfo['source'], string> = {
    flag: 'The catalog named on the command line or in the settings',
    'data folder': 'The catalog built into the data folder',
    shipped: 'The catalog that comes with the program',
  };
  throw new GatewayError('catalog_missing', `${origins[located.source]} is not there: ${located.file}.`);
}

/**
 * Name of the file in the catalog folder that counts; undefined where nothing was built yet.
 * @throws GatewayError `catalog_damaged`
 */
export function readPointer(dataFolder: string): string | undefined {
  const pointer = pointerFile(dataFolder);
  if (!existsSync(pointer)) return undefined;
  try {
    const content: unknown = JSON.parse(readFileSync(pointer, 'utf8'));
    // Only a name in the folder itself: the pointer leads nowhere else.
    if (isRecord(content) && typeof content.file === 'string' && basename(content.file) === content.file)
      return content.file;
  } catch (cause) {
    throw damagedPointer(pointer, cause);
  }
  throw damagedPointer(pointer);
}

function damagedPointer(pointer: string, cause?: unknown): GatewayError {
  return new GatewayError('catalog_damaged', `${pointer} does not say which catalog to use.`, {
    hint: 'Build it again (cwm-api-gateway-mcp build-database FILE), or remove the file to use the catalog that comes with the program.',
    cause,
  });
}
