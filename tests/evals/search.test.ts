import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildSearchIndex } from '../../src/search/index-data.ts';
import { loadSearchIndex } from '../../src/search/load-index.ts';
import { search } from '../../src/search/search.ts';
import { endpointKey, measure, readRequests } from './requests.ts';
import { shippedCatalog } from './shipped-catalog.ts';

/**
 * What was measured when the floor was last set (`npm run bench -- search`); two points less fail. The first 927
 * requests have their own floor, so that later ones cannot hide a regression.
 */
const floor = { hit1: 0.934, hit5: 0.965 };
const floorOfFirst = { hit1: 0.95, hit5: 0.973 };
const tolerance = 0.02;

const { definition, endpoints } = shippedCatalog();
const index = loadSearchIndex(buildSearchIndex(definition), endpoints);
const requests = readRequests(join(import.meta.dirname, 'requests.jsonl'));
const rank = (query: string, limit: number) =>
  search(index, query, { limit, mode: 'request' }).results.map((result) => result.endpoint);

describe('the requests of the repository', () => {
  it('name endpoints that the shipped catalog has', () => {
    const known = new Set(endpoints.map(endpointKey));
    const unknown = requests
      .flatMap(({ id, gold }) => gold.map((one) => `${id} ${endpointKey(one)}`))
      .filter((one) => !known.has(one.slice(one.indexOf(' ') + 1)));
    expect(unknown).toEqual([]);
  });

  it('cover every module', () => {
    const modules = new Set(requests.flatMap(({ gold }) => gold.map(({ path }) => path.split('/')[1])));
    expect([...new Set(endpoints.map(({ module }) => module))].filter((module) => !modules.has(module))).toEqual([]);
  });

  it('are answered no worse than two points below the floor', () => {
    for (const [set, { hit1, hit5 }] of [
      [requests, floor],
      [requests.slice(0, 927), floorOfFirst],
    ] as const) {
      const all = measure(set, rank).get('all');
      expect(all?.hit1).toBeGreaterThan(hit1 - tolerance);
      expect(all?.hit5).toBeGreaterThan(hit5 - tolerance);
    }
  });
});
