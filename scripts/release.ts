// The steps of a release that are not npm's or GitHub's own: npm run release -- STEP
// - notes: moves what is under Unreleased in CHANGELOG.md under the version of package.json; `npm version` runs it
// - check: ends with 1 where package.json and CHANGELOG.md are not ready to be released
// - describe: writes server.json and notes.md beside the packed bundle, as the release has them
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNotes, giveVersion, hasUnreleased } from './changelog.ts';
import { noOwner, ownerOf, type PackageFile } from './repository.ts';
import { renderServerJson } from './server-json.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const packageFile = JSON.parse(read('package.json')) as PackageFile;
const { name, version } = packageFile;

const steps: Record<string, () => void> = {
  notes() {
    const day = new Date().toISOString().slice(0, 10);
    writeFileSync(join(root, 'CHANGELOG.md'), giveVersion(read('CHANGELOG.md'), version, day));
  },

  check() {
    const changelog = read('CHANGELOG.md');
    const faults = [
      ownerOf(packageFile) === noOwner && 'repository.url in package.json names no owner: set it and run npm run docs.',
      findNotes(changelog, version) === undefined && `CHANGELOG.md has no notes of ${version}: run npm version.`,
      hasUnreleased(changelog) && 'CHANGELOG.md has changes under Unreleased: they need a version.',
    ].filter((fault) => fault !== false);
    for (const fault of faults) console.error(fault);
    process.exitCode = faults.length === 0 ? 0 : 1;
  },

  describe() {
    const file = `${name}-${version}.mcpb`;
    const url = `https://github.com/${ownerOf(packageFile)}/${name}/releases/download/v${version}/${file}`;
    const sha256 = createHash('sha256')
      .update(readFileSync(join(root, 'bundles', file)))
      .digest('hex');
    writeFileSync(join(root, 'bundles', 'server.json'), renderServerJson(packageFile, { url, sha256 }));
    writeFileSync(join(root, 'bundles', 'notes.md'), `${findNotes(read('CHANGELOG.md'), version) ?? ''}\n`);
  },
};

const step = steps[process.argv[2] ?? ''];
if (step === undefined) {
  console.error(`Name a step: ${Object.keys(steps).join(', ')}.`);
  process.exitCode = 2;
} else step();
