import { statSync } from 'node:fs';
import { GatewayError } from '../core/errors.ts';
import { type Database, openDatabase } from '../core/storage.ts';
import type { Catalog, CatalogInfo } from './catalog.ts';
import { applicationId, formatVersion } from './catalog-file.ts';
import { createCatalogReader } from './catalog-reader.ts';
import type { Endpoint, EndpointSummary, Method, Schema } from './endpoint.ts';
import { type CatalogLocations, type LocatedCatalog, locateCatalog } from './locate-catalog.ts';
import { createPathMatcher, type MatchedEndpoint, type PathMatcher } from './path-matcher.ts';
import { createReferenceTargets } from './reference-targets.ts';

/** An endpoint that the gateway itself answers. */
export type LocalEndpoint = Omit<Endpoint, 'id'>;

export interface OpenCatalogOptions extends CatalogLocations {
  /** Appended to those of the file, with negative ids. */
  localEndpoints?: readonly LocalEndpoint[];
}

/** A catalog with what search keeps in the same file. */
export interface OpenedCatalog extends Catalog {
  searchIndex(key: string): Uint8Array | undefined;
  /** Reads every page of the file; what is wrong with it, or undefined. */
  integrity(): string | undefined;
}

/**
 * Opens the catalog that counts (see `locateCatalog`). Nothing of it is read yet but its head.
 * @throws GatewayError `catalog_missing`, `catalog_damaged`
 */
export async function openCatalog({ localEndpoints = [], ...locations }: OpenCatalogOptions): Promise<OpenedCatalog> {
  const located = locateCatalog(locations);
  return openCatalogFile(located, localEndpoints);
}

/** @throws GatewayError `catalog_damaged` */
export async function openCatalogFile(
  located: LocatedCatalog,
  localEndpoints: readonly LocalEndpoint[] = [],
): Promise<OpenedCatalog> {
  const guard = <T>(work: () => T): T => guarded(located.file, work);
  const database = await openChecked(located.file);
  const reader = createCatalogReader(database);
  const locals = localEndpoints.map((endpoint, index): Endpoint => ({ ...endpoint, id: -1 - index }));
  const summaries = lazy(() => [...guard(() => reader.summaries()), ...locals.map(summaryOf)]);
  const matcher = lazy(() => createPathMatcher([...guard(() => reader.matchable()), ...locals.map(matchable)]));
  const info = lazy(() => guard(() => infoOf(reader.meta(), reader.counts(), located)));
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
    findEndpoint: (method, path) => findEndpoint(matcher(), getEndpoint, method, path),
    methodsOf: (path) => matcher().methodsOf(path),
    getEndpoint,
    referenceTargets: lazy(() => createReferenceTargets(summaries())),
    findSchema: memoised((name: string): Schema | undefined => guard(() => reader.schema(name))),
    searchIndex: (key) => guard(() => reader.searchIndex(key)),
    integrity: () => guard(() => reader.integrity()),
    close: () => database.close(),
  };
}

function findEndpoint(matcher: PathMatcher, getEndpoint: (id: number) => Endpoint, method: Method, path: string) {
  const match = matcher.match(method, path);
  return match && { endpoint: getEndpoint(match.id), pathValues: match.values };
}

async function openChecked(file: string): Promise<Database> {
  const database = await openDatabase(file, { readOnly: true });
  try {
    guarded(file, () => check(database, file));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function check(database: Database, file: string): void {
  const pragma = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  if (pragma('application_id') !== applicationId) throw damaged(file, 'it is an SQLite file, but no catalog');
  const version = pragma('user_version');
  if (version !== formatVersion) throw damaged(file, `its format is ${version}, this program reads ${formatVersion}`);
  // SQLite notices a missing end only when it reads there.
  const expected = pragma('page_count') * pragma('page_size');
  if (statSync(file).size < expected) throw damaged(file, 'its end is missing');
}

/** What SQLite says of a foreign or damaged file, as this program's error. */
function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw damaged(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function damaged(file: string, reason: string, cause?: unknown): GatewayError {
  return new GatewayError('catalog_damaged', `The catalog ${file} cannot be used: ${reason}.`, { cause });
}

function infoOf(
  meta: ReadonlyMap<string, string>,
  counts: CatalogInfo['counts'],
  { file, source }: LocatedCatalog,
): CatalogInfo {
  return {
    file,
    source,
    title: meta.get('title') ?? '',
    version: meta.get('version') ?? '',
    builtAt: meta.get('builtAt') ?? '',
    counts,
  };
}

function summaryOf({ id, method, path, module, category, summary }: Endpoint): EndpointSummary {
  return { id, method, path, module, category, summary };
}

function matchable({ id, method, path, parameters }: Endpoint): MatchedEndpoint {
  const integers = parameters.filter(({ location, type }) => location === 'path' && type === 'integer');
  return { id, method, path, integers: new Set(integers.map(({ name }) => name)) };
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
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
