import { type Catalog, type EndpointMatch, methods } from '../src/catalog/index.ts';
import { findAction } from './actions/actions.ts';
import type { Call } from './call.ts';
import { handleCollection } from './handle.ts';
import { readListQuery } from './list-query.ts';
import { isForm } from './read-form.ts';
import { endpointMissing, notEmulated, refusal } from './refusal.ts';
import { refuseByRole } from './roles.ts';
import type { World } from './world.ts';

/** The newest codebase works as well as the one that the router translates (CW 1.1). */
const apiRoot = /^\/(?:v4_6_release|v20\d\d_\d+)\/apis\/3\.0(?=\/|$)/i;

/** Longer addresses are beyond what servers of this kind take; long filters are what searches by POST are for (CW 2.6.3). */
const longestUrl = 10_000;

/**
 * Finds the endpoint that a request means and has it answered, for a caller who is known by now.
 * @throws GatewayError for every answer that is no success
 */
export async function route(world: World, catalog: Catalog, request: Request, url: URL): Promise<Response> {
  if (url.href.length > longestUrl) throw refusal(414, 'The request URL is too long.');
  const root = apiRoot.exec(url.pathname)?.[0];
  const path = url.pathname.slice(root?.length ?? 0);
  // A doubled root is what the router says about a wrong company, too (CW 1.1).
  if (root === undefined || /^\/apis\/3\.0(\/|$)/i.test(path))
    throw refusal(400, 'Cannot route. Codebase/company is invalid');
  const { endpoint, pathValues } = findEndpoint(catalog, request.method, path);
  refuseByRole(world, endpoint);
  const content = new Uint8Array(await request.arrayBuffer());
  const call: Call = {
    world,
    catalog,
    endpoint,
    ids: [...endpoint.path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => pathValues[name] ?? ''),
    url,
    root: url.origin + root,
    query: readListQuery(url.searchParams),
    headers: request.headers,
    content,
    // Forms hold files, which are no text.
    body: isForm(request.headers) ? '' : new TextDecoder().decode(content),
  };
  const action = findAction(endpoint);
  if (action !== undefined) return action(call);
  const purpose = world.collections.purposeOf(endpoint);
  if (purpose === undefined) throw notEmulated(endpoint.method, endpoint.path);
  return handleCollection(call, purpose);
}

function findEndpoint(catalog: Catalog, asked: string, path: string): EndpointMatch {
  const method = methods.find((one) => one === asked);
  const match = method === undefined ? undefined : catalog.findEndpoint(method, path);
  if (match !== undefined && match.endpoint.id >= 0) return match;
  // Local endpoints of the gateway are none of ConnectWise's.
  if (match !== undefined || catalog.methodsOf(path).length === 0) throw endpointMissing();
  throw refusal(405, {
    code: 'ConnectWiseApi',
    message: `The requested resource does not support http method '${asked}'.`,
  });
}
