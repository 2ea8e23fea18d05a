import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Additions, applyAdditions } from './apply-additions.ts';
import { applyTags } from './apply-tags.ts';
import { type Node, readDeclarations } from './read-declarations.ts';

const require = createRequire(import.meta.url);

/**
 * An OpenAPI 3.0 document of the ConnectWise PSA API: the declarations of npm's `connectwise-rest` (2022.1), with what
 * came later added from `definition/additions.json`.
 */
export function deriveDefinition(): Node {
  const types = join(dirname(require.resolve('connectwise-rest/package.json')), 'dist', 'ManageTypes.d.ts');
  const { paths, schemas } = applyAdditions(
    readDeclarations(readFileSync(types, 'utf8')),
    readJson<Additions>('additions.json'),
  );
  const { tags } = readJson<{ tags: Record<string, string> }>('tags.json');
  return {
    openapi: '3.0.3',
    info: { title: 'ConnectWise PSA REST API', version: '2025.1' },
    paths: applyTags(paths, tags),
    components: { schemas },
  };
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`definition/${name}`, import.meta.url), 'utf8')) as T;
}
