import type { Catalog } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { ConnectWiseClient } from '../client.ts';
import { explainEmpty } from './explain-empty.ts';
import { findRecord } from './find-records.ts';
import { createFindTable, type FindTable } from './find-table.ts';
import { emptyName, lookupFailure, missingParent, unknownKind } from './lookup-failure.ts';
import type { Parents } from './lookup-table.ts';
import type { Lookups, Named } from './lookups.ts';
import type { NamedRecord } from './named-record.ts';
import { createRecordReader, type Place, placeOf } from './record-reader.ts';
import { tables } from './tables.ts';

export interface LookupsOptions {
  /** Its tenant is whose names these are: another client needs lookups of its own. */
  client: ConnectWiseClient;
  now(): Date;
  /** For kinds that are not among `tables.ts`, and for `explainEmpty`. */
  catalog?: Catalog;
}

export function createLookups({ client, now, catalog }: LookupsOptions): Lookups {
  const reader = createRecordReader({ client, now });
  const findTable = createFindTable(catalog);

  return {
    findKind(kindOrSchema) {
      const found = findTable(kindOrSchema);
      if (found === undefined) return undefined;
      const { noun, parent } = found.table;
      return {
        kind: found.kind,
        noun,
        ...(parent && { parent: parent.kind }),
        needsParent: parent?.in === 'path',
      };
    },
    async resolve(kindOrSchema, text, parents = {}, signal) {
      const place = getPlace(findTable, kindOrSchema, parents);
      if (String(text).trim() === '') throw emptyName(place.table);
      const finding = await findRecord(reader, place, text, signal);
      if (finding.kind !== 'one') throw lookupFailure(place.table, text, finding);
      return { ...toNamed(finding.record), matchedBy: finding.matchedBy };
    },
    async listNames(kindOrSchema, parents = {}, signal) {
      const place = getPlace(findTable, kindOrSchema, parents);
      const all = await reader.whole(place, signal);
      const records = all ?? (await reader.search(place, { conditions: '' }, { aliveOnly: true }, signal)).records;
      return records.filter(({ gone }) => !gone).map(toNamed);
    },
    async nameOf(kindOrSchema, id, parents = {}, signal) {
      try {
        const finding = await findRecord(reader, getPlace(findTable, kindOrSchema, parents), id, signal);
        const record = finding.kind === 'one' ? finding.record : finding.kind === 'none' ? finding.gone : undefined;
        return record && toNamed(record);
      } catch (error) {
        if (error instanceof GatewayError) return undefined;
        throw error;
      }
    },
    explainEmpty: (list, signal) =>
      catalog === undefined ? Promise.resolve(undefined) : explainEmpty({ reader, findTable, catalog }, list, signal),
    dropped: (path) => reader.dropped(path),
  };
}

function toNamed({ id, name, identifier }: NamedRecord): Named {
  return { id, name, ...(identifier !== undefined && { identifier }) };
}

function getPlace(findTable: FindTable, kindOrSchema: string, parents: Parents): Place {
  const table = findTable(kindOrSchema)?.table;
  if (table === undefined) throw unknownKind(kindOrSchema, nearestNames(kindOrSchema, Object.keys(tables)));
  const place = placeOf(table, parents);
  if (place === undefined) throw missingParent(table);
  return place;
}
