import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Answer, type Asked, apiRoot, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

/** Addresses of a `Link` header by relation. */
function links({ headers }: Answer): Record<string, string> {
  const found = [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)];
  return Object.fromEntries(found.map(([, address = '', relation = '']) => [relation, address]));
}

/** Follows `next` from a first page and gives the ids of all pages. */
async function follow(
  path: string,
  query: Record<string, string | number>,
  headers: Record<string, string> = {},
): Promise<number[]> {
  const ids: number[] = [];
  let answer = await asked.ask(path, { query, headers });
  for (let pages = 0; pages < 700; pages += 1) {
    ids.push(...answer.body.map(({ id }: { id: number }) => id));
    const { next } = links(answer);
    if (next === undefined || answer.body.length < Number(query.pageSize)) return ids;
    answer = await asked.ask(next.slice(apiRoot.length), { headers });
  }
  throw new Error('no end of pages');
}

describe('CW 3: navigable', () => {
  test('CW 3.1, 3.2: 25 records unless said otherwise, as a bare array', async () => {
    const { body } = await asked.ask('/service/tickets');
    expect(Array.isArray(body)).toBe(true);
    expect(body).toHaveLength(25);
  });

  test('CW 3.1: pageSize goes to 1,000', async () => {
    expect((await asked.ask('/time/entries', { query: { pageSize: 1000 } })).body).toHaveLength(1000);
  });

  test.each([
    ['pageSize', '0', 'The field pageSize must be between 1 and 1000.'],
    ['pageSize', '1001', 'The field pageSize must be between 1 and 1000.'],
    ['pageSize', 'many', 'The field pageSize must be between 1 and 1000.'],
    ['page', '0', 'The field page must be between 1 and 2147483647.'],
    ['page', '-1', 'The field page must be between 1 and 2147483647.'],
  ])('CW 2.7.6, 3.1: %s=%s is out of range', async (name, value, message) => {
    const { status, body } = await asked.ask('/service/tickets', { query: { [name]: value } });
    expect(status).toBe(400);
    const errors = [{ code: 'OutOfRange', message, resource: name, field: name }];
    expect(body).toEqual({ code: 'InvalidObject', message: `${name} object is invalid`, errors });
  });

  test('CW 3.3: the Link is written with lower-case percent encoding and + for spaces', async () => {
    const answer = await asked.ask('/company/contacts', {
      query: { conditions: 'LastUpdated >= [2020-01-01T00:00:00Z]', pageSize: 2 },
    });
    const address = `${apiRoot}/company/contacts?conditions=LastUpdated+%3e%3d+%5b2020-01-01T00%3a00%3a00Z%5d&pageSize=2&page=`;
    expect(answer.headers.get('link')).toBe(`<${address}2>; rel="next", <${address}81>; rel="last"`);
  });

  test('CW 3.3: next and last are absent at the end, first and prev at the beginning, all of them on a single page', async () => {
    const at = async (page: number) =>
      Object.keys(links(await asked.ask('/service/tickets', { query: { pageSize: 200, page } })));
    expect(await at(1)).toEqual(['next', 'last']);
    expect(await at(2)).toEqual(['next', 'last', 'first', 'prev']);
    expect(await at(3)).toEqual(['first', 'prev']);
    expect((await asked.ask('/service/boards')).headers.has('link')).toBe(false);
  });

  test('CW 3.5: a page past the end is an empty array', async () => {
    const { status, body } = await asked.ask('/service/tickets', { query: { page: 1000 } });
    expect([status, body]).toEqual([200, []]);
  });

  test('CW 3.6: /count takes the same conditions', async () => {
    const conditions = "status/name='Open'";
    const { body } = await asked.ask('/service/tickets', { query: { conditions, pageSize: 1000 } });
    expect((await asked.ask('/service/tickets/count', { query: { conditions } })).body).toEqual({ count: body.length });
  });
});

describe('CW 3: forward-only', () => {
  const headers = { 'pagination-type': 'forward-only' };

  test('CW 3.4: pageId means id greater than, page is ignored, and there is always a Link', async () => {
    const answer = await asked.ask('/service/boards', { query: { pageId: 1, page: 7, pageSize: 2 }, headers });
    expect(answer.body.map(({ id }: { id: number }) => id)).toEqual([2, 3]);
    expect(links(answer).next).toBe(`${apiRoot}/service/boards?page=7&pageSize=2&pageId=3`);
  });

  test('CW 2.6.1, 3.4: orderBy is not allowed', async () => {
    expect((await asked.ask('/service/boards', { query: { pageId: 0, orderBy: 'name' }, headers })).status).toBe(400);
  });

  test('CW 3.4: without the header pageId is nothing', async () => {
    expect((await asked.ask('/service/boards', { query: { pageId: 2 } })).body).toHaveLength(3);
  });
});

describe('each record comes exactly once, in order, whatever the page size', () => {
  const all = Array.from({ length: 600 }, (_, index) => 1001 + index);

  test('CW 3.7: navigable', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 700 }), async (pageSize) => {
        expect(await follow('/service/tickets', { pageSize, fields: 'id' })).toEqual(all);
      }),
      { numRuns: 15 },
    );
  });

  test('CW 3.7: navigable with an order that has many equals', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 700 }), async (pageSize) => {
        const ids = await follow('/service/tickets', { pageSize, fields: 'id', orderBy: 'priority/name desc' });
        expect([...ids].sort((a, b) => a - b)).toEqual(all);
      }),
      { numRuns: 10 },
    );
  });

  test('CW 3.4: forward-only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 700 }), async (pageSize) => {
        const ids = await follow(
          '/service/tickets',
          { pageSize, pageId: 0, fields: 'id' },
          { 'pagination-type': 'forward-only' },
        );
        expect(ids).toEqual(all);
      }),
      { numRuns: 15 },
    );
  });
});
