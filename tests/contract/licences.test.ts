import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledLibraries } from '../../scripts/bundled-libraries.mjs';
import { allowedLicences, installedLibraries, isAllowed } from '../../scripts/licence-list.ts';
import { root } from './source-files.ts';

const named = ({ name, licence }: { name: string; licence: string }) => `${name}: ${licence}`;
const bundled = bundledLibraries(root);

test('every library in the program has a licence of the closed list', () => {
  expect(bundled.length).toBeGreaterThan(20);
  expect(bundled.filter(({ licence }) => !isAllowed(licence)).map(named)).toEqual([]);
});

test('so has every library that development names', () => {
  const direct = installedLibraries('direct');
  expect(direct.length).toBeGreaterThan(20);
  expect(direct.filter(({ licence }) => !isAllowed(licence)).map(named)).toEqual([]);
});

test('so have their dependencies, or one that only binds those who change the library', () => {
  // MPL-2.0: the CSS parser of the tests' bundler, which is not distributed.
  const development = [...allowedLicences, 'MPL-2.0'];
  const all = installedLibraries('all');
  expect(all.length).toBeGreaterThan(300);
  expect(all.filter(({ licence }) => !isAllowed(licence, development)).map(named)).toEqual([]);
});

test.each([
  ['MIT', true],
  ['MIT OR Apache-2.0', true],
  ['(MIT OR CC0-1.0)', true],
  ['GPL-3.0-only OR MIT', true],
  ['Apache-2.0 AND MIT', true],
  ['MIT AND GPL-3.0-only', false],
  ['AGPL-3.0-or-later', false],
  ['SEE LICENSE IN LICENSE', false],
  ['unknown', false],
])('the closed list, asked for %s, answers %s', (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});

test('dist/LICENSES.txt holds a text with a copyright for each library in the program', () => {
  const sections = readFileSync(join(root, 'dist/LICENSES.txt'), 'utf8').split(`\n${'-'.repeat(80)}\n\n`);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(
    bundled.map(({ name, version, licence }) => `${name} ${version} (${licence})`),
  );
  expect(sections.filter((section) => section.length < 500 || !/copyright/i.test(section))).toEqual([]);
});
