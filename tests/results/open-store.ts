import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Schema } from '../../src/catalog/endpoint.ts';
import type {
  NewResultTable,
  QueryOptions,
  QueryResult,
  ResultStore,
  ResultTable,
} from '../../src/results/result-store.ts';
import { openResultStore, type ResultStoreOptions } from '../../src/results/store/open-result-store.ts';
import { sqlProgram } from '../support/shared.ts';

export interface TestStore extends AsyncDisposable {
  store: ResultStore;
  folder: string;
  /** Stores rows as one complete answer. */
  keep(records: readonly unknown[], given?: Partial<NewResultTable> & { schemas?: readonly Schema[] }): ResultTable;
  query(sql: string, options?: Partial<QueryOptions>): Promise<QueryResult>;
  /** Rows alone. */
  rows(sql: string, options?: Partial<QueryOptions>): Promise<QueryResult['rows']>;
}

/** A store in a folder of its own, whose name has a space and a letter outside ASCII. */
export async function openTestStore(options: Partial<ResultStoreOptions> = {}): Promise<TestStore> {
  const own = options.folder === undefined ? mkdtempSync(join(tmpdir(), 'cwm täst ')) : undefined;
  const folder = options.folder ?? join(own ?? '', 'results');
  const store = await openResultStore({
    folder,
    now: () => new Date('2026-03-10T15:00:00Z'),
    random: Math.random,
    sqlProgram,
    timeZone: async () => 'America/New_York',
    ...options,
  });
  const query: TestStore['query'] = (sql, more) => store.query(sql, { maxRows: 1_000, ...more });
  return {
    store,
    folder,
    keep(records, { schemas = [], ...given } = {}) {
      const writer = store.begin({
        noun: 'tickets',
        request: 'GET /service/tickets',
        schema: schemas[0],
        findSchema: (name) => schemas.find((schema) => schema.name === name),
        ...given,
      });
      writer.append(records);
      writer.finish({ state: 'complete' });
      return writer.table;
    },
    query,
    rows: async (sql, more) => (await query(sql, more)).rows,
    async [Symbol.asyncDispose]() {
      await store.close();
      if (own !== undefined) rmSync(own, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
