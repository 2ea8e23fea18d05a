import { join } from 'node:path';
import { type Catalog, openCatalogFile } from '../../../src/catalog/catalog.ts';
import type { PreparedChange, WriteRequest } from '../../../src/changes/change.ts';
import { namelessLookups, setUp } from '../fixtures.ts';
import { now } from './body-case.ts';

export const openShippedCatalog = () =>
  openCatalogFile({ file: join(import.meta.dirname, '../../../dist/catalog.db'), source: 'shipped' });

/** Prepares a call such as `PATCH /service/tickets/1` of a record that holds nothing but its id. */
export async function prepareCall(
  catalog: Catalog,
  call: string,
  body: unknown,
  strict = true,
): Promise<PreparedChange> {
  const { changes, clock } = setUp({ catalog, lookups: namelessLookups, script: () => ({ id: 1 }) });
  clock.now = now;
  const [method, path = ''] = call.split(' ');
  return changes.prepare({ method: method as WriteRequest['method'], path, body, strict });
}
