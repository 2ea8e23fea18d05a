// One process: opens the built catalog, makes the index ready and answers one request, and says what that took.
import { join } from 'node:path';
import { openCatalogFile } from '../../src/catalog/catalog.ts';
import { loadSearchIndex } from '../../src/search/load-index.ts';
import { search } from '../../src/search/search.ts';
import { searchIndexKey, searchModelKey } from '../../src/search/stored-index.ts';

const file = join(import.meta.dirname, '..', '..', 'dist', 'catalog.db');
// Loaded before the clock starts: in the program the SQLite module belongs to opening the catalog for any tool.
await import('node:sqlite');
const residentBefore = process.memoryUsage().rss;
const started = performance.now();
const catalog = await openCatalogFile({ file, source: 'shipped' });
const endpoints = catalog.endpoints;
const opened = performance.now();
const index = loadSearchIndex(catalog.searchIndex(searchIndexKey), endpoints, catalog.searchIndex(searchModelKey));
const loaded = performance.now();
search(index, 'open tickets of a client', { limit: 5 });
const ended = performance.now();
const result = {
  catalogMs: opened - started,
  indexMs: loaded - opened,
  searchMs: ended - loaded,
  totalMs: ended - started,
  residentMb: (process.memoryUsage().rss - residentBefore) / 1e6,
};
catalog.close();
console.log(JSON.stringify(result));
