import type { Catalog } from '../catalog.ts';
import type { Endpoint } from '../endpoint.ts';
import { exampleBody } from '../example-body.ts';
import { isObject } from '../json.ts';
import { pathKey } from '../path-template.ts';
import { type Example, examples } from './examples.ts';

const byEndpoint: ReadonlyMap<string, Example> = new Map(
  examples.map((example) => {
    const [method = '', path = ''] = example.endpoint.split(' ');
    return [`${method} ${pathKey(path)}`, example];
  }),
);

/** `params` or `data` of a call that fits the endpoint: from the notes, else for a write its required members. */
export function findExample(catalog: Catalog, endpoint: Endpoint): Pick<Example, 'params' | 'data'> | undefined {
  const known = byEndpoint.get(`${endpoint.method} ${pathKey(endpoint.path)}`);
  if (known) return known.params ? { params: known.params } : { ...(known.data ? { data: known.data } : {}) };
  if (endpoint.method !== 'POST') return undefined;
  const body = exampleBody(catalog, endpoint);
  return isFilled(body) ? { data: body } : undefined;
}

const isFilled = (body: unknown): body is Record<string, unknown> => isObject(body) && Object.keys(body).length > 0;
