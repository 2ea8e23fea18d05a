import type { Catalog, Member, ReferenceTargets, Schema } from '../../catalog/index.ts';
import { wordsOf } from '../../core/english.ts';
import type { LookupTable } from './lookup-table.ts';
import { tables } from './tables.ts';

export interface FoundTable {
  kind: string;
  table: LookupTable;
}

/** The table of a kind such as `statuses` or of a schema such as `ServiceStatusReference`. */
export type FindTable = (kindOrSchema: string) => FoundTable | undefined;

/** The table whose collection this endpoint lists. */
export function findTableOfList(path: string): LookupTable | undefined {
  const wanted = path.replace(/\{[^}]*\}/g, '{parent}').toLowerCase();
  return Object.values<LookupTable>(tables).find((table) => table.path.toLowerCase() === wanted);
}

/** What is not among our own tables is read from the catalog: a collection that lists what the schema names. */
export function createFindTable(catalog: Catalog | undefined): FindTable {
  const known = new Map<string, FoundTable | undefined>();
  for (const [kind, table] of Object.entries<LookupTable>(tables)) {
    for (const name of [kind, ...table.schemas]) known.set(name, { kind, table });
  }
  return (kindOrSchema) => {
    if (known.has(kindOrSchema) || catalog === undefined) return known.get(kindOrSchema);
    const table = readTable(catalog, catalog.referenceTargets(), kindOrSchema);
    const found = table && { kind: kindOrSchema, table };
    known.set(kindOrSchema, found);
    return found;
  };
}

function readTable(catalog: Catalog, targets: ReferenceTargets, schema: string): LookupTable | undefined {
  if (!schema.endsWith('Reference')) return undefined;
  const path = targets.listOf(schema);
  // A collection below a record would need that record's id, and which it is no name tells.
  if (path === undefined || path.includes('{')) return undefined;
  const response = catalog.findEndpoint('GET', path)?.endpoint.response;
  const record = response?.array && response.schema ? catalog.findSchema(response.schema) : undefined;
  if (record === undefined) return undefined;
  const texts = record.members.filter(({ type }) => type === 'string').map(({ name }) => name);
  const name = ['name', 'identifier', 'description'].find((member) => texts.includes(member));
  if (name === undefined) return undefined;
  const flag = record.members.find(isInactiveFlag)?.name;
  return {
    noun: wordsOf(schema.replace(/Reference$/, '')).join(' '),
    schemas: [schema],
    path,
    // What companies have is no set-up: there may be any number.
    size: hasCompany(record) ? 'many' : 'setUp',
    names: [name],
    ...(texts.includes('identifier') && { identifier: 'identifier' }),
    ...(flag !== undefined && { gone: { member: flag, values: [true] } }),
  };
}

function isInactiveFlag({ name, type }: Member): boolean {
  return type === 'boolean' && ['inactiveFlag', 'inactive', 'deletedFlag'].includes(name);
}

function hasCompany({ members }: Schema): boolean {
  return members.some(({ schema }) => schema === 'CompanyReference');
}
