import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';

const root = join(import.meta.dirname, '../..');

/**
 * A script of the tests as one file of JavaScript, for processes that are started many times: to read it and all that
 * it imports as TypeScript takes each of them longer than what it is for.
 */
export function bundleScript(script: string): string {
  const folder = join(root, '.build', 'scripts');
  mkdirSync(folder, { recursive: true });
  // As deep below the root as the script, so that paths from there lead to the same places.
  const file = join(folder, `${basename(script, '.ts')}-${process.pid}.mjs`);
  afterAll(() => rmSync(file, { force: true }));
  buildSync({
    ...{ entryPoints: [script], outfile: file },
    ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' },
  });
  return file;
}
