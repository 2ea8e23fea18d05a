import { expect, test } from 'vitest';
import { forkStore, type Store } from '../../sandbox/store.ts';
import type { EndpointSummary } from '../../src/catalog/endpoint.ts';
import { seededStore, sharedCatalog } from '../support/shared.ts';
import { type Answer, type Asked, sandboxNow, startSandbox } from './ask.ts';
import { firstIds, leastBody } from './least-body.ts';

const base = () => seededStore({ seed: 1, scale: 1, now: sandboxNow });

/** Everything that a store holds, and what its next records would be called. */
const snapshot = (store: Store) =>
  [...store.keys()].map((key) => [key, store.nextId(key), JSON.stringify([...store.records(key)])] as const);

test('a fork holds what its base holds', () => {
  const fork = forkStore(base());
  expect(snapshot(fork)).toEqual(snapshot(base()));
  for (const key of base().keys())
    for (const { id, parents } of base().records(key)) {
      const found = fork.find(key, id, parents);
      expect(found).toEqual(base().find(key, id, parents));
      expect(found).not.toBe(base().find(key, id, parents));
      const alone = base().find(key, id)?.value;
      if (alone !== undefined) expect(fork.find(key, id)?.value).toBe(alone);
    }
});

test('what is inserted, removed or given a new value in a fork is seen there alone', () => {
  const [one, other] = [forkStore(base()), forkStore(base())];
  const key = '/service/tickets';
  const before = snapshot(other);
  const ticket = [...one.records(key)][0];
  if (ticket === undefined) throw new Error('no ticket');
  ticket.value = { ...ticket.value, summary: 'x' };
  ticket.stamps = { ...ticket.stamps, updatedBy: 'x' };
  one.insert(key, { ...ticket, id: one.nextId(key) });
  one.remove(key, [...one.records(key)][1] ?? ticket);
  expect(one.find(key, ticket.id)?.value.summary).toBe('x');
  expect(snapshot(one)).not.toEqual(before);
  expect(snapshot(other)).toEqual(before);
  expect(snapshot(base())).toEqual(before);
});

test('a base whose records are frozen throws on what would change it', () => {
  const [record] = forkStore(base()).records('/company/contacts');
  const { value } = record ?? {};
  expect(() => Object.assign(value ?? {}, { firstName: 'x' })).toThrow(TypeError);
  expect(() => Object.assign(value?.communicationItems ?? {}, { length: 0 })).toThrow(TypeError);
});

test('no write of a sandbox, by any endpoint of the catalog, is seen in another or in the base', async () => {
  const catalog = await sharedCatalog();
  const before = snapshot(base());
  const other = forkStore(base());
  // Read now: what is read later could hide that it was changed before.
  expect(snapshot(other)).toEqual(before);
  const asked = startSandbox(catalog);
  const succeeded = new Map<string, number>();
  const paths = [...catalog.endpoints].filter(({ id, method }) => id >= 0 && method !== 'GET');
  // Deletes last, so that all the others find something.
  paths.sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
  for (const endpoint of paths) {
    const { status } = await write(asked, endpoint);
    if (status < 300) succeeded.set(endpoint.method, (succeeded.get(endpoint.method) ?? 0) + 1);
  }
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(succeeded.get(method), method).toBeGreaterThan(50);
  expect(snapshot(other)).toEqual(before);
  expect(snapshot(base())).toEqual(before);
});

/** A write to the first records there are, with the least that it takes. */
async function write({ ask, catalog }: Asked, { id, method, path }: EndpointSummary): Promise<Answer> {
  const ids = await firstIds(ask, path);
  const concrete = path.replace(/\{[^}]*\}/g, () => String(ids.shift() ?? 1));
  if (method === 'DELETE') return ask(concrete, { method });
  const body = leastBody(catalog, catalog.getEndpoint(id).body?.schema ?? '');
  if (method !== 'PATCH') return ask(concrete, { method, body });
  const record = await ask(concrete);
  const [name = 'name', value] =
    Object.entries(record.body ?? {}).find(([key, member]) => key !== 'id' && typeof member === 'string') ?? [];
  return ask(concrete, { method, body: [{ op: 'replace', path: name, value }] });
}
