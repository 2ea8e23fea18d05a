// How well and how fast requests find their endpoint, beside two baselines over the same catalog.
// Usage: npm run bench -- search [FILE.jsonl] [--explain ID | --ask WORDS] [--parts] [--cross] [--write]
// A sentence that was added is trained on first. --parts: without each part of the ranking; --cross: cross-validated, which
// trains five times; --write: figures and parts into docs/search.md and docs/benchmarks.md.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { searchModel } from '../scripts/finding/search-model.ts';
import { buildSearchIndex } from '../src/search/index-data.ts';
import { loadSearchIndex } from '../src/search/load-index.ts';
import { search } from '../src/search/search.ts';
import { oddRequests } from '../tests/evals/odd-requests.ts';
import {
  type EvalRequest,
  endpointKey,
  isHeldOut,
  type Measures,
  measure,
  placesOf,
  type Ranker,
  readRequests,
} from '../tests/evals/requests.ts';
import { shippedCatalog } from '../tests/evals/shipped-catalog.ts';
import { describeRun, median, writeFigures } from './figures.ts';
import { ablation } from './search/ablation.ts';
import { bm25, wordCounts } from './search/baselines.ts';
import { crossValidate, interval } from './search/cross-validation.ts';

const root = join(import.meta.dirname, '..');
const own = 'tests/evals/requests.jsonl';
const words = process.argv.slice(2);
const valueBehind = (flag: string) => (words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined);
const explained = valueBehind('--explain');
const asked = valueBehind('--ask');
const given = words.find((word) => word.endsWith('.jsonl'));
const requests = readRequests(given ?? join(root, own));

const { definition, endpoints } = shippedCatalog();
const bytes = buildSearchIndex(definition);
const model = searchModel(definition, console.error);
const index = loadSearchIndex(bytes, endpoints, model);
const rank: Ranker = (query, limit) => search(index, query, { limit }).results.map((one) => one.endpoint);

/** Every result of one request with the parts of its points. */
function explain(request: EvalRequest): void {
  const gold = new Set(request.gold.map(endpointKey));
  console.log(`${request.id}: ${request.query}${gold.size > 0 ? `\nmeant: ${[...gold].join(' or ')}` : ''}`);
  for (const { endpoint, score, reasons = [] } of search(index, request.query, {
    limit: 10,
    explain: true,
  }).results) {
    const mark = gold.has(endpointKey(endpoint)) ? '*' : ' ';
    console.log(
      `${mark} ${score.toFixed(2).padStart(6)}  ${endpoint.method} ${endpoint.path}\n          ${reasons.join(', ')}`,
    );
  }
}

const share = (value: number): string => value.toFixed(3);

function row(name: string, kind: string, m: Measures): string {
  return `| ${[name, kind, m.count, ...[m.hit1, m.hit3, m.hit5, m.hit10, m.mrr, m.ndcg10].map(share)].join(' | ')} |`;
}

function table(): string[] {
  const head = [
    '| ranking | kind | requests | hit@1 | hit@3 | hit@5 | hit@10 | MRR | nDCG@10 |',
    '| --- | --- | --: | --: | --: | --: | --: | --: | --: |',
  ];
  const held = requests.filter(({ id }) => given === undefined && isHeldOut(id));
  const mine = [
    ...[...measure(held, rank)]
      .slice(0, held.length > 0 ? 1 : 0)
      .map(([, measures]) => row('this', 'D and E, held out', measures)),
    ...[...measure(requests, rank)].map(([kind, measures]) => row('this', kind, measures)),
  ];
  const others = [
    ['BM25 with stems', bm25(endpoints)],
    ['word counts', wordCounts(endpoints)],
  ] as const;
  const baselines = others.flatMap(([name, ranker]) => {
    const all = measure(requests, ranker).get('all');
    return all ? [row(name, 'all', all)] : [];
  });
  return [...head, ...mine, ...baselines];
}

/** Milliseconds of each request, the median of five passes, sorted. */
function latencies(): number[] {
  const passes = Array.from({ length: 5 }, () =>
    requests.map(({ query }) => {
      const started = performance.now();
      rank(query, 10);
      return performance.now() - started;
    }),
  );
  return requests.map((_, at) => median(passes.map((pass) => pass[at] ?? 0))).sort((a, b) => a - b);
}

/** Medians of five fresh processes on the catalog that the build made. */
function firstSearch(): string {
  if (!existsSync(join(root, 'dist', 'catalog.db'))) return 'first search: not measured, dist/catalog.db is not built';
  const script = fileURLToPath(import.meta.resolve('./search/first-search.ts'));
  const runs = Array.from({ length: 5 }, () => {
    const output = execFileSync(process.execPath, ['--import', 'tsx', script], { cwd: root, encoding: 'utf8' });
    return JSON.parse(output) as Record<'catalogMs' | 'indexMs' | 'searchMs' | 'totalMs' | 'residentMb', number>;
  });
  const of = (key: keyof (typeof runs)[number], digits = 0) => median(runs.map((run) => run[key])).toFixed(digits);
  return `first search in a new process: ${of('totalMs')} ms (open the catalog and list its endpoints ${of('catalogMs')}, index ${of('indexMs')}, search ${of('searchMs')}); resident memory added ${of('residentMb', 1)} MB`;
}

/** The slowest of the odd requests, the median of five passes each. */
function slowestOdd(): string {
  const times = oddRequests.map(([name, query]) => {
    const passes = Array.from({ length: 5 }, () => {
      const started = performance.now();
      rank(query, 10);
      return performance.now() - started;
    });
    return { name, ms: median(passes) };
  });
  const slowest = times.sort((a, b) => b.ms - a.ms)[0];
  return `${times.length} odd requests (nothing, emoji, 300 words, SQL, lone surrogates …): the slowest is ${slowest?.name} with ${slowest?.ms.toFixed(2)} ms`;
}

/** How far chance reaches in the figures of the batches that are held out. */
function heldOutIntervals(): string[] {
  const held = requests.filter(({ id }) => given === undefined && isHeldOut(id));
  const all = measure(held, rank).get('all');
  if (all === undefined || held.length === 0) return [];
  const of = (share: number) => interval(Math.round(share * held.length), held.length);
  return [`- D and E with 95 % intervals: hit@1 ${of(all.hit1)}, hit@5 ${of(all.hit5)}.`];
}

function figures(): string[] {
  const times = latencies();
  const at = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(2);
  return [
    ...table(),
    '',
    ...heldOutIntervals(),
    `- ${endpoints.length} endpoints, ${index.resources.length} resources; in the catalog file the index has ${Math.round(bytes.length / 1024)} KB, the model ${Math.round(model.length / 1024)} KB.`,
    `- One request in process: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms.`,
    `- ${slowestOdd()}.`,
    `- ${firstSearch().replace(/^f/, 'F')}.`,
  ];
}

/** Replaces the block of docs/search.md for this file of requests, and its table in docs/benchmarks.md. */
function write(lines: readonly string[]): void {
  const file = join(root, 'docs', 'search.md');
  const block = /(<!-- begin figures -->\n)[\s\S]*?(<!-- end figures -->)/;
  const how = `${requests.length} requests of ${given ?? own}`;
  const text = `${lines.join('\n')}\n\n${describeRun(how, 'npm run bench -- search --write')}\n`;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(block, (_all, begin: string, end: string) => `${begin}${text}${end}`),
  );
  writeFigures('search', how, 'npm run bench -- search', table());
}

if (explained !== undefined) {
  const request = requests.find(({ id }) => id === explained);
  if (request) explain(request);
  else console.log(`No request has the id ${explained}.`);
} else if (asked !== undefined) explain({ id: 'asked', query: asked, gold: [], kind: '' });
else if (words.includes('--cross')) console.log(crossValidate(definition, bytes, endpoints).join('\n'));
else {
  const parts = words.includes('--parts') || words.includes('--write');
  const lines = [...figures(), ...(parts ? ['', ...ablation(bytes, endpoints, model, requests)] : [])];
  console.log(lines.join('\n'));
  for (const request of requests) {
    const [place] = placesOf(request, rank(request.query, 10));
    if (place !== 0)
      console.log(`  ${request.id} ${place === undefined ? 'not found' : `place ${place + 1}`}: ${request.query}`);
  }
  if (words.includes('--write')) write(lines);
}
