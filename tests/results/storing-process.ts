import { openTestStore } from './open-store.ts';

// A server process of its own: stores rows in the folder it is given, says so, and answers a question when asked.

const app = await openTestStore({ folder: process.argv[2] ?? '', timeoutMs: 1_000 });
const table = app.keep(Array.from({ length: 500 }, (_, index) => ({ id: index, text: 'kept' })));
const count = () => app.rows(`SELECT count(*) FROM ${table.name}`);
await count();
const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';
process.on('message', async (wish) => {
  if (wish === 'endless') await Promise.all([app.query(endless), process.send?.('running')]);
  else process.send?.(await count());
});
process.send?.(table.name);
