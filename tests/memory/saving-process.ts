/** One process of concurrency.test.ts and killed.test.ts: saves its own queries, counts uses of the shared one, deletes some. */
import { openMemory } from '../../src/memory/store.ts';

const [file = '', name = '', rounds = '0'] = process.argv.slice(2);
const memory = await openMemory({ file, tenant: { host: 'cw.example', company: 'acme' }, now: () => new Date() });
const shared = memory.save({ description: 'shared', method: 'GET', path: '/service/tickets' }).query;
for (let round = 0; round < Number(rounds); round++) {
  const params = { conditions: `id=${round} and owner/identifier='${name}'` };
  const { query } = memory.save({ description: `${name} ${round}`, method: 'GET', path: '/service/tickets', params });
  memory.countUse(shared.id);
  if (round % 2 === 1) memory.delete(query.id);
  // Written after the entry was saved: a test that kills this process checks that each line was kept.
  process.stdout.write(`${round}\n`);
}
memory.close();
