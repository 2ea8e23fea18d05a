import { join } from 'node:path';
import { createDefinitions } from '../../sandbox/definitions.ts';
import type { SandboxData } from '../../sandbox/sandbox.ts';
import { type SeedOptions, seedStore } from '../../sandbox/seed/seed.ts';
import { createStore, type Store } from '../../sandbox/store.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { type OpenedCatalog, openCatalogFile } from '../../src/catalog/catalog.ts';

// What costs the most and never changes is made once for all files of a worker.

export const shippedCatalog = join(import.meta.dirname, '../../dist/catalog.db');

/** The built one: Node would read the types of the other twice at each start. */
export const sqlProgram = join(import.meta.dirname, '../../dist/sql-child.js');

let opening: Promise<OpenedCatalog> | undefined;

/** The catalog that `npm ci` builds. It stays open as long as the worker lives: closing it does nothing. */
export function sharedCatalog(): Promise<OpenedCatalog> {
  opening ??= openCatalogFile({ file: shippedCatalog, source: 'shipped' }).then((catalog) =>
    Object.defineProperty(catalog, 'close', { value: () => undefined }),
  );
  return opening;
}

const dataOf = new WeakMap<Catalog, SandboxData>();

/** What every sandbox on a catalog begins with: what was read of the catalog so far, and a provider to fork. */
export function sandboxDataOf(catalog: Catalog): SandboxData {
  const data = dataOf.get(catalog) ?? { definitions: createDefinitions(catalog), base: seededStore };
  dataOf.set(catalog, data);
  return data;
}

const providers = new Map<string, Store>();

const hourMs = 3_600_000;

/**
 * A provider whose records are frozen: a change that is not made to a fork throws. It is that of the beginning of the
 * hour, so that sandboxes on the real time share one.
 */
export function seededStore({ now, ...given }: Required<SeedOptions>): Store {
  const options = { ...given, now: new Date(Math.floor(now.getTime() / hourMs) * hourMs) };
  const name = JSON.stringify(options);
  const known = providers.get(name);
  if (known !== undefined) return known;
  const store = createStore();
  seedStore(store, options);
  for (const key of store.keys()) for (const record of store.records(key)) freeze(record);
  providers.set(name, store);
  return store;
}

function freeze(value: object): void {
  Object.freeze(value);
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
}
