import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = join(import.meta.dirname, '..', 'tools');
const requireTool = createRequire(join(folder, 'package.json'));

export const packer = join(folder, 'node_modules', '@anthropic-ai', 'mcpb', 'dist', 'cli', 'cli.js');

export interface McpConfig {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** What hosts that use the packer's own library start for a bundle; undefined while a required field is empty. */
type FillIn = (options: {
  manifest: object;
  extensionPath: string;
  systemDirs: Record<string, string>;
  userConfig: Record<string, string | boolean>;
  pathSeparator: string;
}) => Promise<McpConfig | undefined>;

export async function loadFillIn(): Promise<FillIn> {
  const library = (await import(pathToFileURL(requireTool.resolve('@anthropic-ai/mcpb')).href)) as {
    getMcpConfigForManifest: FillIn;
  };
  return library.getMcpConfigForManifest;
}

/** Checks a value against a JSON Schema (draft 7); answers every fault. */
export function createSchemaCheck(schema: object): (value: unknown) => string[] {
  const { Ajv } = requireTool('ajv') as {
    Ajv: new (options: object) => { compile(schema: object): SchemaCheck };
  };
  const check = new Ajv({ allErrors: true, strict: true }).compile(schema);
  return (value) =>
    check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

interface SchemaCheck {
  (value: unknown): boolean;
  errors?: { instancePath: string; message: string }[];
}
