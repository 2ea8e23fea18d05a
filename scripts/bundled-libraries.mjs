// Which libraries the built program contains, and under which licences, read from its source maps.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Licences of libraries that others bundle without the licence text: the text is in scripts/licences. */
const carried = {
  '@modelcontextprotocol/core-internal': 'Apache-2.0',
  ajv: 'MIT',
  'ajv-formats': 'MIT',
  'content-type': 'MIT',
  'fast-deep-equal': 'MIT',
  'fast-uri': 'BSD-3-Clause',
  'json-schema-traverse': 'MIT',
};
/** A part of the SDK that is not a separate package. */
const partOf = { '@modelcontextprotocol/core-internal': '@modelcontextprotocol/server' };

/**
 * @param {string} root the project's folder; dist/ must be built
 * @returns {import('./bundled-libraries.d.mts').BundledLibrary[]} by name
 * @throws Error for a library whose licence is not known
 */
export function bundledLibraries(root) {
  const dist = join(root, 'dist');
  const maps = [dist, join(dist, 'parts')].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.map'))
      .map((file) => join(folder, file)),
  );
  const found = new Map();
  for (const map of maps)
    for (const source of JSON.parse(readFileSync(map, 'utf8')).sources) {
      const [, folder, name] = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(source) ?? [];
      if (name === undefined || found.has(name)) continue;
      const installed = join(dirname(map), folder, 'package.json');
      found.set(name, existsSync(installed) ? readLibrary(dirname(installed)) : readCarried(root, name, source));
    }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readLibrary(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licensed under ${license}.`;
  return { name, version, licence: license, text, carried: false };
}

function readCarried(root, name, source) {
  const licence = carried[name];
  if (licence === undefined)
    throw new Error(
      `${name} is in the built program, and its licence is not known: add it to scripts/bundled-libraries.mjs`,
    );
  if (name in partOf) return { ...readLibrary(join(root, 'node_modules', partOf[name])), name, licence, carried: true };
  // If the library that bundles it was built with pnpm, the folder's name has the version.
  const [, version = '?'] = /\/\.pnpm\/(?:@[^/]+\+)?[^/@]+@(\d[^/_(]*)/.exec(source) ?? [];
  const text = readFileSync(join(root, 'scripts', 'licences', `${name}.txt`), 'utf8').trim();
  return { name, version, licence, text, carried: true };
}

/** The texts, as the licences ask for them to go with the program. */
export function renderLicences(libraries) {
  const sections = libraries.map(({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text}\n`);
  return sections.join(`\n${'-'.repeat(80)}\n\n`);
}
