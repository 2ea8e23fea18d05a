import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainOn } from '../../scripts/finding/search-model.ts';
import { readSayings } from '../../scripts/finding/sentences.ts';
import { expOf } from '../../scripts/finding/train-model.ts';
import { loadSearchIndex } from '../../src/search/load-index.ts';
import { loadModel } from '../../src/search/model.ts';
import { search } from '../../src/search/search.ts';
import { isHeldOut, readRequests } from '../evals/requests.ts';
import { sampleDefinition, sampleEndpoints } from '../evals/sample-catalog.ts';

const definition = sampleDefinition();
const paths = new Set(definition.endpoints.map(({ path }) => path.replace(/\{[^}]*\}/g, '{}').toLowerCase()));
/** A training of a second: only what the sample catalog has. */
const sayings = readSayings().filter(({ resource }) => paths.has(resource));
const brief = { seed: 1, draws: 2, rounds: 2, size: 16 };
const train = (more: { resource: string; text: string }[] = [], seed = 1) =>
  trainOn(
    definition,
    {
      sayings: [
        ...sayings,
        ...more.map(({ resource, text }) => ({ resource, names: [], says: [{ form: 'list' as const, text }] })),
      ],
      requests: [],
    },
    { ...brief, seed },
  );
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('training', () => {
  it('gives the same bytes for the same sentences and seed, on every version of Node', () => {
    const bytes = train();
    expect(digest(train())).toBe(digest(bytes));
    expect(digest(train([], 2))).not.toBe(digest(bytes));
  });

  it('teaches a word that a sentence was added with', () => {
    const find = (bytes: Uint8Array, query: string) =>
      search(loadSearchIndex(undefined, sampleEndpoints(), bytes), query, { limit: 1 }).results[0]?.endpoint.path;
    const said = ['zorbs', 'our zorbs', 'zorbs of {co}', 'which zorbs are there'];
    const taught = train(said.map((text) => ({ resource: '/procurement/purchaseorders', text })));
    expect(find(train(), 'zorbs for Acme')).not.toBe('/procurement/purchaseorders');
    expect(find(taught, 'zorbs for Acme')).toBe('/procurement/purchaseorders');
  });

  it('reads a model only where it is whole and of this version', () => {
    const bytes = train();
    const believed = loadModel(bytes)?.read('open tickets');
    expect(believed?.resources.reduce((sum, one) => sum + Math.exp(one), 0)).toBeCloseTo(1, 6);
    expect(loadModel(undefined)).toBeUndefined();
    expect(loadModel(bytes.subarray(0, bytes.length - 1))).toBeUndefined();
    expect(loadModel(new TextEncoder().encode('\u0004\u0000\u0000\u0000{"a"'))).toBeUndefined();
    expect(loadModel(Uint8Array.from(bytes, (byte, at) => (at === 20 ? byte ^ 1 : byte)))?.read('').known ?? 0).toBe(0);
  });

  it('has an exponential function of its own that is right', () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: 0, noNaN: true }), (x) => {
        expect(expOf(x) / Math.exp(x)).toBeCloseTo(1, 8);
      }),
    );
  });
});

describe('the sentences', () => {
  it('are of no request that is held out', () => {
    const plain = (text: string) =>
      text
        .toLowerCase()
        .replace(/\{\w+\}|\d+|[^a-z ]/g, '')
        .replace(/\s+/g, ' ')
        .trim();
    const said = new Set(readSayings().flatMap(({ says }) => says.map(({ text }) => plain(text))));
    const held = readRequests('tests/evals/requests.jsonl').filter(({ id }) => isHeldOut(id));
    expect(
      held.filter(({ query }) => query.split(' ').length > 2 && said.has(plain(query))).map(({ id }) => id),
    ).toEqual([]);
  });
});
