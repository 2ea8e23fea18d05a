import { isObject, referenceId } from './json.ts';
import type { StoredRecord } from './store.ts';
import type { World } from './world.ts';

/** Records that a sub-collection shows although they live elsewhere, for the id of the parent in its path. */
export type View = (world: World, parentId: number) => Iterable<StoredRecord>;

function charged(key: string, chargeToTypes: readonly string[]): View {
  return (world, id) =>
    select(world, key, ({ value }) => value.chargeToId === id && chargeToTypes.includes(String(value.chargeToType)));
}

function scheduled(world: World, id: number): StoredRecord[] {
  return select(world, '/schedule/entries', ({ value }) => value.objectId === id);
}

function referring(key: string, member: string): View {
  return (world, id) => select(world, key, ({ value }) => referenceId(value[member]) === id);
}

function select(world: World, key: string, isShown: (record: StoredRecord) => boolean): StoredRecord[] {
  return [...world.store.records(key)].filter(isShown);
}

/** The ways to reach a contact are also a collection of their own. */
function communications(world: World, contactId: number): StoredRecord[] {
  const contact = world.store.find('/company/contacts', contactId);
  const items = contact?.value.communicationItems;
  if (contact === undefined || !Array.isArray(items)) return [];
  return items.filter(isObject).map((item) => ({
    id: Number(item.id),
    parents: [contactId],
    value: { ...item, contactId },
    stamps: contact.stamps,
  }));
}

/** By the key of the sub-collection that shows them. */
const views: Readonly<Record<string, View>> = {
  '/company/contacts/{}/communications': communications,
  '/project/tickets/{}/activities': referring('/sales/activities', 'ticket'),
  '/project/tickets/{}/products': referring('/procurement/products', 'ticket'),
  '/project/tickets/{}/scheduleentries': scheduled,
  '/project/tickets/{}/timeentries': charged('/time/entries', ['ProjectTicket']),
  '/service/tickets/{}/activities': referring('/sales/activities', 'ticket'),
  '/service/tickets/{}/products': referring('/procurement/products', 'ticket'),
  '/service/tickets/{}/scheduleentries': scheduled,
  '/service/tickets/{}/timeentries': charged('/time/entries', ['ServiceTicket']),
};

export function findView(key: string): View | undefined {
  return views[key];
}
