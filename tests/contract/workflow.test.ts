import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseYaml } from '../tools/yaml.ts';
import { root } from './source-files.ts';

const file = '.github/workflows/ci.yml';
const text = readFileSync(join(root, file), 'utf8');
const { engines, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

interface Step {
  uses?: string;
  run?: string;
  shell?: string;
  with?: Record<string, unknown>;
}
interface Job {
  'runs-on': string;
  'timeout-minutes'?: number;
  permissions?: unknown;
  steps: Step[];
  strategy?: { matrix: { os: string[]; node: string[]; include: { os: string; node: string }[] } };
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: unknown;
  concurrency: Record<string, unknown>;
  jobs: Record<string, Job>;
}

const workflow: Workflow = parseYaml(text);
const jobs = Object.values(workflow.jobs);
const steps = jobs.flatMap((job) => job.steps);
const matrix = workflow.jobs.test?.strategy?.matrix;

test('the workflow tests the oldest Node that package.json allows, and the supported ones on every platform', () => {
  const floor = /^>=(\d+\.\d+\.\d+)$/.exec(engines.node)?.[1] ?? '';
  expect(matrix?.os.map((name) => name.replace('-latest', ''))).toEqual(['ubuntu', 'windows', 'macos']);
  expect(matrix?.include.map(({ node }) => node)).toEqual([floor]);
  // The floor's own line and the two after it, as CONTRIBUTING.md says.
  const first = Number(floor.split('.')[0]);
  expect(matrix?.node).toEqual([first, first + 2, first + 4].map(String));
  expect(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')).toContain(matrix?.node.join(', '));
});

test('it runs .ci/run, in a shell that Windows has, too', () => {
  const step = workflow.jobs.test?.steps.find(({ run }) => run === '.ci/run');
  expect(step?.shell).toBe('bash');
  expect(existsSync(join(root, '.ci/run'))).toBe(true);
});

test('every npm script that it and .ci/run name exists', () => {
  const lines = [...steps.map(({ run = '' }) => run), readFileSync(join(root, '.ci/run'), 'utf8')].join('\n');
  const named = [...lines.matchAll(/npm (?:run ([\w:-]+)|(test))/g)].map(([, script, short]) => script ?? short ?? '');
  expect(named).toEqual(expect.arrayContaining(['bundle', 'demo', 'check']));
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

test('it may only read, knows no secret, and runs the code of a fork with no more than that', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(jobs.filter((job) => job.permissions !== undefined)).toEqual([]);
  expect(Object.keys(workflow.on).sort()).toEqual(['pull_request', 'push', 'workflow_dispatch']);
  expect(text).not.toMatch(/secrets\.|GITHUB_TOKEN|github\.token/);
  // Text that others write (titles, branch names) must not become part of a command.
  expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
  const checkouts = steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout@'));
  expect(checkouts).toHaveLength(jobs.length);
  for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
});

test('it uses actions of GitHub only, each pinned, and ends: by time, or when a newer push comes', () => {
  const uses = steps.flatMap((step) => step.uses ?? []);
  expect(uses.filter((name) => !/^actions\/[\w-]+@(v\d+|[0-9a-f]{40})$/.test(name))).toEqual([]);
  expect(jobs.filter((job) => job['timeout-minutes'] === undefined)).toEqual([]);
  expect(workflow.concurrency['cancel-in-progress']).toBe(true);
});
