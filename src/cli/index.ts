import { GatewayError } from '../core/errors.ts';
import { version } from '../core/version.ts';
import { type Command, type CommandCall, findCommandName, parseCommandLine, type Terminal } from './command.ts';
import { printError } from './print.ts';
import { serve } from './serve.ts';

/** The commands in the order of the help. Each is loaded when it is named; only `serve`, which must start fast, is part of the start. */
const commands = {
  serve: async () => serve,
  demo: async () => (await import('./demo.ts')).demo,
  sandbox: async () => (await import('./sandbox.ts')).sandbox,
  init: async () => (await import('./init.ts')).init,
  doctor: async () => (await import('./doctor.ts')).doctor,
  call: async () => (await import('./call.ts')).call,
  changes: async () => (await import('./changes.ts')).changes,
  memory: async () => (await import('./memory.ts')).memory,
  purge: async () => (await import('./purge.ts')).purge,
  'build-database': async () => (await import('./build-database.ts')).buildDatabase,
  'check-database': async () => (await import('./check-database.ts')).checkDatabase,
} as const satisfies Record<string, () => Promise<Command>>;

const isCommand = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name);

/** Runs the command that the words name. Returns the exit status and never throws. */
export async function runCommandLine(terminal: Terminal): Promise<number> {
  let settings: CommandCall['settings'] = {};
  const onSettings = (given: CommandCall['settings']) => {
    settings = given;
  };
  try {
    return await runCommand(terminal, onSettings);
  } catch (error) {
    const { openCommandGateway } = await import('./open.ts');
    return printError(terminal, error, openCommandGateway({ terminal, settings }).redact);
  }
}

async function runCommand(terminal: Terminal, onSettings: (given: CommandCall['settings']) => void): Promise<number> {
  const [first, ...rest] = terminal.arguments;
  if (first === '--version' || first === '-v') {
    const shown = rest.includes('--json') ? JSON.stringify({ version, node: terminal.nodeVersion }) : version;
    terminal.stdout.write(`${shown}\n`);
    return 0;
  }
  if (first === '--help-settings') return printHelp(terminal, 'settings');
  const isHelp = first === '--help' || first === '-h' || first === 'help';
  if (isHelp && rest[0] === undefined) return printHelp(terminal, undefined);
  // Settings may come before the command; without one, as in configurations of clients, it is `serve`.
  const words = isHelp ? [...rest, '--help'] : terminal.arguments;
  const at = findCommandName(words);
  const name = at === undefined ? 'serve' : (words[at] ?? '');
  if (!isCommand(name)) throw await unknownCommand(name);
  const command = await commands[name]();
  const { help, ...call } = parseCommandLine(
    command,
    words.filter((_word, index) => index !== at),
  );
  onSettings(call.settings);
  if (help !== undefined) return printHelp(terminal, help === 'settings' ? 'settings' : command);
  return command.run({ terminal, ...call });
}

async function printHelp({ stdout }: Terminal, about: Command | 'settings' | undefined): Promise<number> {
  const { renderCommandUsage, renderSettings, renderUsage, widthOf } = await import('./usage.ts');
  const width = widthOf(stdout);
  if (about === 'settings') stdout.write(renderSettings(width));
  else if (about !== undefined) stdout.write(renderCommandUsage(about, width));
  else stdout.write(renderUsage(await Promise.all(Object.values(commands).map((load) => load())), width));
  return 0;
}

async function unknownCommand(name: string): Promise<GatewayError> {
  const { nearestNames } = await import('../core/nearest.ts');
  const names = Object.keys(commands);
  const near = nearestNames(name, names, 1)[0];
  return new GatewayError(
    'usage',
    `There is no command ${JSON.stringify(name)}.${near ? ` Did you mean ${near}?` : ''}`,
    {
      hint: `Commands: ${names.join(', ')}. See --help.`,
    },
  );
}
