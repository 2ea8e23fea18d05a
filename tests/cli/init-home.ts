import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Terminal } from '../../src/cli/command.ts';
import { checkClients } from '../../src/cli/doctor-clients.ts';
import { usualClientFiles } from '../../src/cli/hosts.ts';
import type { StatusLine } from '../../src/gateway/local/status/status-line.ts';
import { makeFolder } from '../support/folders.ts';
import { runHere } from '../support/run-here.ts';
import { builtProgram, cleanEnvironment, type Finished } from '../support/spawn.ts';

/** A person's folder of their own, with Claude Desktop and Claude Code in it. */
export interface Home extends Disposable {
  path: string;
  /** Files of Claude Desktop and Claude Code. */
  desktop: string;
  code: string;
  /** The settings file of this program. */
  settings: string;
  environment: Record<string, string>;
  read(file: string): string;
  write(file: string, text: string): void;
  init(args: readonly string[], options?: { environment?: Record<string, string>; stdin?: string }): Promise<Finished>;
}

/** What `doctor` says of the clients of a person, however long their commands take to start. */
export function clientLines(home: string, environment: Record<string, string>): Promise<StatusLine[]> {
  const terminal = {
    ...{ platform: process.platform, home, program: [process.execPath, builtProgram] },
    environment: cleanEnvironment(environment),
  } as unknown as Terminal;
  return checkClients(terminal, new AbortController().signal, 600_000);
}

export function makeHome(): Home {
  const folder = makeFolder();
  const { path } = folder;
  const environment = {
    HOME: path,
    USERPROFILE: path,
    APPDATA: join(path, 'AppData', 'Roaming'),
    LOCALAPPDATA: join(path, 'AppData', 'Local'),
    XDG_CONFIG_HOME: join(path, '.config'),
    CLAUDE_CONFIG_DIR: path,
  };
  const computer = { platform: process.platform, home: path, environment, exists: () => false, list: () => [] };
  const [desktop = '', code = ''] = (['claude-desktop', 'claude-code'] as const).flatMap((client) =>
    usualClientFiles(computer, client).map(({ file }) => file),
  );
  mkdirSync(dirname(desktop), { recursive: true });
  return {
    path,
    desktop,
    code,
    settings: join(path, '.cwm-api-gateway', 'config.json'),
    environment,
    read: (file) => readFileSync(file, 'utf8'),
    write: (file, text) => writeFileSync(file, text),
    async init(args, { environment: more = {}, stdin = '' } = {}) {
      return runHere(['init', ...args], { environment: { ...environment, ...more }, stdin });
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
