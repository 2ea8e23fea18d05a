import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledLibraries } from './bundled-libraries.mjs';

const root = join(import.meta.dirname, '..');

/** Licences that require attribution at most. */
export const allowedLicences: readonly string[] = [
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Python-2.0',
  'Unlicense',
];

/** Whether an SPDX expression leaves a choice of allowed licences only. */
export function isAllowed(expression: string, allowed: readonly string[] = allowedLicences): boolean {
  const words = expression.replace(/^\((.*)\)$/, '$1');
  return words.split(' OR ').some((choice) => choice.split(' AND ').every((licence) => allowed.includes(licence)));
}

/** Licences that package.json files name in other words, as SPDX terms. */
const readByHand: Readonly<Record<string, string>> = {
  '@modelcontextprotocol/inspector': 'Apache-2.0 AND MIT',
};

export interface Library {
  name: string;
  version: string;
  licence: string;
}

/** The folders with a package.json of their own. */
const packageFolders = ['', 'tests/tools', 'tests/inspector'];

interface LockFile {
  packages: Record<string, { version: string; license?: string; devDependencies?: object; dependencies?: object }>;
}

/** What lock files install: what package.json files name, or all of it. */
export function installedLibraries(which: 'direct' | 'all'): Library[] {
  return packageFolders.flatMap((folder) => {
    const { packages }: LockFile = JSON.parse(readFileSync(join(root, folder, 'package-lock.json'), 'utf8'));
    const { '': own, ...entries } = packages;
    const direct = Object.keys({ ...own?.dependencies, ...own?.devDependencies }).map((name) => `node_modules/${name}`);
    return Object.entries(entries)
      .filter(([path]) => which === 'all' || direct.includes(path))
      .map(([path, { version, license = 'unknown' }]) => {
        const name = path.replace(/^.*node_modules\//, '');
        return { name, version, licence: readByHand[name] ?? license };
      });
  });
}

/** The document docs/licences.md, below its title. */
export function renderLicenceList(): string {
  const bundled = bundledLibraries(root);
  const names = new Set(bundled.map(({ name }) => name));
  const development = installedLibraries('direct')
    .filter(({ name }, index, all) => !names.has(name) && all.findIndex((one) => one.name === name) === index)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const row = (use: string, { name, version, licence }: Library) =>
    `| \`${name}\` | ${version} | ${licence} | ${use} |`;
  const useOf = (name: string) =>
    name === 'connectwise-rest' ? 'data: the catalog is derived from its declarations' : 'development only';
  return `\`dist/LICENSES.txt\` has the texts of the licences of all that is in the program, and goes with it. [NOTICE](../NOTICE) names
their authors. A test holds that every licence here is one of:
${allowedLicences.join(', ')}.

| library | version | licence | use |
| --- | --- | --- | --- |
${bundled.map((library) => row(library.carried ? 'in the program, inside another library' : 'in the program', library)).join('\n')}
${development.map((library) => row(useOf(library.name), library)).join('\n')}
`;
}
