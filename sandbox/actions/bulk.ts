import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { type Collection, collectionKey } from '../collections.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { kindOf } from '../kinds.ts';
import { show } from '../list.ts';
import { parseBody } from '../read-body.ts';
import { endpointMissing, invalidObject, readRefusal, recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';
import type { StoredRecord } from '../store.ts';
import { createRecord, deleteRecord, replaceRecord } from '../write.ts';

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
