import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../tools/yaml.ts';
import { root } from './source-files.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { engines, scripts } = JSON.parse(read('package.json'));

interface Step {
  uses?: string;
  run?: string;
  shell?: string;
  with?: Record<string, unknown>;
}
interface Job {
  if?: string;
  uses?: string;
  needs?: string | string[];
  'timeout-minutes'?: number;
  permissions?: Record<string, string>;
  env?: Record<string, string>;
  steps?: Step[];
  strategy?: {
    matrix: { os?: string[]; node?: string[]; script?: string[]; include?: { os: string; node: string }[] };
  };
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: unknown;
  concurrency: Record<string, unknown>;
  jobs: Record<string, Job>;
}

const paths = globSync('.github/workflows/*.yml', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
const workflows = paths.map((path) => ({ path, text: read(path), workflow: parseYaml(read(path)) as Workflow }));
const jobs = workflows.flatMap(({ path, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${path} ${name}`, job, steps: job.steps ?? [] })),
);
const steps = jobs.flatMap((job) => job.steps);

function jobsOf(path: string): Record<string, Job> {
  return workflows.find((one) => one.path === `.github/workflows/${path}`)?.workflow.jobs ?? {};
}

const ci = jobsOf('ci.yml');
const release = jobsOf('release.yml');
const uses = (step: Step, action: string) => step.uses?.startsWith(`actions/${action}@`) === true;
const matrix = ci.test?.strategy?.matrix;

describe('what is tested', () => {
  test('the oldest Node that package.json allows, and the supported ones on every platform', () => {
    const floor = /^>=(\d+\.\d+\.\d+)$/.exec(engines.node)?.[1] ?? '';
    expect(matrix?.os?.map((name) => name.replace('-latest', ''))).toEqual(['ubuntu', 'windows', 'macos']);
    expect(matrix?.include?.map(({ node }) => node)).toEqual([floor]);
    const first = Number(floor.split('.')[0]);
    expect(matrix?.node).toEqual([first, first + 2, first + 4].map(String));
  });

  test('.ci/run, in a shell that Windows has, too', () => {
    const step = ci.test?.steps?.find(({ run }) => run === '.ci/run');
    expect(step?.shell).toBe('bash');
    expect(existsSync(join(root, '.ci/run'))).toBe(true);
  });

  test('by npm scripts that exist', () => {
    const lines = [...steps.map(({ run = '' }) => run), read('.ci/run')].join('\n');
    const named = [...lines.matchAll(/npm (?:run ([\w:-]+)|(test)\b)/g)].map(([, script, short]) => script ?? short);
    const fromMatrix = jobs.flatMap(({ job }) => job.strategy?.matrix.script ?? []);
    expect(named).toEqual(expect.arrayContaining(['bundle', 'demo', 'check']));
    expect(fromMatrix).toEqual(expect.arrayContaining(['test:slow', 'fuzz', 'soak']));
    expect([...named, ...fromMatrix].filter((script) => !(String(script) in scripts))).toEqual([]);
  });

  test('a newer push cancels the older run of a pull request, and no other run', () => {
    for (const { path, workflow } of workflows) {
      const { 'cancel-in-progress': cancels } = workflow.concurrency;
      const expected = path.endsWith('/ci.yml') ? /^\$\{\{ github\.event_name == 'pull_request' \}\}$/ : /^false$/;
      expect(String(cancels), path).toMatch(expected);
    }
    // A group that several runs of main share would drop those that wait.
    const { workflow } = workflows.find(({ path }) => path.endsWith('/ci.yml')) ?? {};
    expect(workflow?.concurrency.group).toContain('github.event.pull_request.number || github.run_id');
  });
});

describe('every workflow', () => {
  test('is started by events of this repository, or with a fork’s code and no rights', () => {
    const events = Object.fromEntries(workflows.map(({ path, workflow }) => [path, Object.keys(workflow.on)]));
    expect(events['.github/workflows/ci.yml']).toContain('pull_request');
    const harmless = ['pull_request', 'push', 'schedule', 'workflow_call', 'workflow_dispatch'];
    expect(
      Object.values(events)
        .flat()
        .filter((event) => !harmless.includes(event)),
    ).toEqual([]);
  });

  test('may only read, except for the jobs that publish, and uses no secret', () => {
    for (const { path, text, workflow } of workflows) {
      expect(workflow.permissions, path).toEqual({ contents: 'read' });
      expect(text, path).not.toMatch(/secrets\.|secrets: inherit/);
    }
    const more = jobs.filter(({ job }) => job.permissions !== undefined);
    expect(Object.fromEntries(more.map(({ name, job }) => [name.split(' ')[1], job.permissions]))).toEqual({
      npm: { 'id-token': 'write' },
      github: { contents: 'write', 'id-token': 'write', attestations: 'write' },
      registry: { 'id-token': 'write' },
    });
    // Code of the project or of its libraries would have these rights, too.
    const running = more.filter(({ steps }) =>
      steps.some((step) => uses(step, 'checkout') || /npm (ci|install|run|test)\b/.test(step.run ?? '')),
    );
    expect(running).toEqual([]);
  });

  test('puts no text that others write into a command, and keeps no token in the clone', () => {
    expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
    const checkouts = steps.filter((step) => uses(step, 'checkout'));
    expect(checkouts.length).toBeGreaterThan(3);
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
  });

  test('uses actions of GitHub, each pinned to one commit beside its version', () => {
    const named = workflows.flatMap(({ text }) => [...text.matchAll(/uses: (\S+)(?: # (\S+))?$/gm)]);
    const local = jobs.flatMap(({ job }) => job.uses ?? []);
    expect(local.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const pins = named.filter(([, action = '']) => !local.includes(action));
    expect(pins.length).toBe(steps.filter((step) => step.uses !== undefined).length);
    const wrong = pins.filter(
      ([, action = '', version = '']) =>
        !/^actions\/[\w-]+@[0-9a-f]{40}$/.test(action) || !/^v\d+\.\d+\.\d+$/.test(version),
    );
    expect(wrong.map(([line]) => line)).toEqual([]);
    const commits = new Set(pins.map(([, action]) => action));
    expect(commits.size).toBe(new Set(pins.map(([, action = '']) => action.split('@')[0])).size);
  });

  test('has a time limit', () => {
    expect(jobs.filter(({ job }) => job.uses === undefined && job['timeout-minutes'] === undefined)).toEqual([]);
  });

  test('caches by lock file, except where an artifact is built', () => {
    for (const { name, steps } of jobs) {
      for (const step of steps.filter((one) => uses(one, 'setup-node'))) {
        const installs = steps.some(({ run = '' }) => /npm ci|\.ci\/run/.test(run));
        const handsOn = steps.some((one) => uses(one, 'upload-artifact'));
        const expected = installs && !handsOn ? { cache: 'npm' } : { 'package-manager-cache': false };
        expect(step.with, name).toMatchObject(expected);
      }
    }
  });
});

describe('a release', () => {
  /** Every job that must have ended well before this one starts. */
  function neededBy(name: string): string[] {
    const direct = [release[name]?.needs ?? []].flat();
    return [...new Set([...direct, ...direct.flatMap(neededBy)])];
  }
  const runsOf = (name: string) => (release[name]?.steps ?? []).map(({ run = '' }) => run).join('\n');

  test('is started by hand, on main', () => {
    const { workflow } = workflows.find(({ path }) => path.endsWith('/release.yml')) ?? {};
    expect(Object.keys(workflow?.on ?? {})).toEqual(['workflow_dispatch']);
    expect(release.build?.if).toBe("github.ref == 'refs/heads/main'");
    expect(Object.keys(release).filter((name) => name !== 'build' && !neededBy(name).includes('build'))).toEqual([]);
  });

  test('publishes and tags after all that CI checks', () => {
    expect(release.checks?.uses).toBe('./.github/workflows/ci.yml');
    expect(runsOf('build')).toMatch(/release -- check[\s\S]*run bundle[\s\S]*npm pack[\s\S]*release -- describe/);
    const publishing = Object.keys(release).filter((name) => release[name]?.permissions !== undefined);
    expect(publishing.filter((name) => !neededBy(name).includes('checks'))).toEqual([]);
    const tagging = Object.keys(release).filter((name) => /gh release create|git tag/.test(runsOf(name)));
    expect(tagging).toEqual(['github']);
    expect(neededBy('github')).toContain('npm');
    expect(neededBy('registry')).toContain('github');
  });

  test('has attested provenance: the package on npm, the bundle on GitHub before it is attached', () => {
    expect(runsOf('npm')).toMatch(/npm publish .*--provenance/);
    const attested = release.github?.steps?.findIndex((step) => uses(step, 'attest-build-provenance')) ?? -1;
    const attached = release.github?.steps?.findIndex(({ run = '' }) => run.includes('.mcpb')) ?? -1;
    expect(release.github?.steps?.[attested]?.with).toMatchObject({ 'subject-path': '*.mcpb' });
    expect([attested >= 0, attached > attested]).toEqual([true, true]);
  });

  test('runs the registry’s program only after its hash was compared', () => {
    const { PUBLISHER, PUBLISHER_SHA256 } = release.registry?.env ?? {};
    expect(PUBLISHER).toMatch(/\/releases\/download\/v\d+\.\d+\.\d+\//);
    expect(PUBLISHER_SHA256).toMatch(/^[0-9a-f]{64}$/);
    expect(runsOf('registry')).toMatch(/sha256sum --check[\s\S]*tar [\s\S]*\.\/mcp-publisher publish/);
  });
});

test('Dependabot updates every folder that has a lock file, and the actions', () => {
  const { updates } = parseYaml(read('.github/dependabot.yml')) as {
    updates: { 'package-ecosystem': string; directory?: string; directories?: string[] }[];
  };
  const locks = globSync(['package-lock.json', 'tests/*/package-lock.json'], { cwd: root });
  const folders = locks.map((path) => join('/', dirname(path)).replaceAll('\\', '/'));
  const npm = updates.find((update) => update['package-ecosystem'] === 'npm');
  expect(npm?.directories?.toSorted()).toEqual(folders.sort());
  expect(updates.some((update) => update['package-ecosystem'] === 'github-actions')).toBe(true);
});

test('a bug report has to include the output of doctor', () => {
  const { body } = parseYaml(read('.github/ISSUE_TEMPLATE/bug.yml')) as {
    body: { id: string; validations?: { required: boolean } }[];
  };
  expect(body.find(({ id }) => id === 'doctor')?.validations?.required).toBe(true);
});
