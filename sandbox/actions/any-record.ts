import { type Collection, collectionKey } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { kindOf } from '../kinds.ts';
import { show } from '../query/list.ts';
import { findVisible } from '../roles.ts';
import { ruleOf } from '../rules/rules.ts';
import { jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';
import { parseBody } from '../server/read-body.ts';
import { endpointMissing, invalidObject, notEmulated, readRefusal, recordNotFound } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { newStamps } from '../world.ts';
import { createFrom, createRecord, deleteRecord, replaceRecord } from '../write/write.ts';

/** What became of one element: the status of its own, and the record or the error. */
type Outcome = JsonObject;

/** Several writes in one request; the answer is 207 with the outcome of each (CW 4.2.30, 5.7.3). */
export function writeBulk(call: Call): Response {
  const { world, endpoint, body } = call;
  const collection = world.collections.find(collectionKey(endpoint.path).replace(/\/bulk$/, ''));
  if (collection === undefined) throw endpointMissing();
  const given = parseBody(body);
  // Deletions name their records as `{ ids }`, though one of the definitions forgets to say so.
  const elements = endpoint.method === 'DELETE' && isObject(given) ? given.ids : given;
  if (!Array.isArray(elements)) {
    const message = 'The body must be an array, or an object with ids to delete.';
    throw invalidObject('bulk', [{ code: 'InvalidField', message, field: 'body' }]);
  }
  const payload = elements.map((element, originalIndex) => ({ ...writeOne(call, collection, element), originalIndex }));
  return jsonAnswer(207, { payload });
}

function writeOne(call: Call, collection: Collection, element: JsonValue): Outcome {
  const { world, endpoint } = call;
  const shape = { collection, schema: collection.schema };
  const parents = numericIds(call);
  try {
    if (endpoint.method === 'DELETE') {
      deleteRecord(world, collection, getRecord(call, collection, element));
      return { success: true, statusCode: 204 };
    }
    // As text again, so that each element goes the strict way of a single body.
    const text = JSON.stringify(element);
    if (endpoint.method === 'POST') {
      return {
        success: true,
        statusCode: 201,
        data: show(call, shape, createRecord(world, collection, parents, text)),
      };
    }
    const record = getRecord(call, collection, isObject(element) ? (element.id ?? null) : null);
    return { success: true, statusCode: 200, data: show(call, shape, replaceRecord(world, collection, record, text)) };
  } catch (error) {
    const refused = readRefusal(error);
    if (refused === undefined || typeof refused.body === 'string') throw error;
    return { success: false, statusCode: refused.status, error: refused.body };
  }
}

function getRecord(call: Call, { key, schema }: Collection, id: JsonValue): StoredRecord {
  const record = typeof id === 'number' ? findVisible(call.world, key, id, numericIds(call)) : undefined;
  if (record === undefined) throw recordNotFound(kindOf(schema), typeof id === 'number' ? id : 0);
  return record;
}

/** A record once more under a new number, with what lies below it: an agreement with its additions. */
export function copyRecord(call: Call): Response {
  const { world, endpoint } = call;
  const collection = world.collections.find(collectionKey(endpoint.path).replace(/\/\{\}\/copy$/, ''));
  if (collection === undefined) throw endpointMissing();
  const ids = numericIds(call);
  const parents = ids.slice(0, -1);
  const id = ids.at(-1) ?? 0;
  const original = findVisible(world, collection.key, id, parents);
  if (original === undefined) throw recordNotFound(kindOf(collection.schema), id);
  const copy = createFrom(
    world,
    collection,
    parents,
    renamed(call, collection.schema, structuredClone(original.value)),
  );
  // What was accepted below the original is not checked again below its copy.
  for (const child of world.collections.childrenOf(collection.key)) {
    for (const record of [...world.store.records(child.key, [...parents, id])]) {
      const childId = world.store.nextId(child.key);
      const value = { ...structuredClone(record.value), id: childId };
      world.store.insert(child.key, { id: childId, parents: [...parents, copy.id], value, stamps: newStamps(world) });
    }
  }
  return jsonAnswer(endpoint.status, show(call, { collection, schema: collection.schema }, copy));
}

/** Two of the same name or identifier would be taken for one another. */
function renamed({ world }: Call, schema: string, value: JsonObject): JsonObject {
  for (const name of ['name', 'identifier', 'description']) {
    const text = value[name];
    if (typeof text !== 'string') continue;
    const most = world.schemas.member(schema, name)?.maxLength ?? 100;
    value[name] = `${text.slice(0, most - 5)} Copy`.slice(0, most);
    break;
  }
  return value;
}

/** What a new record would be given, without making one. */
export function showDefaults(call: Call): Response {
  const { world, endpoint } = call;
  const collection = world.collections.find(collectionKey(endpoint.path).replace(/\/default$/, ''));
  if (collection === undefined) throw notEmulated(endpoint.method, endpoint.path);
  const draft = { collection, id: 0, parents: [], value: {}, aside: {} };
  ruleOf(collection.key).complete?.(world, draft);
  const record = { id: 0, parents: [], value: draft.value, stamps: newStamps(world) };
  const { id: _, _info, ...defaults } = show(call, { collection, schema: collection.schema }, record);
  return jsonAnswer(200, defaults);
}
