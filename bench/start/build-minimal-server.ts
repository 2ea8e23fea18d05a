import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');

/** Bundles the minimal server the way the program is bundled; answers its file. */
export async function buildMinimalServer(): Promise<string> {
  const outfile = join(root, '.build', 'minimal', 'minimal-server.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/start/minimal-server.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import { createRequire as createRequireOfNode } from 'node:module'; const require = createRequireOfNode(import.meta.url);",
    },
    minifyWhitespace: true,
    minifySyntax: true,
  });
  return outfile;
}
