import { existsSync, statSync } from 'node:fs';
import { GatewayError } from '../core/errors.ts';
import { onceSync } from '../core/once.ts';
import { type Database, openDatabase } from '../core/storage.ts';
import { type CategorySummary, largestOf, listCategories } from './browse.ts';
import type { BuildOptions, BuiltCatalog } from './build-catalog.ts';
import {
  applicationId,
  type CatalogCounts,
  type CatalogLocations,
  createCatalogReader,
  formatVersion,
  type ListedSchema,
  type LocatedCatalog,
  locateCatalog,
} from './catalog-file.ts';
import type { Endpoint, EndpointDefinition, EndpointSummary, Method, Schema } from './endpoint.ts';
import { createPathMatcher, type FindIntegers } from './path-template.ts';
import { createReferenceTargets, type ReferenceTargets } from './reference-targets.ts';

/** Which endpoints exist. Read-only; synchronous once open. */
export interface Catalog {
  readonly info: CatalogInfo;
  /** All endpoints, local ones last, in the order of the definition. */
  readonly endpoints: readonly EndpointSummary[];
  /** By template or concrete path; case, a trailing slash and placeholder names do not matter. */
  findEndpoint(method: Method, path: string): EndpointMatch | undefined;
  /** Methods that exist on this template or concrete path. */
  methodsOf(path: string): readonly Method[];
  /** @throws GatewayError `unknown_endpoint` for an id that is not in the catalog */
  getEndpoint(id: number): Endpoint;
  findSchema(name: string): Schema | undefined;
  /** Every GET of ConnectWise that lists records of a schema, in the order of the definition. */
  lists(): readonly ListedSchema[];
  /** Made on first use, from all endpoints. */
  referenceTargets(): ReferenceTargets;
  close(): void;
}

/** A concrete path matched to its template. */
export interface EndpointMatch {
  endpoint: Endpoint;
  /** Values of the template's placeholders, decoded; empty where the template itself was given. */
  pathValues: Readonly<Record<string, string>>;
}

export interface CatalogInfo extends LocatedCatalog {
  title: string;
  /** Version of the definition, such as `2025.1`. */
  version: string;
  builtAt: string;
  counts: CatalogCounts;
}

/** A catalog with what search keeps in the same file. */
export interface OpenedCatalog extends Catalog {
  searchIndex(key: string): Uint8Array | undefined;
  /** Reads every page of the file; what is wrong with it, or undefined. */
  integrity(): string | undefined;
}

export interface OpenCatalogOptions extends CatalogLocations {
  /** What the gateway itself answers; appended to the endpoints of the file, with negative ids. */
  localEndpoints?: readonly EndpointDefinition[];
}

/**
 * Opens the catalog that is used (see `locateCatalog`). Only its head is read; the rest is read on first use.
 * @throws GatewayError `catalog_missing`, `catalog_damaged`
 */
export async function openCatalog({ localEndpoints = [], ...locations }: OpenCatalogOptions): Promise<OpenedCatalog> {
  return openCatalogFile(locateCatalog(locations), localEndpoints);
}

/** @throws GatewayError `catalog_damaged` */
export async function openCatalogFile(
  located: LocatedCatalog,
  localEndpoints: readonly EndpointDefinition[] = [],
): Promise<OpenedCatalog> {
  const guard = <T>(work: () => T): T => withCatalogErrors(located.file, work);
  const database = await openChecked(located.file);
  const reader = createCatalogReader(database);
  const locals = localEndpoints.map((endpoint, index): Endpoint => ({ ...endpoint, id: -1 - index }));
  const info = onceSync(() => guard(() => infoOf(reader.meta(), reader.counts(), located)));
  const summaries = onceSync(() => [...guard(() => reader.summaries()), ...locals.map(summaryOf)]);
  const findIntegers: FindIntegers = (ids) =>
    new Map([...guard(() => reader.findIntegers(ids)), ...integersOf(locals)]);
  const matcher = onceSync(() => createPathMatcher([...guard(() => reader.matchable()), ...locals], findIntegers));
  const stored = memoised((id: number): Endpoint | undefined => guard(() => reader.endpoint(id)));
  const getEndpoint = (id: number): Endpoint => {
    const endpoint = id < 0 ? locals[-1 - id] : stored(id);
    if (endpoint) return endpoint;
    throw new GatewayError('unknown_endpoint', `The catalog has no endpoint with the id ${id}.`);
  };
  return {
    get info() {
      return info();
    },
    get endpoints(): readonly EndpointSummary[] {
      return summaries();
    },
    findEndpoint(method, path) {
      const match = matcher().match(method, path);
      return match && { endpoint: getEndpoint(match.id), pathValues: match.values };
    },
    methodsOf: (path) => matcher().methodsOf(path),
    getEndpoint,
    referenceTargets: onceSync(() => createReferenceTargets(summaries())),
    findSchema: memoised((name: string): Schema | undefined => guard(() => reader.schema(name))),
    lists: () => guard(() => reader.lists()),
    searchIndex: (key) => guard(() => reader.searchIndex(key)),
    integrity: () => guard(() => reader.integrity()),
    close: () => database.close(),
  };
}

async function openChecked(file: string): Promise<Database> {
  const database = await openDatabase(file, { readOnly: true });
  try {
    const problem = withCatalogErrors(file, () => problemOfHead(database, file));
    if (problem !== undefined) throw damaged(file, problem);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function problemOfHead(database: Database, file: string): string | undefined {
  const pragma = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  if (pragma('application_id') !== applicationId) return 'it is an SQLite file, but not a catalog';
  const version = pragma('user_version');
  if (version !== formatVersion) return `its format is ${version}, this program reads ${formatVersion}`;
  // SQLite notices a missing end only when it reads there.
  const expected = pragma('page_count') * pragma('page_size');
  return statSync(file).size < expected ? 'its end is missing' : undefined;
}

/** Throws what SQLite and the reader report of a foreign or damaged file as `catalog_damaged`, with the file's name. */
function withCatalogErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw damaged(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function damaged(file: string, reason: string, cause?: unknown): GatewayError {
  return new GatewayError('catalog_damaged', `The catalog ${file} cannot be used: ${reason}.`, { cause });
}

function infoOf(meta: ReadonlyMap<string, string>, counts: CatalogCounts, located: LocatedCatalog): CatalogInfo {
  const { file, source } = located;
  const [title = '', version = '', builtAt = ''] = ['title', 'version', 'builtAt'].map((key) => meta.get(key));
  return { file, source, title, version, builtAt, counts };
}

function summaryOf({ id, method, path, module, category, summary }: Endpoint): EndpointSummary {
  return { id, method, path, module, category, summary };
}

function integersOf(endpoints: readonly Endpoint[]): [number, ReadonlySet<string>][] {
  return endpoints.map(({ id, parameters }) => {
    const integers = parameters.filter(({ location, type }) => location === 'path' && type === 'integer');
    return [id, new Set(integers.map(({ name }) => name))];
  });
}

/** The same schema is asked for at every member that refers to it, the same endpoint by every search that shows it. */
function memoised<K, V>(find: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const found = known.has(key) ? known.get(key) : find(key);
    known.set(key, found as V);
    return found as V;
  };
}

/** What `check-database` shows. */
export interface CatalogReport {
  info: CatalogInfo;
  /** Largest first. */
  largestCategories: readonly CategorySummary[];
  /** The first endpoints of tickets, which shows that the tables answer. */
  sample: readonly Pick<EndpointSummary, 'method' | 'path' | 'summary'>[];
  warnings: readonly string[];
}

/**
 * Opens the catalog that is used and reads all of it.
 * @throws GatewayError `catalog_missing`, `catalog_damaged`
 */
export async function checkCatalog(locations: CatalogLocations): Promise<CatalogReport> {
  const located = locateCatalog(locations);
  const catalog = await openCatalogFile(located);
  try {
    const problem = catalog.integrity();
    if (problem !== undefined) throw damaged(located.file, problem);
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

/**
 * Builds the data folder's catalog from a definition file. The builder and the reader of definitions are loaded here,
 * since nothing else needs them.
 * @throws GatewayError `definition_invalid`, `storage_failed`
 */
export async function buildCatalog(
  definitionFile: string,
  dataFolder: string,
  options: BuildOptions = {},
): Promise<BuiltCatalog> {
  const { buildCatalogFile } = await import('./build-catalog.ts');
  return buildCatalogFile(definitionFile, dataFolder, options);
}
