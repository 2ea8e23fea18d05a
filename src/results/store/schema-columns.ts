import { kindOfMember } from './column.ts';
import { addColumn, addInfoColumn, type Layout } from './layout.ts';

/** What statements ask of a reference: which it is, and the order that priorities and statuses have. */
const referenceMembers: readonly string[] = ['id', 'identifier', 'name', 'sort'];

/** What `_info` says of a record itself (CW 5.14); no schema lists it. */
const infoMembers: readonly string[] = ['lastUpdated', 'updatedBy', 'dateEntered', 'enteredBy'];

/**
 * Columns for what the schema has and no record showed: ConnectWise leaves out members that are empty, and a question
 * about them is answered by NULL. Only for records that were asked for whole.
 */
export function addSchemaColumns(layout: Layout): void {
  const { schema, slots } = layout.root;
  for (const member of schema?.members ?? []) {
    if (member.name === '_info') {
      for (const name of infoMembers) addInfoColumn(layout, layout.root, name);
      continue;
    }
    const slot = slots.get(member.name) ?? {};
    slots.set(member.name, slot);
    const kind = kindOfMember(schema, member);
    if (kind !== undefined) slot.column ??= addColumn(layout, member.name, kind);
    const target = member.type === 'object' && member.schema ? layout.findSchema(member.schema) : undefined;
    if (target === undefined) continue;
    slot.place ??= { prefix: `${member.name}_`, depth: 1, schema: target, slots: new Map() };
    for (const inner of target.members) {
      const innerKind = kindOfMember(target, inner);
      if (innerKind === undefined || !referenceMembers.includes(inner.name)) continue;
      const innerSlot = slot.place.slots.get(inner.name) ?? {};
      slot.place.slots.set(inner.name, innerSlot);
      innerSlot.column ??= addColumn(layout, `${member.name}_${inner.name}`, innerKind);
    }
  }
}
