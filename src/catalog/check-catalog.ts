import { existsSync } from 'node:fs';
import { GatewayError } from '../core/errors.ts';
import { type CategorySummary, largestOf, listCategories } from './browse.ts';
import type { CatalogInfo } from './catalog.ts';
import type { EndpointSummary } from './endpoint.ts';
import { type CatalogLocations, locateCatalog } from './locate-catalog.ts';
import { type OpenedCatalog, openCatalogFile } from './open-catalog.ts';

/** What `check-database` shows. */
export interface CatalogReport {
  info: CatalogInfo;
  /** Largest first. */
  largestCategories: readonly CategorySummary[];
  /** Endpoints of a sample question, to see that the tables answer. */
  sample: readonly Pick<EndpointSummary, 'method' | 'path' | 'summary'>[];
  warnings: readonly string[];
}

/**
 * Opens the catalog that counts and looks at all of it.
 * @throws GatewayError `catalog_missing`, `catalog_damaged`
 */
export async function checkCatalog(locations: CatalogLocations): Promise<CatalogReport> {
  const located = locateCatalog(locations);
  const catalog = await openCatalogFile(located);
  try {
    const problem = catalog.integrity();
    if (problem !== undefined)
      throw new GatewayError('catalog_damaged', `The catalog ${located.file} cannot be used: ${problem}.`);
    return {
      info: catalog.info,
      largestCategories: largestOf(listCategories(catalog.endpoints), 5),
      sample: catalog.endpoints
        .filter(({ path }) => path.startsWith('/service/tickets'))
        .slice(0, 3)
        .map(({ method, path, summary }) => ({ method, path, summary })),
      warnings: await warningsOf(catalog, locations),
    };
  } finally {
    catalog.close();
  }
}

async function warningsOf({ info }: OpenedCatalog, { shippedFile }: CatalogLocations): Promise<readonly string[]> {
  if (info.source === 'shipped' || !existsSync(shippedFile)) return [];
  const shipped = await openCatalogFile({ file: shippedFile, source: 'shipped' });
  try {
    if (compareVersions(shipped.info.version, info.version) <= 0) return [];
    return [
      `The catalog that comes with the program is newer: ${shipped.info.version}, this one is ${info.version}. Build it again from a newer manage.json, or remove ${info.file} from use.`,
    ];
  } finally {
    shipped.close();
  }
}

/** By their numbers: `2025.10` is newer than `2025.9`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
