import { addRecord, newStamps } from '../context.ts';
import { type Collection, collectionKey } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { answerRecord, show } from '../query/list.ts';
import { getVisible } from '../roles.ts';
import { ruleOf } from '../rules/rules.ts';
import { jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds, shapeAt } from '../server/call.ts';
import { parseBody, readRecordBody } from '../server/read-body.ts';
import { invalidObject, notEmulated, readRefusal } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';
import { createFrom, createRecord, deleteRecord, replaceRecord } from '../write/write.ts';

/** What happened to one element: its status, and the record or the error. */
type Outcome = JsonObject;

/** Several writes in one request; the answer is 207 with the outcome of each (CW 4.2.30, 5.7.3). */
export function writeBulk(call: Call): Response {
  const { context, endpoint, body } = call;
  const collection = context.collections.get(collectionKey(endpoint.path).replace(/\/bulk$/, ''));
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
  const { context, endpoint } = call;
  const shape = { collection, schema: collection.schema };
  const parents = numericIds(call);
  try {
    if (endpoint.method === 'DELETE') {
      deleteRecord(context, collection, getRecord(call, collection, element));
      return { success: true, statusCode: 204 };
    }
    // As text again, so that each element is checked like a single body.
    const text = JSON.stringify(element);
    if (endpoint.method === 'POST') {
      const record = createRecord(context, collection, parents, text);
      return { success: true, statusCode: 201, data: show(call, shape, record) };
    }
    const record = getRecord(call, collection, isObject(element) ? (element.id ?? null) : null);
    return {
      success: true,
      statusCode: 200,
      data: show(call, shape, replaceRecord(context, collection, record, text)),
    };
  } catch (error) {
    const refused = readRefusal(error);
    if (refused === undefined || typeof refused.body === 'string') throw error;
    return { success: false, statusCode: refused.status, error: refused.body };
  }
}

function getRecord(call: Call, { key }: Collection, id: JsonValue): StoredRecord {
  return getVisible(call.context, key, typeof id === 'number' ? id : 0, numericIds(call));
}

/** A copy of a record with the records below it: an agreement with its additions. */
export function copyRecord(call: Call): Response {
  const { context, endpoint } = call;
  const shape = shapeAt(call, collectionKey(endpoint.path).replace(/\/\{\}\/copy$/, ''));
  const { collection } = shape;
  const ids = numericIds(call);
  const parents = ids.slice(0, -1);
  const id = ids.at(-1) ?? 0;
  const original = getVisible(context, collection.key, id, parents);
  const members = renamed(call, collection.schema, structuredClone(original.value));
  const copy = createFrom(context, collection, parents, members);
  // Without checks: the originals have passed them.
  for (const child of context.collections.childrenOf(collection.key)) {
    for (const record of [...context.store.records(child.key, [...parents, id])]) {
      addRecord(context, child.key, [...parents, copy.id], structuredClone(record.value));
    }
  }
  return answerRecord(call, shape, copy, endpoint.status);
}

/** The copy gets a name of its own, so that the two are not mixed up. */
function renamed({ context }: Call, schema: string, value: JsonObject): JsonObject {
  for (const name of ['name', 'identifier', 'description']) {
    const text = value[name];
    if (typeof text !== 'string') continue;
    const most = context.schemas.member(schema, name)?.maxLength ?? 100;
    value[name] = `${text.slice(0, most - 5)} Copy`.slice(0, most);
    break;
  }
  return value;
}

/** The defaults of a new record, without making one. */
export function showDefaults(call: Call): Response {
  const { context, endpoint } = call;
  const collection = context.collections.find(collectionKey(endpoint.path).replace(/\/default$/, ''));
  if (collection === undefined) throw notEmulated(endpoint.method, endpoint.path);
  return answerDefaults(call, collection, {});
}

/** What a time entry would be given (CW 5.6): only completed, not checked, as a half-filled form asks for this. */
export function timeDefaults(call: Call): Response {
  const { context, body } = call;
  const collection = context.collections.get('/time/entries');
  return answerDefaults(
    call,
    collection,
    body.trim() === '' ? {} : readRecordBody(context.schemas, collection.schema, body),
  );
}

function answerDefaults(call: Call, collection: Collection, value: JsonObject): Response {
  const { context } = call;
  const draft = { collection, id: 0, parents: [], value, aside: {} };
  ruleOf(collection.key).complete?.(context, draft);
  const record = { id: 0, parents: [], value: draft.value, stamps: newStamps(context) };
  const { id: _, _info, ...defaults } = show(call, { collection, schema: collection.schema }, record);
  return jsonAnswer(200, defaults);
}
