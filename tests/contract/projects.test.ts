import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import config from '../../vitest.config.ts';
import { readSourceFiles, root } from './source-files.ts';

interface Project {
  name: string;
  files: string[];
  hookTimeout: number;
  testTimeout: number;
}

const list = (patterns: readonly string[]) =>
  globSync([...patterns], { cwd: root }).map((path) => path.replaceAll('\\', '/'));

const projects: Project[] = (config.test?.projects ?? []).map((project) => {
  if (typeof project !== 'object' || !('test' in project) || project.test === undefined) throw new Error('no project');
  const { name, include = [], exclude = [], hookTimeout = 0, testTimeout = 0 } = project.test;
  const excluded = new Set(list(exclude.filter((pattern) => !pattern.includes('node_modules'))));
  const files = list(include).filter((path) => !path.includes('node_modules/') && !excluded.has(path));
  return { name: String(name), files, hookTimeout, testTimeout };
});

const tests = readSourceFiles(['{src,sandbox}/**/*.test.ts', 'tests/**/*.test.ts']).map(({ path }) => path);

test('every file of tests belongs to one project', () => {
  expect(projects.map(({ name }) => name)).toEqual(['unit', 'in-process', 'process', 'slow']);
  expect(projects.flatMap(({ files }) => files).sort()).toEqual([...tests].sort());
});

/** A file and what it imports of the tests, by path. */
function reach(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const text = readFileSync(join(root, path), 'utf8');
  for (const [, specifier = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+\.ts)'/g)) {
    const to = posix.join(posix.dirname(path), specifier);
    if (to.startsWith('tests/')) reach(to, seen);
  }
  return seen;
}

const startsProcesses = (path: string) =>
  /from '(node:(child_process|cluster)|@modelcontextprotocol\/client\/stdio)';/.test(
    readFileSync(join(root, path), 'utf8'),
  );

test('files whose tests start processes belong to the projects with the time for it', () => {
  const starting = tests.filter((path) => [...reach(path)].some(startsProcesses));
  expect(starting.length).toBeGreaterThan(20);
  const allowed = projects.filter(({ name }) => ['process', 'slow'].includes(name)).flatMap(({ files }) => files);
  expect(starting.filter((path) => !allowed.includes(path))).toEqual([]);
});

test('time limits are wide enough for a busy machine', () => {
  for (const { name, hookTimeout, testTimeout } of projects) {
    const least = ['process', 'slow'].includes(name) ? 120_000 : 60_000;
    expect(Math.min(hookTimeout, testTimeout), name).toBeGreaterThanOrEqual(least);
  }
});
