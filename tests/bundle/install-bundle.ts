import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { createManifest } from '../../scripts/bundle/manifest.ts';
import { packBundle } from '../../scripts/bundle/pack-bundle.ts';
import type { Preset } from '../../scripts/bundle/preset.ts';
import { cleanEnvironment, makeFolder } from '../support/spawn.ts';
import { loadFillIn, type McpConfig, packer } from './test-tools.ts';

export interface Installed extends Disposable {
  /** The bundle itself. */
  file: string;
  /** Where it was unpacked: a path with spaces and a letter outside ASCII. */
  folder: string;
  /** The folder of a user who has nothing yet. */
  home: string;
  manifest: ReturnType<typeof createManifest>;
  /** As a host fills in the fields; undefined while a required one is empty. */
  fillIn(fields: Record<string, string | boolean>): Promise<McpConfig | undefined>;
}

/** Packs a bundle of the built program and unpacks it into an empty folder, as a host that installs it. */
export function installBundle(preset?: Preset): Installed {
  const place = makeFolder();
  const file = join(place.path, 'gateway.mcpb');
  packBundle(file, preset);
  const folder = join(place.path, 'Claude Erweiterungen für alle', 'gateway');
  const home = join(place.path, 'home');
  mkdirSync(folder, { recursive: true });
  mkdirSync(home);
  const { status, stdout, stderr } = spawnSync(process.execPath, [packer, 'unpack', file, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the bundle cannot be unpacked: ${stdout}${stderr}`);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Installed['manifest'];
  return {
    ...{ file, folder, home, manifest },
    async fillIn(userConfig) {
      const fill = await loadFillIn();
      return fill({ manifest, extensionPath: folder, systemDirs: {}, userConfig, pathSeparator: sep });
    },
    [Symbol.dispose]: () => place[Symbol.dispose](),
  };
}

export const eras = [
  ['the 2025 handshake', {}],
  ['protocol 2026-07-28', { versionNegotiation: { mode: { pin: '2026-07-28' } } }],
] as const;

export interface Started extends AsyncDisposable {
  client: Client;
  /** Text and data of a reply, whether it is an error or not. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every shape
  call(name: string, given?: Record<string, unknown>): Promise<{ text: string; data: any }>;
}

/** Starts what the manifest says, and connects an MCP client to it. */
export async function startBundle(
  { home }: Pick<Installed, 'home'>,
  { command, args, env }: McpConfig,
  options: (typeof eras)[number][1] = {},
): Promise<Started> {
  const client = new Client({ name: 'test', version: '0' }, options);
  const environment = cleanEnvironment({ ...env, HOME: home, USERPROFILE: home });
  await client.connect(new StdioClientTransport({ command, args, env: environment, stderr: 'inherit' }));
  return {
    client,
    async call(name, given = {}) {
      const { content, structuredContent } = await client.callTool({ name, arguments: given });
      const [block] = content;
      return { text: block?.type === 'text' ? block.text : '', data: structuredContent };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
