// Ten thousand mixed calls to one process, and what it holds meanwhile. --over http puts the sandbox into a process of
// its own, so that the network layer is soaked too; a company's limit of requests a minute then sets the pace.
// Usage: npm run soak [-- --seed 7] [-- --calls 10000] [-- --over http]
import { parseArgs } from 'node:util';
import { soak } from '../tests/soak/soak.ts';
import { openWatchedSandbox } from '../tests/support/watched-sandbox.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    calls: { type: 'string', default: '10000' },
    over: { type: 'string', default: 'memory' },
  },
});
const seed = Number(values.seed);
const tell = (line: string) => console.log(line);
console.log(`seed ${seed}, Node ${process.versions.node}`);

await using sandbox = values.over === 'http' ? await openWatchedSandbox() : undefined;
const report = await soak({
  seed,
  calls: Number(values.calls),
  tell,
  ...(sandbox && { environment: sandbox.environment }),
});

// Three tenths warm up: code is compiled, and what the program keeps reaches its bounds, such as 300 answers and 500
// prepared changes.
const warm = report.windows.slice(3).map(({ megabytes }) => megabytes);
const spread = Math.max(...warm) - Math.min(...warm);
const growth = (warm.at(-1) ?? 0) - (warm[0] ?? 0);
if (spread > 20) report.findings.push(`memory is not flat: ${spread.toFixed(1)} MB between windows`);
for (const finding of report.findings) console.log(`  ${finding}`);
console.log(
  `${report.calls} calls: after three tenths of them ${growth.toFixed(1)} MB from first to last window, ${spread.toFixed(1)} MB between the ` +
    `least and the most; ${report.findings.length} findings.`,
);
process.exitCode = report.findings.length === 0 ? 0 : 1;
