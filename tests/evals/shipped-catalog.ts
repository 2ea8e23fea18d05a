import { join } from 'node:path';
import { deriveDefinition } from '../../scripts/derive-definition.ts';
import { openCatalogFile } from '../../src/catalog/catalog.ts';
import type { Definition, EndpointSummary, Method } from '../../src/catalog/endpoint.ts';
import { readDefinition } from '../../src/catalog/read-definition.ts';

import { searchModelKey } from '../../src/search/stored-index.ts';

/** The endpoints of the gateway itself, as design and local folder name them: search finds them like any other. */
const local: readonly [Method, string, string][] = [
  [
    'GET',
    '/gateway/status',
    'Is the connection working: settings, catalog, credentials and the site, each with its fix',
  ],
  ['GET', '/gateway/me', 'Who I am: the member and time zone that "me", "my" and dates mean'],
  ['PUT', '/gateway/me', 'Say who I am: set my member id and time zone'],
  ['GET', '/gateway/changes', 'List my prepared and sent changes'],
  ['GET', '/gateway/changes/{id}', 'Show one change and what became of it'],
  ['POST', '/gateway/changes/{id}/undo', 'Undo a change that was sent'],
];

/** The content of the shipped catalog, built now: a catalog built earlier may have an older index. */
export function shippedCatalog(): { definition: Definition; endpoints: EndpointSummary[] } {
  const definition = readDefinition(deriveDefinition());
  const shipped = definition.endpoints.map(({ method, path, module, category, summary, unlisted }, at) => ({
    id: at + 1,
    method,
    path,
    module,
    category,
    summary,
    ...(unlisted && { unlisted }),
  }));
  const own = local.map(([method, path, summary], at) => ({
    id: -1 - at,
    method,
    path,
    module: 'gateway',
    category: 'Gateway',
    summary,
  }));
  return { definition, endpoints: [...shipped, ...own] };
}

/** The model that the build trained, from dist/catalog.db. */
export async function shippedModel(): Promise<Uint8Array> {
  const file = join(import.meta.dirname, '..', '..', 'dist', 'catalog.db');
  const catalog = await openCatalogFile({ file, source: 'shipped' });
  try {
    const model = catalog.searchIndex(searchModelKey);
    if (model === undefined) throw new Error(`${file} has no search model: npm run build`);
    return model;
  } finally {
    catalog.close();
  }
}
