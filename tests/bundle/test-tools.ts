import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = join(import.meta.dirname, '..', 'tools');
const requireTool = createRequire(join(folder, 'package.json'));

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

/** The packer as a library: what hosts unpack bundles and start them with. */
export interface Packer {
  unpackExtension(options: { mcpbPath: string; outputDir: string; silent: boolean }): Promise<boolean>;
  getMcpConfigForManifest: FillIn;
}

export async function loadPacker(): Promise<Packer> {
  return (await import(pathToFileURL(requireTool.resolve('@anthropic-ai/mcpb')).href)) as Packer;
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
