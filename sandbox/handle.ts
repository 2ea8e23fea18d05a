import { emptyAnswer, jsonAnswer } from './answer.ts';
import { type Call, numericIds } from './call.ts';
import type { Purpose } from './collections.ts';
import { kindOf } from './kinds.ts';
import { answerList, countRecords, listRecords, show } from './list.ts';
import { recordPath } from './references.ts';
import { recordNotFound } from './refusal.ts';
import { findVisible } from './roles.ts';
import type { StoredRecord } from './store.ts';
import { findUses } from './uses.ts';
import type { World } from './world.ts';
import { createRecord, deleteRecord, patchRecord, replaceRecord, requireParent } from './write.ts';

/** Answers an endpoint that is about a collection. @throws GatewayError for every answer that is no success */
export function handleCollection(call: Call, purpose: Purpose): Response {
  const { world, body } = call;
  const { collection, kind } = purpose;
  switch (kind) {
    case 'list':
      return answerList(call, purpose, listRecords(world, collection, numericIds(call)));
    case 'count':
      return jsonAnswer(200, { count: countOf(call, purpose) });
    case 'create':
      return jsonAnswer(201, show(call, purpose, createRecord(world, collection, numericIds(call), body)));
    case 'read':
      return answerRecord(call, purpose);
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

/** The definition knows a record that comes as a list of one. */
function answerRecord(call: Call, purpose: Purpose): Response {
  const shown = show(call, purpose, getRecord(call, purpose));
  return jsonAnswer(200, call.endpoint.response?.array === true ? [shown] : shown);
}

/** The answer of a count is a schema of its own, so conditions go by the schema of the records. */
function countOf(call: Call, { collection }: Purpose): number {
  const shape = { collection, schema: collection.schema };
  return countRecords(call, shape, listRecords(call.world, collection, numericIds(call)));
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
  const record = findVisible(world, collection.key, id, parents);
  if (record === undefined) throw recordNotFound(kindOf(collection.schema), id);
  return record;
}

function getMember(world: World, identifier: string): StoredRecord {
  for (const record of world.store.records('/system/members')) {
    if (String(record.value.identifier).toLowerCase() === identifier.toLowerCase()) return record;
  }
  throw recordNotFound('Member', identifier);
}

/** What uses a set-up record, to be read before it is deleted (CW 5.11.4). */
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
