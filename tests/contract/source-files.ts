import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the project's root, with `/`. */
  path: string;
  text: string;
}

/** The program's own TypeScript files, without tests. */
export function readSourceFiles(patterns: readonly string[] = ['src/**/*.ts', 'sandbox/**/*.ts']): SourceFile[] {
  return globSync([...patterns], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('node_modules/'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}
