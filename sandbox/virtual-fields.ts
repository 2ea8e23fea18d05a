import type { Field, Source } from './field.ts';
import { type JsonValue, referenceId } from './json.ts';

/** What a product is charged to, by the member that says so. */
const charged = [
  ['Ticket', 'ticket'],
  ['Project', 'project'],
  ['SalesOrder', 'salesOrder'],
  ['Opportunity', 'opportunity'],
] as const;

function chargedTo({ value }: Source) {
  return charged.find(([, member]) => referenceId(value[member]) !== undefined);
}

function chargeToId(source: Source): JsonValue | undefined {
  const found = chargedTo(source);
  return found === undefined ? undefined : referenceId(source.value[found[1]]);
}

/** Names that ConnectWise's own hrefs filter by although no schema has them (CW 2.3). */
const virtualFields: ReadonlyMap<string, Field> = new Map([
  [
    'ProductItem/chargetotype',
    { member: { name: 'chargeToType', type: 'string' }, read: (source: Source) => chargedTo(source)?.[0] },
  ],
  ['ProductItem/chargetoid', { member: { name: 'chargeToId', type: 'integer' }, read: chargeToId }],
]);

export function findVirtualField(schema: string, name: string): Field | undefined {
  return virtualFields.get(`${schema}/${name}`);
}
