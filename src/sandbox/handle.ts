import type { Endpoint } from '../catalog/endpoint.ts';
import { emptyAnswer, jsonAnswer } from './answer.ts';
import type { Purpose } from './collections.ts';
import { compileFilter } from './filter.ts';
import type { JsonObject } from './json.ts';
import { kindOf } from './kinds.ts';
import type { ListQuery } from './list-query.ts';
import { orderRecords } from './order.ts';
import { cutPage, readPaging } from './paging.ts';
import { parseFields, showRecord } from './project-fields.ts';
import { recordPath } from './references.ts';
import { endpointMissing, recordNotFound } from './refusal.ts';
import type { StoredRecord } from './store.ts';
import { findUses } from './uses.ts';
import { findView } from './views.ts';
import type { World } from './world.ts';
import { createRecord, deleteRecord, patchRecord, replaceRecord, requireParent } from './write.ts';

/** One request on its way to an answer. */
export interface Call {
  world: World;
  endpoint: Endpoint;
  /** Values of the path's placeholders, in the order of the path. */
  ids: readonly string[];
  url: URL;
  query: ListQuery;
  headers: Headers;
  /** Text of the body, empty for none. */
  body: string;
  /** Address of the API root. */
  root: string;
}

/** Whose records an answer shows, and which of their members. */
export type Shape = Pick<Purpose, 'collection' | 'schema'>;

function isForwardOnly(headers: Headers): boolean {
  return headers.get('pagination-type')?.toLowerCase() === 'forward-only';
}

/** Answers an endpoint that is about a collection. @throws GatewayError for every answer that is no success */
export function handleCollection(call: Call, purpose: Purpose): Response {
  const { world, body } = call;
  const { collection, kind } = purpose;
  switch (kind) {
    case 'list':
      return answerList(call, purpose, listRecords(call, purpose));
    case 'count':
      return answerCount(call, purpose);
    case 'create':
      return jsonAnswer(201, show(call, purpose, createRecord(world, collection, numericIds(call), body)));
    case 'read':
      return jsonAnswer(200, show(call, purpose, getRecord(call, purpose)));
    case 'replace':
      return jsonAnswer(200, show(call, purpose, replaceRecord(world, collection, getRecord(call, purpose), body)));
    case 'patch':
      return jsonAnswer(200, show(call, purpose, patchRecord(world, collection, getRecord(call, purpose), body)));
    case 'delete':
      deleteRecord(world, collection, getRecord(call, purpose));
      return emptyAnswer(204);
    case 'usages':
    case 'usagesList':
      return answerUsages(call, purpose);
  }
}

/** The records that lie below the parents named in the path. */
function listRecords(call: Call, { collection }: Purpose): Iterable<StoredRecord> {
  const parents = numericIds(call);
  requireParent(call.world, collection, parents);
  const view = findView(collection.key);
  return view === undefined ? call.world.store.records(collection.key, parents) : view(call.world, parents.at(-1) ?? 0);
}

/** Filters, orders, cuts and shows records: the way of every list (CW 2, 3). */
export function answerList(call: Call, shape: Shape, records: Iterable<StoredRecord>, query = call.query): Response {
  const { world, url, headers } = call;
  const { schema } = shape;
  const paging = readPaging(query, isForwardOnly(headers));
  const filter = compileFilter(world, schema, query);
  const passing = [...records].filter(filter);
  const { page, link } = cutPage(orderRecords(world, schema, passing, query.orderby), paging, url);
  const shown = page.map((record) => show(call, shape, record));
  return jsonAnswer(200, shown, link === undefined ? {} : { link });
}

function answerCount(call: Call, purpose: Purpose): Response {
  const filter = compileFilter(call.world, purpose.collection.schema, call.query);
  let count = 0;
  for (const record of listRecords(call, purpose)) if (filter(record)) count += 1;
  return jsonAnswer(200, { count });
}

/** A record as the answer to this call shows it, with the addresses of what lies below it (CW 5.14). */
export function show({ world, query, root }: Call, { collection, schema }: Shape, record: StoredRecord): JsonObject {
  const wanted = parseFields(query.fields);
  const hrefs: JsonObject = {};
  if (wanted === undefined || wanted.has('_info')) {
    const path = root + recordPath(world, collection.key, record);
    for (const { template } of world.collections.childrenOf(collection.key)) {
      const name = template.slice(template.lastIndexOf('/') + 1);
      hrefs[`${name}_href`] = `${path}/${name}`;
    }
  }
  return showRecord(world, record, { schema, wanted, root }, hrefs);
}

function getRecord(call: Call, { collection, kind }: Purpose): StoredRecord {
  const { world } = call;
  // `/system/members/{memberIdentifier}` shares its shape with `/system/members/{id}`.
  const own = call.ids.at(-1) ?? '';
  if (collection.key === '/system/members' && kind === 'read' && !/^\d+$/.test(own)) return getMember(world, own);
  const ids = numericIds(call);
  const id = ids.at(-1) ?? 0;
  const parents = ids.slice(0, -1);
  requireParent(world, collection, parents);
  const record = world.store.find(collection.key, id, parents);
  if (record === undefined) throw recordNotFound(kindOf(collection.schema), id);
  return record;
}

function getMember(world: World, identifier: string): StoredRecord {
  for (const record of world.store.records('/system/members')) {
    if (String(record.value.identifier).toLowerCase() === identifier.toLowerCase()) return record;
  }
  throw recordNotFound('Member', identifier);
}

/** An id that is no number leads nowhere (CW 4.2). */
export function numericIds({ ids }: Call): number[] {
  return ids.map((id) => {
    if (!/^\d{1,9}$/.test(id)) throw endpointMissing();
    return Number(id);
  });
}

/** What uses a set-up record, to be read before it is deleted (CW 5.11). */
function answerUsages(call: Call, purpose: Purpose): Response {
  const { world, root } = call;
  const uses = findUses(world, purpose.collection, getRecord(call, purpose));
  return jsonAnswer(
    200,
    uses.map(({ kind, collection, count, example }) => ({
      type: kind,
      count,
      id: example.id,
      description: kind,
      hyperlink: root + recordPath(world, collection.key, example),
      typeKey: kind.replaceAll(' ', ''),
    })),
  );
}
