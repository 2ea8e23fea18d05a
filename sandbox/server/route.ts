import { type Catalog, type EndpointMatch, methods } from '../../src/catalog/index.ts';
import { findAction } from '../actions/actions.ts';
import type { Context } from '../context.ts';
import type { Purpose } from '../definitions.ts';
import { answerList, answerRecord, countRecords, listRecords, show } from '../query/list.ts';
import { findUses, recordPath } from '../references.ts';
import { getVisible, refuseByRole } from '../roles.ts';
import type { StoredRecord } from '../store.ts';
import { createRecord, deleteRecord, patchRecord, replaceRecord, requireParent } from '../write/write.ts';
import { emptyAnswer, jsonAnswer } from './answer.ts';
import { type Call, numericIds, readListQuery } from './call.ts';
import { isForm } from './read-body.ts';
import { cannotRoute, endpointMissing, notEmulated, recordNotFound, refusal } from './refusal.ts';

/** The newest codebase works as well as the one that the router translates (CW 1.1). */
const apiRoot = /^\/(?:v4_6_release|v20\d\d_\d+)\/apis\/3\.0(?=\/|$)/i;

/** Longer addresses are beyond what servers of this kind take; long filters are what searches by POST are for (CW 2.6.3). */
const longestUrl = 10_000;

/**
 * Finds the endpoint of a request and answers it, for a caller whose keys are known.
 * @throws GatewayError for every error response
 */
export async function route(context: Context, catalog: Catalog, request: Request, url: URL): Promise<Response> {
  if (url.href.length > longestUrl) throw refusal(414, 'The request URL is too long.');
  const root = apiRoot.exec(url.pathname)?.[0];
  const path = url.pathname.slice(root?.length ?? 0);
  // A repeated root gets the same answer as a wrong company (CW 1.1).
  if (root === undefined || /^\/apis\/3\.0(\/|$)/i.test(path)) throw cannotRoute();
  const { endpoint, pathValues } = findEndpoint(catalog, request.method, path);
  refuseByRole(context, endpoint);
  const content = new Uint8Array(await request.arrayBuffer());
  const call: Call = {
    context,
    catalog,
    endpoint,
    ids: [...endpoint.path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => pathValues[name] ?? ''),
    url,
    root: url.origin + root,
    query: readListQuery(url.searchParams),
    headers: request.headers,
    content,
    // Forms contain files, which are not text.
    body: isForm(request.headers) ? '' : new TextDecoder().decode(content),
  };
  const action = findAction(endpoint);
  if (action !== undefined) return action(call);
  const purpose = context.collections.purposeOf(endpoint);
  if (purpose === undefined) throw notEmulated(endpoint.method, endpoint.path);
  return handleCollection(call, purpose);
}

function findEndpoint(catalog: Catalog, asked: string, path: string): EndpointMatch {
  const method = methods.find((one) => one === asked);
  const match = method === undefined ? undefined : catalog.findEndpoint(method, path);
  if (match !== undefined && match.endpoint.id >= 0) return match;
  // The gateway's local endpoints do not exist in ConnectWise.
  if (match !== undefined || catalog.methodsOf(path).length === 0) throw endpointMissing();
  throw refusal(405, {
    code: 'ConnectWiseApi',
    message: `The requested resource does not support http method '${asked}'.`,
  });
}

/** Answers an endpoint that is about a collection. @throws GatewayError for every error response */
function handleCollection(call: Call, purpose: Purpose): Response {
  const { context, body } = call;
  const { collection, kind } = purpose;
  switch (kind) {
    case 'list':
      return answerList(call, purpose, listRecords(context, collection, numericIds(call)));
    case 'count':
      return jsonAnswer(200, { count: countOf(call, purpose) });
    case 'create':
      return answerRecord(call, purpose, createRecord(context, collection, numericIds(call), body), 201);
    case 'read':
      return answerRead(call, purpose);
    case 'replace':
      return answerRecord(call, purpose, replaceRecord(context, collection, getRecord(call, purpose), body));
    case 'patch':
      return answerRecord(call, purpose, patchRecord(context, collection, getRecord(call, purpose), body));
    case 'delete':
      deleteRecord(context, collection, getRecord(call, purpose));
      return emptyAnswer(204);
    case 'usages':
    case 'usagesList':
      return answerUsages(call, purpose);
  }
}

/** One endpoint of the definition answers its record as an array with one element. */
function answerRead(call: Call, purpose: Purpose): Response {
  const shown = show(call, purpose, getRecord(call, purpose));
  return jsonAnswer(200, call.endpoint.response?.array === true ? [shown] : shown);
}

/** Conditions name members of the records, not of the schema that a count answers with. */
function countOf(call: Call, { collection }: Purpose): number {
  const shape = { collection, schema: collection.schema };
  return countRecords(call, shape, listRecords(call.context, collection, numericIds(call)));
}

function getRecord(call: Call, { collection, kind }: Purpose): StoredRecord {
  const { context } = call;
  // `/system/members/{memberIdentifier}` shares its shape with `/system/members/{id}`.
  const own = call.ids.at(-1) ?? '';
  if (collection.key === '/system/members' && kind === 'read' && !/^\d+$/.test(own)) return getMember(context, own);
  const ids = numericIds(call);
  const id = ids.at(-1) ?? 0;
  const parents = ids.slice(0, -1);
  requireParent(context, collection, parents);
  return getVisible(context, collection.key, id, parents);
}

function getMember(context: Context, identifier: string): StoredRecord {
  for (const record of context.store.records('/system/members')) {
    if (String(record.value.identifier).toLowerCase() === identifier.toLowerCase()) return record;
  }
  throw recordNotFound('Member', identifier);
}

/** What uses a set-up record, to be read before it is deleted (CW 5.11.4). */
function answerUsages(call: Call, purpose: Purpose): Response {
  const { context, root } = call;
  const uses = findUses(context, purpose.collection, getRecord(call, purpose));
  return jsonAnswer(
    200,
    uses.map(({ kind, collection, count, example }) => ({
      type: kind,
      count,
      id: example.id,
      description: kind,
      hyperlink: root + recordPath(context, collection.key, example),
      typeKey: kind.replaceAll(' ', ''),
    })),
  );
}
