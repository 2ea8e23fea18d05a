// 100,000 records of 1 kB, a server that takes 100 ms a page of 1,000: how long the client layer reads, beside what
// four pages at a time can be, and how much memory it takes. Usage: npm run bench -- lists [--runs 3] [--write]
import { listPages, readPages } from '../src/connectwise/lists/list-pages.ts';
import { openClient } from '../src/connectwise/open-client.ts';
import { parseSite } from '../src/connectwise/site.ts';
import { keepHeapSmall } from '../src/core/heap.ts';
import { createLog, createRedaction } from '../src/core/log.ts';
import { startListServer } from './connectwise/start-list-server.ts';
import { median, writeFigures } from './figures.ts';

// As the program does when it starts.
keepHeapSmall();

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] || 3) || 3;
const rows = 100_000;
const delayMs = 100;
const idealMs = (rows / 1_000 / 4) * delayMs;
const megabyte = 1024 ** 2;
using server = await startListServer(rows, 1_000, delayMs);

async function read(maxRecords: number): Promise<{ ms: number; megabytes: number }> {
  const client = openClient({
    site: parseSite(`http://127.0.0.1:${server.port}`),
    credentials: { userName: 'acme+key', password: 'secret', clientId: 'client', company: 'acme' },
    settings: { timeoutSeconds: 30, concurrency: 4, requestsPerMinute: 900 },
    now: () => new Date(),
    random: Math.random,
    log: createLog({ level: 'info', redact: createRedaction([]), stderr: { write: () => true } }),
  });
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const start = performance.now();
  const pages = listPages(client, { method: 'GET', path: '/time/entries' }, { allPages: true, maxRecords });
  const end = await readPages(pages, () => undefined);
  const ms = performance.now() - start;
  clearInterval(watch);
  await client.close();
  if (end.rows !== maxRecords) throw new Error(`${end.state} after ${end.rows} rows`);
  return { ms, megabytes: (most - before) / megabyte };
}

// Loads the code and the network library, so that memory is that of the list alone.
await read(25);
const results = [await read(rows)];
while (results.length < runs) results.push(await read(rows));
const ms = median(results.map((result) => result.ms));
const first = results[0]?.megabytes ?? Number.NaN;
const last = results.at(-1)?.megabytes ?? Number.NaN;
const lines = [
  '| 100,000 records of 1 kB, 100 ms a page of 1,000 | measured | target |',
  '| --- | --- | --- |',
  `| time, s | ${(ms / 1000).toFixed(2)} | |`,
  `| ratio to pages ÷ 4 × 100 ms | ${(ms / idealMs).toFixed(2)} | 1.25 |`,
  `| resident memory above that before, first time, MiB | ${first.toFixed(0)} | 80 |`,
  `| the same, last of ${results.length} times | ${last.toFixed(0)} | 80 |`,
];
console.log(lines.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('lists', `time: median of ${results.length} runs in one process`, 'npm run bench -- lists', lines);
