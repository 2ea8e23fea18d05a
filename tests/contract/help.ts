import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/cli/command.ts';
import { runCommandLine } from '../../src/cli/index.ts';

/** What `--help` prints: of the program, or of the command that is named first. */
export async function readHelp(...command: string[]): Promise<string> {
  const stdout = new PassThrough({ encoding: 'utf8' });
  // The help needs no more of a terminal.
  await runCommandLine({ arguments: [...command, '--help'], stdout } as unknown as Terminal);
  return String(stdout.read());
}

/** The names of the program's commands, as its own help lists them. */
export async function readCommandNames(): Promise<string[]> {
  const [, list = ''] = /^Commands.*\n((?: {2}.*\n)+)/m.exec(await readHelp()) ?? [];
  return [...list.matchAll(/^ {2}([a-z][\w-]*) /gm)].map(([, name = '']) => name);
}
