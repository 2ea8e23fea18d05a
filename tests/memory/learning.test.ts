import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLearning } from '../../src/memory/learning.ts';
import { openMemory } from '../../src/memory/store.ts';
import { makeFolder } from '../support/folders.ts';
import { sharedCatalog } from '../support/shared.ts';

test('after half an hour without a call there may be an offer again', async () => {
  using folder = makeFolder();
  let nowMs = Date.parse('2026-03-10T15:00:00Z');
  const now = () => new Date(nowMs);
  const catalog = await sharedCatalog();
  const tenant = { host: 'sandbox', company: 'x' };
  const memory = await openMemory({ file: join(folder.path, 'memory.db'), tenant, now });
  try {
    const parts = { learn: () => 'on' as const, configured: () => true, catalog: async () => catalog };
    const learning = createLearning({ ...parts, memory: async () => memory, now });
    const endpoint = catalog.findEndpoint('GET', '/service/tickets')?.endpoint;
    const offers = async (minutes: number, conditions: string) => {
      nowMs += minutes * 60_000;
      const call = { method: 'GET', path: '/service/tickets', params: { conditions } } as const;
      return (await learning.offerFor({ call, endpoint, found: true })) !== undefined;
    };
    expect(await offers(0, 'board/id=1')).toBe(false);
    expect(await offers(1, 'board/id=2')).toBe(true);
    expect(await offers(1, 'type/id=1')).toBe(false);
    expect(await offers(29, 'type/id=2')).toBe(false);
    expect(await offers(31, 'type/id=3')).toBe(true);
    expect(await offers(31, 'type/id=4')).toBe(false);
  } finally {
    memory.close();
  }
});
