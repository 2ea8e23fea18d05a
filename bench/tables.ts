// 100,000 time entries and 5,000 tickets stored as tables: rows stored per second, a group-by with a join through the warm
// process that answers SQL, and the memory both take. Usage: npm run bench -- tables [--runs 5] [--write]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Member, Schema } from '../src/catalog/endpoint.ts';
import { keepHeapSmall } from '../src/core/heap.ts';
import type { ResultStore, ResultTable } from '../src/results/result-store.ts';
import { openResultStore } from '../src/results/store/open-result-store.ts';
import { median, writeFigures } from './figures.ts';

// As the program does when it starts.
keepHeapSmall();

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] || 3) || 3;
const rows = 100_000;
const pageSize = 1_000;
const megabyte = 1024 ** 2;
const sqlProgram = join(import.meta.dirname, '../dist/sql-child.js');

const reference = (id: number, name: string) => ({ id, name, _info: { href: `https://cw.example/v4_6/x/${id}` } });

/** A time entry as ConnectWise returns it: 1 kB, 40 scalars with those of its references. */
function timeEntry(id: number): Record<string, unknown> {
  const day = String((id % 28) + 1).padStart(2, '0');
  return {
    id,
    company: { ...reference(id % 300, `Company ${id % 300}`), identifier: `company${id % 300}` },
    chargeToId: 1 + (id % 5_000),
    chargeToType: 'ServiceTicket',
    member: { ...reference(id % 40, `Member ${id % 40}`), identifier: `member${id % 40}` },
    locationId: 2,
    businessUnitId: 10,
    workType: reference(id % 5, `Work type ${id % 5}`),
    workRole: reference(id % 7, `Role ${id % 7}`),
    timeStart: `2026-02-${day}T09:00:00Z`,
    timeEnd: `2026-02-${day}T10:00:00Z`,
    actualHours: (id % 16) / 4,
    billableOption: id % 3 === 0 ? 'DoNotBill' : 'Billable',
    notes: `Looked at the printer of floor ${id % 9}, replaced its drum, printed a test page and cleaned the rollers.`,
    hoursBilled: (id % 16) / 4,
    enteredBy: `member${id % 40}`,
    dateEntered: `2026-02-${day}T10:05:00Z`,
    invoiceReady: 1,
    status: id % 2 === 0 ? 'Open' : 'Billed',
    agreementHours: 0,
    overageRate: 0,
    hourlyRate: 120,
    timeSheet: reference(id % 500, `2026-02-01 to 2026-02-${day}`),
    ticket: { ...reference(1 + (id % 5_000), 'Printer does not print'), summary: 'Printer does not print' },
    _info: { lastUpdated: `2026-02-${day}T10:06:00Z`, updatedBy: `member${id % 40}` },
  };
}

const ticket = (id: number) => ({
  id,
  summary: `Ticket ${id}`,
  board: reference(id % 6, `Board ${id % 6}`),
  status: reference(id % 12, `Status ${id % 12}`),
  closedFlag: id % 2 === 0,
});

/** A schema as the catalog would give it for such records. */
function schemaOf(name: string, record: Record<string, unknown>): Map<string, Schema> {
  const schemas = new Map<string, Schema>();
  const members = Object.entries(record).map(([member, value]): Member => {
    if (typeof value === 'number') return { name: member, type: Number.isInteger(value) ? 'integer' : 'number' };
    if (typeof value !== 'object' || value === null) return { name: member, type: typeof value as 'string' };
    for (const [inner, schema] of schemaOf(`${name}.${member}`, value as Record<string, unknown>))
      schemas.set(inner, schema);
    return { name: member, type: 'object', schema: `${name}.${member}` };
  });
  return schemas.set(name, { name, members });
}

const makePage = (first: number, make: (id: number) => Record<string, unknown>) =>
  Array.from({ length: pageSize }, (_, index) => make(first + index));

/** Stores records as pages bring them; the records of a page are made outside the time that is measured. */
async function keep(store: ResultStore, noun: string, count: number, make: (id: number) => Record<string, unknown>) {
  const schemas = schemaOf(noun, make(1));
  const findSchema = (name: string) => schemas.get(name);
  const writer = store.begin({
    noun,
    request: `GET /${noun}`,
    schema: findSchema(noun),
    findSchema,
    fields: 'all',
  });
  let ms = 0;
  for (let first = 1; first <= count; first += pageSize) {
    const page = makePage(first, make);
    const start = performance.now();
    writer.append(page);
    // Waits for the file; without a statement, storing would first wait for replies that are not there.
    await store.query('SELECT 1', { maxRows: 1 });
    ms += performance.now() - start;
  }
  writer.finish({ state: 'complete' });
  return { table: writer.table, ms };
}

const groupBy = (entries: ResultTable, tickets: ResultTable) =>
  `SELECT t.board_name, e.member_identifier, sum(e.actualHours) AS hours, count(*) AS entries
   FROM ${entries.name} e JOIN ${tickets.name} t ON t.id = e.ticket_id GROUP BY 1, 2 ORDER BY 3 DESC`;

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'cwm bench '));
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const store = await openResultStore({
    folder,
    sqlProgram,
    now: () => new Date(),
    random: Math.random,
    timeZone: async () => 'America/New_York',
  });
  try {
    const tickets = await keep(store, 'tickets', 5_000, ticket);
    const entries = await keep(store, 'entries', rows, timeEntry);
    const timesOf = async (sql: string) => {
      const times: number[] = [];
      for (let run = 0; run < 6; run++) {
        const start = performance.now();
        await store.query(sql, { maxRows: 500 });
        times.push(performance.now() - start);
      }
      return { first: times[0] ?? 0, warm: median(times.slice(1)) };
    };
    const joined = await timesOf(groupBy(entries.table, tickets.table));
    const trip = await timesOf('SELECT 1');
    return {
      rowsPerSecond: rows / (entries.ms / 1000),
      joinMs: joined.warm,
      firstJoinMs: joined.first,
      tripMs: trip.warm,
      megabytes: (most - before) / megabyte,
    };
  } finally {
    clearInterval(watch);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

// Memory is measured against a process that has made the same pages and kept none.
for (let first = 1; first <= rows; first += pageSize) makePage(first, timeEntry);
const results = [await measure()];
while (results.length < runs) results.push(await measure());
const [first] = results;
const lines = [
  '| 100,000 time entries of 1 kB, 5,000 tickets | measured | target |',
  '| --- | --- | --- |',
  `| rows stored per second | ${Math.round(median(results.map((result) => result.rowsPerSecond)))} | 25,000 |`,
  `| group-by with a join, warm process, ms | ${median(results.map((result) => result.joinMs)).toFixed(0)} | 250 |`,
  `| the same, with the process's start, ms | ${median(results.map((result) => result.firstJoinMs)).toFixed(0)} | |`,
  `| SELECT 1, warm process, ms | ${median(results.map((result) => result.tripMs)).toFixed(1)} | |`,
  `| resident memory of the server above that before, first time, MiB | ${first?.megabytes.toFixed(0)} | 80 |`,
  `| the same, last of ${runs} times | ${results.at(-1)?.megabytes.toFixed(0)} | 80 |`,
];
console.log(lines.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('tables', `median of ${results.length} runs in one process`, 'npm run bench -- tables', lines);
