// The official conformance suite of MCP on this server, for both versions of the protocol that it has scenarios for.
// Ends with 1 where a check fails that is not expected to. Usage: npm run conformance [-- --write]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applying, openHttpEntry, runSuite, suiteVersion } from '../tests/conformance/run-suite.ts';
import { revisions } from '../tests/conformance/scenarios.ts';
import { parseYaml } from '../tests/tools/yaml.ts';
import { writeFigures } from './figures.ts';

const expectedFile = join(import.meta.dirname, '../tests/conformance/expected-failures.yml');
const expected = new Set<string>(parseYaml(readFileSync(expectedFile, 'utf8')).server);

const lines = [
  '| version | scenarios of the suite | that apply | checks passed | failed for lack of a test tool | failed otherwise |',
  '| --- | --- | --- | --- | --- | --- |',
];
await using entry = await openHttpEntry();
for (const revision of revisions) {
  const all = await runSuite(entry.url, revision);
  const scenarios = applying(all, revision);
  const failed = scenarios.flatMap(({ name, failed }) =>
    Object.entries(failed).map(([id, why]) => ({ id: `${name}:${id}`, why })),
  );
  const faults = failed.filter(({ id }) => !expected.has(id));
  const passed = scenarios.reduce((sum, scenario) => sum + scenario.passed, 0);
  for (const { name, passed } of scenarios) console.log(`${revision} ${name}: ${passed} passed`);
  for (const { id, why } of faults) console.log(`${revision} ${id} FAILED: ${why}`);
  // A suite that ran nothing has found nothing.
  if (faults.length > 0 || passed === 0) process.exitCode = 1;
  lines.push(
    `| ${revision} | ${all.length} | ${scenarios.length} | ${passed} | ${failed.length - faults.length} | ${faults.length} |`,
  );
}
console.log(`\n${lines.join('\n')}`);
if (process.argv.includes('--write'))
  writeFigures('conformance', `suite ${suiteVersion}`, 'npm run conformance', lines);
