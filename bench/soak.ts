// Ten thousand mixed calls to one process, and what it holds meanwhile. --over http puts the sandbox into a process of
// its own, so that the network layer is soaked too; a company's limit of requests a minute then sets the pace.
// Usage: npm run soak [-- --seed 7] [-- --calls 10000] [-- --over http] [-- --write]
import { parseArgs } from 'node:util';
import { soak } from '../tests/soak/soak.ts';
import { openWatchedSandbox } from '../tests/support/watched-sandbox.ts';
import { writeFigures } from './figures.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    calls: { type: 'string', default: '10000' },
    over: { type: 'string', default: 'memory' },
    write: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const print = (line: string) => console.log(line);
console.log(`seed ${seed}, Node ${process.versions.node}`);

await using sandbox = values.over === 'http' ? await openWatchedSandbox() : undefined;
const report = await soak({
  seed,
  calls: Number(values.calls),
  print,
  ...(sandbox && { environment: sandbox.environment }),
});

// The first three tenths are the warm-up: code is compiled, and what the program keeps reaches its limits, such as 300
// results and 500 prepared changes.
const warm = report.windows.slice(3).map(({ megabytes }) => megabytes);
const spread = Math.max(...warm) - Math.min(...warm);
const growth = (warm.at(-1) ?? 0) - (warm[0] ?? 0);
if (spread > 20) report.findings.push(`memory is not flat: ${spread.toFixed(1)} MB between windows`);
for (const finding of report.findings) console.log(`  ${finding}`);
console.log(
  `${report.calls} calls: after three tenths of them ${growth.toFixed(1)} MB from first to last window, ${spread.toFixed(1)} MB between the ` +
    `least and the most; ${report.findings.length} findings.`,
);
if (values.write) {
  const last = report.windows.at(-1);
  writeFigures('soak', `seed ${seed}`, `npm run soak -- --seed ${seed}`, [
    '| mixed calls, four at once, after each kind was warmed up | measured | target |',
    '| --- | --: | --: |',
    `| calls | ${report.calls} | 10,000 |`,
    `| resident memory at the end, MiB | ${(last?.megabytes ?? 0).toFixed(0)} | |`,
    `| from the fourth tenth of the calls to the last, MiB | ${growth.toFixed(1)} | 20 |`,
    `| between the least and the most of these, MiB | ${spread.toFixed(1)} | 20 |`,
    `| open files, child processes at the end | ${last?.files ?? 0}, ${last?.children ?? 0} | |`,
    `| findings: failed calls, internal errors in the log, files left behind | ${report.findings.length} | 0 |`,
  ]);
}
process.exitCode = report.findings.length === 0 ? 0 : 1;
