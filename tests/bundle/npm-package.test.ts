import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesBelow, makeFolder } from '../support/folders.ts';
import { runNpm } from '../support/run-npm.ts';
import { runProgram } from '../support/spawn.ts';
import { openPipe } from '../support/spawn-pipe.ts';

const root = join(import.meta.dirname, '..', '..');
const place = makeFolder();
const installed = join(place.path, 'node_modules', 'cwm-api-gateway-mcp');
let tarball: string;

beforeAll(async () => {
  // Without scripts: the tests run beside a build that is as new as the source.
  const packed = await runNpm(['pack', '--ignore-scripts', '--json', '--pack-destination', place.path], root);
  tarball = join(place.path, JSON.parse(packed.slice(packed.indexOf('[')))[0].filename);
  await runNpm(['install', '--offline', tarball], place.path);
}, 300_000);
afterAll(() => place[Symbol.dispose]());

test('the package is at most 5 MB, without native code and with nothing but what was built for it', () => {
  expect(statSync(tarball).size).toBeLessThanOrEqual(5_000_000);
  const files = filesBelow(installed);
  expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'NOTICE', join('dist', 'LICENSES.txt')]));
  expect(files.filter((file) => /^(src|tests|scripts|bench)\b|\.(node|tgz|mcpb|env)$/.test(file))).toEqual([]);
});

test('publint finds nothing wrong with it', async () => {
  const { messages } = await publint({ pkgDir: installed, pack: false, level: 'suggestion' });
  expect(messages).toEqual([]);
});

test('it installs into an empty folder without a network, alone', () => {
  const { packages } = JSON.parse(readFileSync(join(place.path, 'package-lock.json'), 'utf8'));
  expect(Object.keys(packages).filter((name) => name !== '')).toEqual(['node_modules/cwm-api-gateway-mcp']);
});

test('what was installed prints its version, and answers on the sandbox', async () => {
  const program = join(installed, 'bin', 'server.js');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(await runProgram(['--version'], { program })).toMatchObject({ code: 0, stdout: `${version}\n` });
  await using pipe = await openPipe(['serve', '--sandbox', '--data-dir', join(place.path, 'data')], { program });
  expect(await pipe.callText('execute_api_call', { path: '/service/boards' })).toContain('Service Desk');
});
