import { mkdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { createManifest } from '../../scripts/bundle/manifest.ts';
import { packBundle } from '../../scripts/bundle/pack-bundle.ts';
import type { Preset } from '../../scripts/bundle/preset.ts';
import { makeFolder } from '../support/folders.ts';
import { cleanEnvironment } from '../support/spawn.ts';
import { loadPacker, type McpConfig } from './test-tools.ts';

export interface Unpacked {
  /** Where it was unpacked: a path with spaces and a letter outside ASCII. */
  folder: string;
  /** The folder of a user who has nothing yet. */
  home: string;
  manifest: ReturnType<typeof createManifest>;
  /** As a host fills in the fields; undefined while a required one is empty. */
  fillIn(fields: Record<string, string | boolean>): Promise<McpConfig | undefined>;
}

export interface Installed extends Unpacked, Disposable {
  /** The bundle itself. */
  file: string;
}

/** Packs a bundle of the built program and installs it for a user who has nothing yet. */
export async function installBundle(preset?: Preset): Promise<Installed> {
  const place = makeFolder();
  const file = join(place.path, 'gateway.mcpb');
  packBundle(file, preset);
  return { file, ...(await unpackBundle(file, place.path)), [Symbol.dispose]: () => place[Symbol.dispose]() };
}

/** Unpacks a bundle into an empty folder of `place`, as a host that installs it. */
export async function unpackBundle(file: string, place: string): Promise<Unpacked> {
  const folder = join(place, 'Claude Erweiterungen für alle', 'gateway');
  const home = join(place, 'home');
  mkdirSync(folder, { recursive: true });
  mkdirSync(home);
  const { unpackExtension } = await loadPacker();
  if (!(await unpackExtension({ mcpbPath: file, outputDir: folder, silent: true })))
    throw new Error('the bundle cannot be unpacked');
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Unpacked['manifest'];
  return {
    ...{ folder, home, manifest },
    async fillIn(userConfig) {
      const { getMcpConfigForManifest } = await loadPacker();
      return getMcpConfigForManifest({
        manifest,
        extensionPath: folder,
        systemDirs: {},
        userConfig,
        pathSeparator: sep,
      });
    },
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
