import type { Catalog } from '../../../src/catalog/catalog.ts';
import type { PreparedChange, WriteRequest } from '../../../src/changes/change.ts';
import { namelessLookups, setUp } from '../fixtures.ts';
import { now } from './body-case.ts';

/** Prepares a call such as `PATCH /service/tickets/1` of a record that holds only its id and a value to remove. */
export async function prepareCall(
  catalog: Catalog,
  call: string,
  body: unknown,
  strict = true,
): Promise<PreparedChange> {
  const { changes, clock } = setUp({
    catalog,
    lookups: namelessLookups,
    script: () => ({ id: 1, billableOption: 'NoDefault' }),
  });
  clock.now = now;
  const [method, path = ''] = call.split(' ');
  return changes.prepare({ method: method as WriteRequest['method'], path, body, strict });
}
