import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import type { Terminal } from '../command.ts';
import type { RunningProgram } from '../init/server-command.ts';
import type { Place } from './find-clients.ts';

/** This computer, as finding clients and the command to start needs it. */
export function readPlace({ platform, home, environment, program }: Terminal): Place & RunningProgram {
  return {
    platform,
    home,
    environment,
    program,
    exists: existsSync,
    list: (folder) => attempt(() => readdirSync(folder)) ?? [],
    realpath: (path) => attempt(() => realpathSync(path)) ?? path,
    read: (path) => attempt(() => readFileSync(path, 'utf8')),
  };
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
