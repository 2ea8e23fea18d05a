// Malformed protocol messages and random tool arguments against the built program, from a seed that is printed: the same
// seed and counts give the same run.
// Usage: npm run fuzz [-- --seed 7] [-- --messages 20000] [-- --arguments 20000] [-- --write]
import { parseArgs } from 'node:util';
import { fuzzArguments } from '../tests/fuzz/fuzz-arguments.ts';
import { fuzzProtocol } from '../tests/fuzz/fuzz-protocol.ts';
import { writeFigures } from './figures.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    messages: { type: 'string', default: '20000' },
    arguments: { type: 'string', default: '20000' },
    write: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const print = (line: string) => console.log(line);

console.log(`seed ${seed}, Node ${process.versions.node}`);
const protocol = await fuzzProtocol({ seed, count: Number(values.messages), print });
const calls = await fuzzArguments({ seed, count: Number(values.arguments), print });
const findings = [...protocol.findings, ...calls.findings];
console.log(
  `${protocol.sent} odd messages with ${protocol.probes} good requests among them (slowest batch ${protocol.slowestMs.toFixed(0)} ms), ` +
    `${calls.calls} tool calls of which ${calls.answered} were answered (slowest ${calls.slowestMs.toFixed(0)} ms): ${findings.length} findings.`,
);
if (values.write) {
  writeFigures('fuzz', `seed ${seed}`, `npm run fuzz -- --seed ${seed}`, [
    '| over the pipes of the built program | sent | valid requests answered, calls answered | longest, ms | findings | target |',
    '| --- | --: | --: | --: | --: | --: |',
    `| malformed protocol messages, mixed with valid requests | ${protocol.sent} | ${protocol.probes} | ${protocol.slowestMs.toFixed(0)} a batch | ${protocol.findings.length} | 0 |`,
    `| random tool arguments | ${calls.calls} | ${calls.answered} | ${calls.slowestMs.toFixed(0)} | ${calls.findings.length} | 0 |`,
  ]);
}
process.exitCode = findings.length === 0 ? 0 : 1;
