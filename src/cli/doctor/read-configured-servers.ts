import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';
import { readJsonText, readValue } from '../clients/json-text.ts';

/** An entry of a client's configuration. */
export interface ConfiguredServer {
  name: string;
  command: string;
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
}

const serverSchema = z.looseObject({
  command: z.string(),
  args: z.array(z.coerce.string()).default([]),
  env: z.record(z.string(), z.coerce.string()).default({}),
});
// Claude Code also keeps servers by the folder that they are for.
const fileSchema = z.looseObject({
  mcpServers: z.record(z.string(), z.unknown()).default({}),
  projects: z
    .record(z.string(), z.looseObject({ mcpServers: z.record(z.string(), z.unknown()).default({}) }))
    .default({}),
});

/**
 * Entries that start this program; undefined where the file is not what a client can read.
 * @param program this program's own file
 */
export function readConfiguredServers(path: string, program: string): ConfiguredServer[] | undefined {
  const parsed = fileSchema.safeParse(readJson(path));
  if (!parsed.success) return undefined;
  const { mcpServers, projects } = parsed.data;
  const entries = [mcpServers, ...Object.values(projects).map((project) => project.mcpServers)].flatMap(Object.entries);
  return entries.flatMap(([name, value]): ConfiguredServer[] => {
    const server = serverSchema.safeParse(value);
    if (!server.success) return [];
    const { command, args, env } = server.data;
    return isThisProgram([command, ...args], env, program) ? [{ name, command, args, environment: env }] : [];
  });
}

/** By the package's name, by the file, or by settings that no other server has with that file name. */
function isThisProgram(words: readonly string[], env: Readonly<Record<string, string>>, program: string): boolean {
  if (words.some((word) => word === program || /cwm-api-gateway-mcp/i.test(word))) return true;
  const isOurs = Object.keys(env).some((name) => name.startsWith('CONNECTWISE_'));
  return isOurs && words.some((word) => ['main.js', 'server.js'].includes(basename(word.replaceAll('\\', '/'))));
}

function readJson(path: string): unknown {
  try {
    return readValue(readJsonText(readFileSync(path), path));
  } catch {
    return undefined;
  }
}
