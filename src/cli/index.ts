import { GatewayError } from '../core/errors.ts';
import { version } from '../core/version.ts';
import { type Command, type CommandCall, parseCommandLine, type Terminal } from './command.ts';
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
  if (first === '--help' || first === '-h' || first === 'help') {
    const { renderUsage } = await import('./usage.ts');
    terminal.stdout.write(renderUsage(await Promise.all(Object.values(commands).map((load) => load()))));
    return 0;
  }
  // Configurations of clients often have flags only: they mean `serve`.
  const named = first !== undefined && !first.startsWith('-');
  const name = named ? first : 'serve';
  if (!isCommand(name)) throw await unknownCommand(name);
  const command = await commands[name]();
  const { help, ...call } = parseCommandLine(command, named ? rest : terminal.arguments);
  onSettings(call.settings);
  if (help) {
    const { renderCommandUsage } = await import('./usage.ts');
    terminal.stdout.write(renderCommandUsage(command));
    return 0;
  }
  return command.run({ terminal, ...call });
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
