import { openTestStore } from './open-store.ts';

// A server process of its own: stores rows in the folder it is given, says so, and answers a question when asked.

const app = await openTestStore({ folder: process.argv[2] ?? '', timeoutMs: 3_000 });
const table = app.keep(Array.from({ length: 500 }, (_, index) => ({ id: index, text: 'kept' })));
const count = () => app.rows(`SELECT count(*) FROM ${table.name}`);
await count();
const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';
process.on('message', async (wish) => {
  if (wish !== 'endless') return process.send?.(await count());
  // Whoever kills this process late kills it after the limit of the statement.
  app.query(endless).catch(() => undefined);
  // Nothing on the way to the process that answers waits for a clock: by then it has the statement.
  for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
  return process.send?.('running');
});
process.send?.(table.name);
