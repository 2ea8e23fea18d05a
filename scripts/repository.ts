import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Members of package.json from which the registry's entry and the release are made. */
export interface PackageFile {
  name: string;
  mcpName: string;
  version: string;
  repository: { url: string };
}

/** Placeholder until the repository has an owner. */
export const noOwner = 'OWNER';

/** The owner that `repository.url` of package.json names, the only place where one is set. */
export function ownerOf({ repository }: PackageFile): string {
  const [, owner] = /github\.com\/([\w-]+)\//.exec(repository.url) ?? [];
  if (owner === undefined) throw new Error(`package.json: ${repository.url} names no owner on GitHub`);
  return owner;
}

/** Names an owner in every mention of this repository, on GitHub, for npx and in the MCP registry. */
export function withOwner(text: string, owner: string): string {
  return text.replace(/(github\.com\/|github:|io\.github\.)[\w-]+(?=\/cwm-api-gateway-mcp\b)/g, `$1${owner}`);
}

/** The hand-written files that mention the repository, by path, with the owner of package.json in each mention. */
export function withOwnerEverywhere(): Record<string, string> {
  const owner = ownerOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageFile);
  const paths = globSync(['package.json', 'NOTICE', '*.md', 'docs/*.md', '.github/**/*.{md,yml}'], { cwd: root });
  const files = paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')] as const);
  const mentioning = files.filter(([, text]) => withOwner(text, '') !== text);
  return Object.fromEntries(mentioning.map(([path, text]) => [path, withOwner(text, owner)]));
}
