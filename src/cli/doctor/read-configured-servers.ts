import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';
import type { Place } from '../clients/find-clients.ts';
import { readJsonText, readValue } from '../clients/json-text.ts';
import { startsThis } from '../clients/starts-this.ts';

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

/** Entries that start this program; undefined where the file is not what a client can read. */
export function readConfiguredServers(path: string, place: Running): ConfiguredServer[] | undefined {
  const parsed = fileSchema.safeParse(readDocument(path));
  if (!parsed.success) return undefined;
  const { mcpServers, projects } = parsed.data;
  const entries = [mcpServers, ...Object.values(projects).map((project) => project.mcpServers)].flatMap(Object.entries);
  return entries.flatMap(([name, value]): ConfiguredServer[] => {
    const server = serverSchema.safeParse(value);
    if (!server.success) return [];
    const { command, args, env } = server.data;
    return isThisProgram([command, ...args], env, place) ? [{ name, command, args, environment: env }] : [];
  });
}

type Running = Pick<Place, 'platform' | 'read'> & { program: readonly string[] };

/** By what it says of itself, by the file that runs now, or by settings that no other server has with that file name. */
function isThisProgram(words: readonly string[], env: Readonly<Record<string, string>>, place: Running): boolean {
  if (words.includes(place.program.at(-1) ?? '') || startsThis(words, place)) return true;
  const isOurs = Object.keys(env).some((name) => name.startsWith('CONNECTWISE_'));
  return isOurs && words.some((word) => ['main.js', 'server.js'].includes(basename(word.replaceAll('\\', '/'))));
}

function readDocument(path: string): unknown {
  try {
    return readValue(readJsonText(readFileSync(path), path));
  } catch {
    return undefined;
  }
}
