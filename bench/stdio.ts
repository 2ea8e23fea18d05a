// A local tool call over stdio, from writing the request to having read the answer: this program beside a minimal server of
// the same SDK, bundled the same way, in turn, in both generations of the protocol. That server once adds two numbers, and
// once sends the same reply as this program, prepared in advance: the difference between the two is due to its size.
// Usage: npm run bench -- stdio [--runs 1000] [--write]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, writeFigures } from './figures.ts';
import { buildMinimalServer } from './start/build-minimal-server.ts';
import { type CallReply, openCallServer } from './start/call-over-stdio.ts';

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] || 1000) || 1000;
const program = join(import.meta.dirname, '..', 'dist', 'main.js');

/** Tools that need nothing but this process, from the least work to the most. */
const calls = [
  { tool: 'get_api_endpoint_details', given: { path: '/system/info' } },
  { tool: 'list_fast_memory', given: { search_term: 'nothing of that name' } },
  { tool: 'search_api_endpoints', given: { query: 'PATCH /service/tickets/5', max_results: 1 } },
  { tool: 'get_category_endpoints', given: { category: 'Tickets', max_results: 5 } },
  { tool: 'natural_language_api_search', given: { query: 'open tickets of a client' } },
  { tool: 'get_api_endpoint_details', given: { path: '/time/entries' } },
] as const;
const eras = ['2025-11-25', '2026-07-28'] as const;

type Era = (typeof eras)[number];
type Call = () => Promise<unknown>;

/** Medians of both, measured in turn, so that other load of the machine affects both. */
async function measure(one: Call, other: Call): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  // The first two hundred warm both up.
  for (let run = -200; run < runs; run += 1) {
    for (const [at, work] of [one, other].entries()) {
      const start = performance.now();
      await work();
      if (run >= 0) times[at]?.push(performance.now() - start);
    }
  }
  return [median(times[0]), median(times[1])];
}

/** A minimal server that knows this reply to a tool. */
function openReplying(folder: string, era: Era, tool: string, { content, structuredContent }: CallReply) {
  const file = join(folder, 'replies.json');
  writeFileSync(file, JSON.stringify({ [tool]: { content, structuredContent } }));
  return openCallServer([minimal, file], era);
}

const dataDir = mkdtempSync(join(tmpdir(), 'cwm-stdio-'));
const minimal = await buildMinimalServer();
const lines = [
  '| local call | protocol | this program, ms | minimal SDK server, `add`, ms | ratio | target of the ratio | ms more | this program again, ms | minimal SDK server, the same reply, ms | ratio |',
  '| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |',
];
for (const era of eras) {
  const ours = await openCallServer([program, 'serve', '--sandbox', '--data-dir', dataDir], era);
  const theirs = await openCallServer([minimal], era);
  for (const { tool, given } of calls) {
    const work = () => ours.call(tool, given);
    const [our, add] = await measure(work, () => theirs.call('add', { a: 1, b: 2 }));
    const replying = await openReplying(dataDir, era, tool, await work());
    const [again, same] = await measure(work, () => replying.call(tool, given));
    await replying.close();
    const what = [tool, ...Object.values(given).filter((value) => typeof value === 'string')].join(' ');
    const cells = [our, add, our / add, 1.5, our - add, again, same, again / same].map((value) => value.toFixed(2));
    lines.push(`| ${[`\`${what}\``, era, ...cells].join(' | ')} |`);
  }
  await ours.close();
  await theirs.close();
}
rmSync(dataDir, { recursive: true, force: true });
console.log(lines.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('stdio', `medians of ${runs} calls each, in turn`, 'npm run bench -- stdio', lines);
