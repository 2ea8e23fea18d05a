// The thirty questions of the answer key, each answered by its script of tool calls: calls, tokens and milliseconds,
// beside reading the same pages as JSON. Usage: npm run bench -- questions [--write]
import { isDeepStrictEqual } from 'node:util';
import { key } from '../tests/questions/key.ts';
import { keyOptions } from '../tests/questions/provider.ts';
import { runScript, type ScriptRun } from '../tests/questions/run-script.ts';
import { scripts } from '../tests/questions/scripts.ts';
import { connect } from '../tests/support/connect.ts';
import { median, writeFigures } from './figures.ts';
import { type JsonReading, openRecordedSandbox } from './questions/open-recorded-sandbox.ts';

interface Measured {
  id: string;
  isRight: boolean;
  run: ScriptRun;
  asJson: JsonReading;
}

const count = (value: number) => Math.round(value).toLocaleString('en');
const rowOf = ({ id, isRight, run, asJson }: Measured) =>
  [
    id,
    isRight ? 'yes' : 'NO',
    ...[run.calls, run.tokens, run.ms, asJson.pages, asJson.tokens, asJson.ms].map(count),
  ].join(' | ');

await using sandbox = await openRecordedSandbox('.build');
await using app = await connect({
  environment: {
    ...sandbox.environment,
    CONNECTWISE_NOW: keyOptions.now.toISOString(),
    CONNECTWISE_TIMEZONE: 'UTC',
    // As many as may be: the questions follow each other as no person asks them.
    CONNECTWISE_REQUESTS_PER_MINUTE: '1000',
  },
});
const measured: Measured[] = [];
// The first round opens the catalog, the tables and their process.
for (const isMeasured of [false, true]) {
  for (const script of scripts) {
    const run = await runScript(app, script);
    const asJson = await sandbox.readAgain();
    const isRight = isDeepStrictEqual(run.answer, key.get(script.id));
    if (isMeasured) measured.push({ id: script.id, isRight, run, asJson });
  }
}

const of = (value: (one: Measured) => number) => measured.map(value);
const most = (values: readonly number[]) => count(Math.max(...values));
const calls = of(({ run }) => run.calls);
const tokens = of(({ run }) => run.tokens);
const jsonTokens = of(({ asJson }) => asJson.tokens);
const lines = [
  '| question | right | calls | tokens | ms | pages of JSON | their tokens | ms |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ...measured.map((one) => `| ${rowOf(one)} |`),
  '',
  '| | with tables | target | pages as JSON |',
  '| --- | --- | --- | --- |',
  `| right | ${measured.filter(({ isRight }) => isRight).length} of ${measured.length} | 30 of 30 | |`,
  `| calls, median | ${median(calls)} | 2 | ${median(of(({ asJson }) => asJson.pages))} |`,
  `| calls, most | ${most(calls)} | 4 | ${most(of(({ asJson }) => asJson.pages))} |`,
  `| tokens, median | ${count(median(tokens))} | | ${count(median(jsonTokens))} |`,
  `| tokens, most | ${most(tokens)} | 3,000 | ${most(jsonTokens)} |`,
  `| ms, median | ${count(median(of(({ run }) => run.ms)))} | | ${count(median(of(({ asJson }) => asJson.ms)))} |`,
];
console.log(lines.join('\n'));
if (process.argv.includes('--write'))
  writeFigures('questions', 'one run after one that is not measured', 'npm run bench -- questions', lines);
