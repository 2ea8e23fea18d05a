// How long a large provider takes to generate, to open again and to query, and the memory it needs.
// Usage: npm run bench -- sandbox-data [--write]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPersistentStore, type PersistentStore } from '../sandbox/persistent-store.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { sandboxAccess } from '../sandbox/server/authenticate.ts';
import { openCatalog } from '../src/catalog/catalog.ts';
import { median, writeFigures } from './figures.ts';

const root = join(import.meta.dirname, '..');
const now = new Date('2026-03-10T15:00:00Z');
const runs = 25;

const lists: Readonly<Record<string, string>>[] = [
  { conditions: "closedFlag=false and board/name='Service Desk'", orderBy: 'priority/sort asc, _info/lastUpdated asc' },
  { conditions: "closedFlag=false and (owner/identifier='bkaur' or resources contains 'bkaur')", orderBy: 'id desc' },
  { conditions: "status/name='Open' and priority/name='High'", orderBy: 'lastUpdated desc' },
  { conditions: "summary contains 'outlook' and dateEntered>[2025-12-01T00:00:00Z]", orderBy: 'dateEntered desc' },
  { conditions: 'closedFlag=true', orderBy: 'closedDate desc' },
  { orderBy: '_info/lastUpdated desc' },
];

const [, , file, task] = process.argv;
// Each figure comes from a process of its own, so that one does not warm the other or leave it its garbage.
if (file !== undefined && task === 'open') console.log(JSON.stringify(await open(file)));
else compareAll();

interface Figures {
  openMs: number;
  firstPageMs: number;
  pageMs: number[];
  writeMs: number;
  residentMb: number;
}

async function open(data: string): Promise<Figures> {
  const catalog = await openCatalog({ dataFolder: root, shippedFile: join(root, 'dist', 'catalog.db') });
  const started = performance.now();
  const kept = await openPersistentStore(data, { scale: 100, now });
  const openMs = performance.now() - started;
  const ask = createAsk(kept, catalog);
  const firstPageMs = await ask('/service/tickets', lists[0] ?? {});
  const pageMs: number[] = [];
  for (const list of lists) {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) times.push(await ask('/service/tickets', list));
    pageMs.push(median(times));
  }
  const writeMs = await ask('/service/tickets/1500', {}, [{ op: 'replace', path: 'summary', value: 'x' }]);
  const residentMb = process.memoryUsage().rss / 1024 ** 2;
  kept.close();
  catalog.close();
  return { openMs, firstPageMs, pageMs, writeMs, residentMb };
}

function createAsk(kept: PersistentStore, catalog: Parameters<typeof createSandbox>[0]['catalog']) {
  const sandbox = createSandbox({ catalog, now: () => now, persistent: kept });
  const { companyId, publicKey, privateKey, clientId } = sandboxAccess;
  const authorization = `Basic ${Buffer.from(`${companyId}+${publicKey}:${privateKey}`).toString('base64')}`;
  return async (path: string, query: Readonly<Record<string, string>>, patch?: unknown): Promise<number> => {
    const url = new URL(`http://127.0.0.1/v4_6_release/apis/3.0${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const body = patch === undefined ? {} : { method: 'PATCH', body: JSON.stringify(patch) };
    const request = new Request(url, { headers: { authorization, clientid: clientId }, ...body });
    const started = performance.now();
    const response = await sandbox.fetch(request);
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return performance.now() - started;
  };
}

function compareAll(): void {
  const folder = mkdtempSync(join(tmpdir(), 'cwm-data-'));
  try {
    const data = join(folder, 'provider.db');
    const run = (): Figures =>
      JSON.parse(
        execFileSync(process.execPath, ['--import', 'tsx', import.meta.filename, data, 'open'], { encoding: 'utf8' }),
      );
    const made = run();
    const megabytes = statSync(data).size / 1024 ** 2;
    const kept = [run(), run(), run()];
    // Other load of the machine only adds time.
    const of = (pick: (figures: Figures) => number) => Math.min(...kept.map(pick));
    const lines = [
      '| scale 100: 60,000 tickets, 200,000 time entries | measured | target |',
      '| --- | --: | --: |',
      `| generate and store, once, s | ${(made.openMs / 1000).toFixed(1)} | 20 |`,
      `| open the stored data, ms | ${of(({ openMs }) => openMs).toFixed(0)} | 3,000 |`,
      `| first page of tickets, which reads them from the file, ms | ${of(({ firstPageMs }) => firstPageMs).toFixed(0)} | |`,
      ...lists.map(
        (list, index) =>
          `| 25 tickets, \`${list.conditions ?? 'all'}\`, \`${list.orderBy}\`, ms | ${of(({ pageMs }) => pageMs[index] ?? Number.NaN).toFixed(1)} | 30 |`,
      ),
      `| PATCH of a ticket, stored, ms | ${of(({ writeMs }) => writeMs).toFixed(1)} | |`,
      `| file, MB | ${megabytes.toFixed(0)} | |`,
      `| resident memory with the tickets read, MB | ${of(({ residentMb }) => residentMb).toFixed(0)} | |`,
    ];
    console.log(lines.join('\n'));
    if (process.argv.includes('--write'))
      writeFigures(
        'sandbox-data',
        'medians of 25 requests, the fastest of three processes',
        'npm run bench -- sandbox-data',
        lines,
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
