import { openTestStore } from './open-store.ts';

// A server process of its own: stores rows in the folder it is given, says so, and answers a question when asked.

const app = await openTestStore({ folder: process.argv[2] ?? '' });
const table = app.keep(Array.from({ length: 500 }, (_, index) => ({ id: index, text: 'kept' })));
const count = () => app.rows(`SELECT count(*) FROM ${table.name}`);
await count();
process.on('message', async () => process.send?.(await count()));
process.send?.(table.name);
