import type { Member } from '../../src/catalog/index.ts';
import type { Context } from '../context.ts';
import { type Collection, isPostOnly } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue, referenceId } from '../json.ts';
import { expandReference, recordPath } from '../references.ts';
import { visibilityOf } from '../roles.ts';
import { jsonAnswer } from '../server/answer.ts';
import type { Call, Shape } from '../server/call.ts';
import type { StoredRecord } from '../store.ts';
import { requireParent } from '../write/write.ts';
import { compileFilter, refuseSlowText } from './filter.ts';
import { orderRecords } from './order.ts';
import { cutPage, readPaging } from './paging.ts';

/** The records below some parents. @throws GatewayError 404 where the parent does not exist */
export function listRecords(
  context: Context,
  collection: Collection,
  parents: readonly number[],
): Iterable<StoredRecord> {
  requireParent(context, collection, parents);
  const view = findView(collection.key);
  return view === undefined ? context.store.records(collection.key, parents) : view(context, parents.at(-1) ?? 0);
}

/** Answers a list: filters, orders, pages and shows records (CW 2, 3). */
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

/** Those that the caller's role may see and that meet the conditions. */
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

/** Answers one record; the address of a new one is given with http, however it was asked for (CW 5.1.8). */
export function answerRecord(call: Call, shape: Shape, record: StoredRecord, status = 200): Response {
  const address = call.root.replace(/^https:/, 'http:') + recordPath(call.context, shape.collection.key, record);
  return jsonAnswer(status, show(call, shape, record), status === 201 ? { location: address } : {});
}

/** A record as the answer to this call shows it, with the addresses of its sub-collections (CW 5.14). */
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

/** Records that a sub-collection shows although they belong to another collection, by the id of the parent. */
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

/** The communication items of a contact are also a collection. */
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
  '/marketing/campaigns/{}/activities': referring('/sales/activities', 'campaign'),
  '/marketing/campaigns/{}/opportunities': referring('/sales/opportunities', 'campaign'),
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

/** `fields` as a tree, in lower case: `id,status/id` holds `id`, and `status` which holds `id`. A leaf is empty. */
type Wanted = ReadonlyMap<string, Wanted>;

interface Branch extends Map<string, Branch> {}

/** Undefined where all members are wanted. */
function parseFields(text: string | undefined): Wanted | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  // Since 2018.4 a star gives only the id (CW 2.6).
  if (text.trim() === '*') return new Map([['id', new Map()]]);
  const wanted: Branch = new Map();
  for (const path of text.toLowerCase().split(',')) {
    let branch = wanted;
    for (const name of path.trim().split('/')) {
      const next: Branch = branch.get(name) ?? new Map();
      branch.set(name, next);
      branch = next;
    }
  }
  return wanted;
}

interface Showing {
  /** Answer with this schema's members: `BoardInfo` shows fewer than `Board`. */
  schema: string;
  wanted?: Wanted | undefined;
  /** Address of the API root, for the hrefs. */
  root: string;
}

/**
 * A record as an answer shows it: references expanded, members without a value left out (CW 5.1), `_info` last and
 * only where no `fields` were named or it is among them (CW 2.6). Unknown names in `fields` are ignored.
 */
function showRecord(
  context: Context,
  record: StoredRecord,
  { schema, wanted, root }: Showing,
  hrefs: JsonObject,
): JsonObject {
  const shown: JsonObject = {};
  if (context.schemas.member(schema, 'id') !== undefined && (wanted === undefined || wanted.has('id')))
    shown.id = record.id;
  for (const member of context.schemas.find(schema)?.members ?? []) {
    const { name } = member;
    const inner = wanted?.get(name.toLowerCase());
    if (name === 'id' || name === '_info' || (wanted !== undefined && inner === undefined) || isPostOnly(member))
      continue;
    if (context.role.hidden.has(name)) continue;
    const value = showMember(context, member, record.value[name], root);
    if (value !== undefined && value !== null) shown[name] = prune(value, inner);
  }
  if (wanted === undefined || wanted.has('_info')) {
    shown._info = prune({ ...record.stamps, ...hrefs }, wanted?.get('_info'));
  }
  return shown;
}

function showMember(
  context: Context,
  { name, schema, type }: Member,
  value: JsonValue | undefined,
  root: string,
): JsonValue | undefined {
  // A few twins show the name of what the record refers to.
  if (type !== 'object' && isObject(value)) return value.name;
  if (schema === undefined || value === undefined) return value;
  if (isObject(value)) return showObject(context, schema, name, value, root);
  if (!Array.isArray(value)) return value;
  return value.map((element) => (isObject(element) ? showObject(context, schema, name, element, root) : element));
}

function showObject(context: Context, schema: string, name: string, value: JsonObject, root: string): JsonObject {
  if (schema.endsWith('Reference')) return expandReference(context, schema, name, value, root);
  // Rows of custom fields show their null; nothing else does (CW 5.13).
  if (schema === 'CustomFieldValue') return value;
  const shown: JsonObject = {};
  for (const member of context.schemas.find(schema)?.members ?? []) {
    const inner = showMember(context, member, value[member.name], root);
    if (inner !== undefined && inner !== null) shown[member.name] = inner;
  }
  return shown;
}

function prune(value: JsonValue, wanted: Wanted | undefined): JsonValue {
  if (wanted === undefined || wanted.size === 0) return value;
  if (Array.isArray(value)) return value.map((element) => prune(element, wanted));
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    const deeper = wanted.get(name.toLowerCase());
    if (deeper !== undefined) kept[name] = prune(inner, deeper);
  }
  return kept;
}
