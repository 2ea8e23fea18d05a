import type { Catalog } from '../catalog/catalog.ts';
import { methods } from '../catalog/endpoint.ts';
import { sandboxAccess } from './access.ts';
import { findAction } from './actions/actions.ts';
import { refusedAnswer } from './answer.ts';
import { authenticate } from './authenticate.ts';
import { createCollections } from './collections.ts';
import { companyInfo } from './company-info.ts';
import { type Call, handleCollection } from './handle.ts';
import { readListQuery } from './list-query.ts';
import { createTargets } from './reference-targets.ts';
import { endpointMissing, notEmulated, refusal } from './refusal.ts';
import { createSchemas } from './schemas.ts';
import { customFieldRows } from './seed/custom-fields.ts';
import { plantSeed } from './seed/seed.ts';
import { createStore } from './store.ts';
import type { World } from './world.ts';

export interface SandboxOptions {
  /** Says which endpoints exist and what their records look like. */
  catalog: Catalog;
  now(): Date;
  /** Start of the generator of the data; the same seed and time give the same data. */
  seed?: number;
}

/** An emulator of ConnectWise, in memory: docs/sandbox.md says what it does and what not. */
export interface Sandbox {
  fetch(request: Request): Promise<Response>;
}

/** The newest codebase works as well as the one that the router translates (CW 1.1). */
const apiRoot = /^\/(?:v4_6_release|v20\d\d_\d+)\/apis\/3\.0(?=\/|$)/i;

export function createSandbox({ catalog, now, seed = 1 }: SandboxOptions): Sandbox {
  const schemas = createSchemas(catalog);
  const collections = createCollections(catalog);
  const targetOf = createTargets(catalog, collections);
  // The keys belong to the API member, and it is the one that `_info` names.
  const world: World = {
    schemas,
    collections,
    targetOf,
    store: createStore(),
    now,
    customFields: customFieldRows,
    caller: 'apigateway',
  };
  plantSeed(world.store, { seed, now: now() });
  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const discovery = companyInfo(request, url, sandboxAccess.companyId);
    if (discovery !== undefined) return discovery;
    authenticate(request.headers);
    return route(world, catalog, request, url);
  };
  return {
    fetch: (request) => answer(request).catch(refusedAnswer),
  };
}

async function route(world: World, catalog: Catalog, request: Request, url: URL): Promise<Response> {
  const root = apiRoot.exec(url.pathname)?.[0];
  const path = url.pathname.slice(root?.length ?? 0);
  // A doubled root is what the router says about a wrong company, too (CW 1.1).
  if (root === undefined || /^\/apis\/3\.0(\/|$)/i.test(path))
    throw refusal(400, 'Cannot route. Codebase/company is invalid');
  const method = methods.find((one) => one === request.method);
  const match = method === undefined ? undefined : catalog.findEndpoint(method, path);
  if (match === undefined || match.endpoint.id < 0) {
    if (catalog.methodsOf(path).length === 0 || match !== undefined) throw endpointMissing();
    throw refusal(405, {
      code: 'ConnectWiseApi',
      message: `The requested resource does not support http method '${request.method}'.`,
    });
  }
  const { endpoint, pathValues } = match;
  const ids = [...endpoint.path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => pathValues[name] ?? '');
  const call: Call = {
    world,
    endpoint,
    ids,
    url,
    root: url.origin + root,
    query: readListQuery(url.searchParams),
    headers: request.headers,
    body: await request.text(),
  };
  const action = findAction(endpoint);
  if (action !== undefined) return action(call);
  const purpose = world.collections.purposeOf(endpoint);
  if (purpose === undefined) throw notEmulated(endpoint.method, endpoint.path);
  return handleCollection(call, purpose);
}
