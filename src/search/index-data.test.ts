import { describe, expect, it } from 'vitest';
import { sampleDefinition, sampleEndpoints } from '../../tests/evals/sample-catalog.ts';
import { buildSearchIndex, indexEndpoints } from './index-data.ts';
import { loadSearchIndex } from './load-index.ts';
import { search } from './search.ts';

const definition = sampleDefinition();

describe('buildSearchIndex', () => {
  it('splits lower-case compounds by the words of other names', () => {
    const { resources } = indexEndpoints(definition.endpoints, [{ name: 'PurchaseOrder', members: [] }]);
    expect(resources.find(({ path }) => path === '/procurement/purchaseorders')?.own).toEqual(['purchas', 'order']);
  });
});

describe('loadSearchIndex', () => {
  it.each([
    ['none', undefined],
    ['damaged', new TextEncoder().encode('{"version":')],
    ['of another version', new TextEncoder().encode('{"version":0}')],
  ])('indexes the endpoints itself when the bytes are %s', (_, bytes) => {
    const index = loadSearchIndex(bytes, sampleEndpoints());
    expect(search(index, 'tickets', { limit: 1 }).results[0]?.endpoint.path).toBe('/service/tickets');
  });

  it('finds endpoints that the bytes do not know, such as the local ones', () => {
    const index = loadSearchIndex(buildSearchIndex(definition), sampleEndpoints());
    expect(search(index, 'gateway status', { limit: 1 }).results[0]?.endpoint.path).toBe('/gateway/status');
  });
});
