import { defined } from '../../src/core/json.ts';
import { shortName } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { countRecords, listPage, listRecords, show } from '../query/list.ts';
import { getVisible, refuseClosed } from '../roles.ts';
import { jsonAnswer } from '../server/answer.ts';
import type { Call, ListQuery, Shape } from '../server/call.ts';
import { parseBody } from '../server/read-body.ts';
import { invalidObject, readRefusal, refusal } from '../server/refusal.ts';

/** The most reads in one bundle (CW 5.9). */
const mostRequests = 100;

/**
 * Several reads in one request. Each has its own status, so a bad one does not fail the others (CW 5.9); names of
 * members go in any case, as the examples of the Guide write them with capitals.
 */
export function readBundles(kind: 'list' | 'count'): (call: Call) => Response {
  return (call) => {
    const body = lowerNames(parseBody(call.body));
    const requests = isObject(body) ? body.requests : undefined;
    if (!Array.isArray(requests) || requests.length === 0 || requests.length > mostRequests) {
      const message = `The requests field must be an array of 1 to ${mostRequests} requests.`;
      throw invalidObject('bundleRequestsCollection', [{ code: 'InvalidField', message, field: 'requests' }]);
    }
    return jsonAnswer(200, { results: requests.map((request, index) => answerOne(call, kind, request, index)) });
  };
}

function answerOne(call: Call, kind: 'list' | 'count', request: JsonValue, index: number): JsonObject {
  const { sequencenumber, resourcetype, version, apirequest } = isObject(request) ? request : ({} as JsonObject);
  const head = defined<JsonObject>({
    sequenceNumber: sequencenumber ?? index + 1,
    resourceType: resourcetype ?? '',
    version,
  });
  try {
    const read = isObject(apirequest) ? apirequest : {};
    const shape = findShape(call, String(resourcetype ?? ''));
    refuseClosed(call.context, shape.collection.key);
    const answer = kind === 'list' ? readOne : countOne;
    return { ...head, ...answer(call, shape, read) };
  } catch (error) {
    const refused = readRefusal(error);
    if (refused === undefined || typeof refused.body === 'string') throw error;
    return { ...head, entities: [], count: 0, success: false, statusCode: refused.status, error: refused.body };
  }
}

/** A resource goes by the name of its schema, not by its path (CW 5.9). */
function findShape({ context }: Call, resourceType: string): Shape {
  const wanted = resourceType.toLowerCase();
  const found = context.collections
    .all()
    .filter(({ schema, key }) => shortName(schema).toLowerCase() === wanted && !/\/info(\/|$)/.test(key))
    // Of several paths the shortest one holds the records.
    .sort((a, b) => a.key.length - b.key.length)[0];
  if (found !== undefined) return { collection: found, schema: found.schema };
  throw refusal(400, { code: 'InvalidObject', message: `The resource type '${resourceType}' is not supported.` });
}

function readOne(call: Call, shape: Shape, read: JsonObject): JsonObject {
  const { context } = call;
  const { collection } = shape;
  const query = queryOf(read);
  const given = { ...call, query, headers: new Headers() };
  const parents = parentsOf(read);
  if (typeof read.id === 'number' && read.id > 0) {
    const record = getVisible(context, collection.key, read.id, parents);
    return { entities: [show(given, shape, record)], count: 1, success: true, statusCode: 200 };
  }
  const { shown } = listPage(given, shape, listRecords(context, collection, parents));
  return { entities: shown, count: shown.length, success: true, statusCode: 200 };
}

function countOne(call: Call, shape: Shape, read: JsonObject): JsonObject {
  const records = listRecords(call.context, shape.collection, parentsOf(read));
  const count = countRecords(call, shape, records, queryOf(read));
  return { entities: [], count, success: true, statusCode: 200 };
}

function parentsOf({ parentid, grandparentid }: JsonObject): number[] {
  return [grandparentid, parentid].filter((id): id is number => typeof id === 'number' && id > 0);
}

/** `filters`, `page` and `fields` of a request as the query of the list they ask for. */
function queryOf({ filters, page, fields }: JsonObject): ListQuery {
  const query: ListQuery = Object.create(null);
  const parts = [filters, page].filter(isObject);
  for (const [name, value] of [...parts.flatMap((part) => Object.entries(part)), ['fields', fields] as const]) {
    if (typeof value === 'string' || typeof value === 'number') query[name] = String(value);
  }
  return query;
}

/** Objects with their names in lower case, all the way down. */
function lowerNames(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(lowerNames);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), lowerNames(inner)]));
}
