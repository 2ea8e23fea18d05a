import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseYaml } from '../tools/yaml.ts';
import { applying, type HttpEntry, openHttpEntry, runSuite, type Scenario } from './run-suite.ts';
import { notApplicable, type Revision, revisions } from './scenarios.ts';

const expectedFile = readFileSync(join(import.meta.dirname, 'expected-failures.yml'), 'utf8');
const expectedFailures: string[] = parseYaml(expectedFile).server;

/** Number of checks that pass, by scenario: a scenario that no longer runs, or checks less, fails the test. */
const passing: Record<Revision, Record<string, number>> = {
  '2025-11-25': {
    'dns-rebinding-protection': 2,
    ping: 2,
    'prompts-list': 2,
    'resources-list': 2,
    'server-initialize': 3,
    'server-session-lifecycle': 3,
    'server-sse-multiple-streams': 2,
    'tools-list': 3,
  },
  '2026-07-28': {
    caching: 7,
    'dns-rebinding-protection': 2,
    'http-header-validation': 14,
    'input-required-result-unsupported-methods': 2,
    'prompts-list': 2,
    'resources-list': 2,
    'sep-2164-resource-not-found': 4,
    'server-sse-multiple-streams': 1,
    'server-stateless': 24,
    'tools-list': 4,
  },
};

/** Scenarios that pass but prove nothing here: they did not find their tool and did not mind. */
const vacuous: Record<Revision, string[]> = {
  '2025-11-25': ['server-sse-polling'],
  '2026-07-28': [
    'input-required-result-ignore-extra-params',
    'input-required-result-missing-input-response',
    'input-required-result-validate-input',
    'tasks-status-notifications',
  ],
};

let entry: HttpEntry;
beforeAll(async () => {
  entry = await openHttpEntry();
});
afterAll(() => entry[Symbol.asyncDispose]());

describe.each(revisions)('the conformance suite of MCP, version %s', (revision) => {
  let all: Scenario[];
  let scenarios: Scenario[];
  beforeAll(async () => {
    all = await runSuite(entry.url, revision);
    scenarios = applying(all, revision);
  });

  test('every scenario that applies runs, with the known number of passing checks', () => {
    expect(Object.fromEntries(scenarios.map(({ name, passed }) => [name, passed]))).toEqual(passing[revision]);
  });

  test('the only checks that fail are those of expected-failures.yml, and each of them does', () => {
    const failed = scenarios.flatMap(({ name, failed }) => Object.keys(failed).map((id) => `${name}:${id}`));
    const names = new Set(scenarios.map(({ name }) => name));
    expect(failed.sort()).toEqual(expectedFailures.filter((line) => names.has(line.split(':')[0] ?? '')).sort());
  });

  test('no check recommends what the server does not do', () => {
    expect(scenarios.filter(({ warned }) => Object.keys(warned).length > 0)).toEqual([]);
  });

  test('each scenario that is left out runs, and fails or proves nothing', () => {
    const leftOut = all.filter(({ name }) => name in notApplicable[revision]);
    expect(leftOut.map(({ name }) => name).sort()).toEqual(Object.keys(notApplicable[revision]).sort());
    const unfailing = leftOut.filter(({ failed }) => Object.keys(failed).length === 0);
    expect(unfailing.map(({ name }) => name).sort()).toEqual(vacuous[revision]);
  });
});

test('every expected failure says why in its line', () => {
  const lines = expectedFile.split('\n').filter((line) => line.startsWith('  - '));
  expect(lines).toHaveLength(expectedFailures.length);
  expect(lines.filter((line) => !/ # \S+ \S+/.test(line))).toEqual([]);
});
