import type { Context } from '../context.ts';
import type { Collection } from '../definitions.ts';
import { isObject, type JsonObject, referenceId } from '../json.ts';
import { recordPath } from '../references.ts';
import { visibilityOf } from '../roles.ts';
import { jsonAnswer } from '../server/answer.ts';
import type { Call, Shape } from '../server/call.ts';
import type { StoredRecord } from '../store.ts';
import { requireParent } from '../write/write.ts';
import { compileFilter, refuseSlowText } from './filter.ts';
import { orderRecords } from './order.ts';
import { cutPage, readPaging } from './paging.ts';
import { parseFields, showRecord } from './show.ts';

/** The records that lie below some parents. @throws GatewayError 404 where the parent does not exist */
export function listRecords(
  context: Context,
  collection: Collection,
  parents: readonly number[],
): Iterable<StoredRecord> {
  requireParent(context, collection, parents);
  const view = findView(collection.key);
  return view === undefined ? context.store.records(collection.key, parents) : view(context, parents.at(-1) ?? 0);
}

/** Filters, orders, cuts and shows records: the way of every list (CW 2, 3). */
export function answerList(call: Call, shape: Shape, records: Iterable<StoredRecord>, query = call.query): Response {
  const { shown, link } = listPage(call, shape, records, query);
  return jsonAnswer(200, shown, link === undefined ? {} : { link });
}

/** One page of a list as it is shown, and its `Link`. */
export function listPage(
  call: Call,
  shape: Shape,
  records: Iterable<StoredRecord>,
  query = call.query,
): { shown: JsonObject[]; link?: string } {
  const { context, url, headers } = call;
  const paging = readPaging(query, headers.get('pagination-type')?.toLowerCase() === 'forward-only');
  const passing = passingRecords(context, shape, records, query);
  const upTo = paging.mode === 'navigable' ? paging.page * paging.pageSize : undefined;
  const { page, ...link } = cutPage(orderRecords(context, shape.schema, passing, query.orderby, upTo), paging, url);
  const shownCall = query === call.query ? call : { ...call, query };
  return { shown: page.map((record) => show(shownCall, shape, record)), ...link };
}

export function countRecords(
  { context, query }: Call,
  shape: Shape,
  records: Iterable<StoredRecord>,
  given = query,
): number {
  return passingRecords(context, shape, records, given).length;
}

/** Those that the caller's role shows and the conditions let pass. */
function passingRecords(
  context: Context,
  { collection, schema }: Shape,
  records: Iterable<StoredRecord>,
  query: Call['query'],
): StoredRecord[] {
  const filter = compileFilter(context, schema, query);
  const all = [...records];
  const visible = context.role.sees === 'all' ? all : all.filter(visibilityOf(context, collection.key));
  refuseSlowText(context, query, visible.length);
  return visible.filter(filter);
}

/** Answers one record. */
export function answerRecord(call: Call, shape: Shape, record: StoredRecord, status = 200): Response {
  return jsonAnswer(status, show(call, shape, record));
}

/** A record as the answer to this call shows it, with the addresses of what lies below it (CW 5.14). */
export function show({ context, query, root }: Call, { collection, schema }: Shape, record: StoredRecord): JsonObject {
  const wanted = parseFields(query.fields);
  const hrefs: JsonObject = {};
  if (wanted === undefined || wanted.has('_info')) {
    const path = root + recordPath(context, collection.key, record);
    for (const { template } of context.collections.childrenOf(collection.key)) {
      const name = template.slice(template.lastIndexOf('/') + 1);
      hrefs[`${name}_href`] = `${path}/${name}`;
    }
  }
  return showRecord(context, record, { schema, wanted, root }, hrefs);
}

/** Records that a sub-collection shows although they live elsewhere, for the id of the parent in its path. */
type View = (context: Context, parentId: number) => Iterable<StoredRecord>;

function charged(key: string, chargeToTypes: readonly string[]): View {
  return (context, id) =>
    select(context, key, ({ value }) => value.chargeToId === id && chargeToTypes.includes(String(value.chargeToType)));
}

function scheduled(context: Context, id: number): StoredRecord[] {
  return select(context, '/schedule/entries', ({ value }) => value.objectId === id);
}

function referring(key: string, member: string): View {
  return (context, id) => select(context, key, ({ value }) => referenceId(value[member]) === id);
}

function select(context: Context, key: string, isShown: (record: StoredRecord) => boolean): StoredRecord[] {
  return [...context.store.records(key)].filter(isShown);
}

/** The ways to reach a contact are also a collection of their own. */
function communications(context: Context, contactId: number): StoredRecord[] {
  const contact = context.store.find('/company/contacts', contactId);
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

function findView(key: string): View | undefined {
  return views[key];
}
