// What parsing and checking a filter costs before it is sent: every valid one of the corpus, many times.
// Usage: npm run bench -- conditions [--rounds 200] [--write]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCatalogFile } from '../src/catalog/catalog.ts';
import { checkConditions } from '../src/conditions/check-conditions.ts';
import { parseConditions } from '../src/conditions/parse-conditions.ts';
import { createZone } from '../src/core/zone.ts';
import { median, writeFigures } from './figures.ts';

const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1] || 200) || 200;
const root = join(import.meta.dirname, '..');

interface Line {
  schema: string;
  kind: string;
  text: string;
}
const lines = readFileSync(join(root, 'tests/conditions/valid.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line)
  .filter(({ kind }) => kind === 'conditions');

const catalog = await openCatalogFile({ file: join(root, 'dist/catalog.db'), source: 'shipped' });
const zone = createZone('America/New_York');
const nowMs = Date.now();
const findSchema = (name: string) => catalog.findSchema(name);

const parsing: number[] = [];
const checking: number[] = [];
for (let round = -20; round < rounds; round++) {
  for (const { text, schema: name } of lines) {
    const schema = findSchema(name);
    const started = performance.now();
    parseConditions(text);
    const parsed = performance.now();
    checkConditions(text, { kind: 'conditions', schema, findSchema, zone, nowMs });
    const checked = performance.now();
    // The first rounds warm the engine up.
    if (round < 0) continue;
    parsing.push((parsed - started) * 1000);
    checking.push((checked - parsed) * 1000);
  }
}
catalog.close();

const table = [
  `| one of ${lines.length} filters | median, µs | target |`,
  '| --- | --- | --- |',
  `| parse | ${median(parsing).toFixed(1)} | |`,
  `| parse and check | ${median(checking).toFixed(1)} | 50 |`,
];
console.log(table.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('conditions', `${rounds} rounds over the corpus`, 'npm run bench -- conditions', table);
