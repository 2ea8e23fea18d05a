import { errorCodes, GatewayError } from '../errors.ts';
import { nearestNames } from '../catalog/nearest.ts';
import { version } from '../version.ts';
import { buildDatabase } from './build-database.ts';
import { checkDatabase } from './check-database.ts';
import { type Command, parseCommandLine, type Terminal } from './command.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { sandbox } from './sandbox.ts';
import { serve } from './serve.ts';
import { renderCommandUsage, renderUsage } from './usage.ts';

/** The commands of the program, in the order of its help. */
export const commands: readonly Command[] = [serve, demo, sandbox, doctor, buildDatabase, checkDatabase];

/** Runs the command that the words name; answers the exit status and never throws. */
export async function runCommandLine(terminal: Terminal): Promise<number> {
  try {
    return await runCommand(terminal);
  } catch (error) {
    if (!(error instanceof GatewayError)) {
      terminal.stderr.write(`cwm-api-gateway-mcp failed: ${error instanceof Error ? error.stack : String(error)}\n`);
      return 1;
    }
    terminal.stderr.write(`${error.message}\n${error.hint}\n`);
    return errorCodes[error.code].exitStatus;
  }
}

async function runCommand(terminal: Terminal): Promise<number> {
  const [first, ...rest] = terminal.arguments;
  if (first === '--version' || first === '-v') {
    terminal.stdout.write(`${version}\n`);
    return 0;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    terminal.stdout.write(renderUsage(commands));
    return 0;
  }
  // Configurations of hosts often give flags alone: they mean `serve`.
  const named = first !== undefined && !first.startsWith('-');
  const command = named ? commands.find(({ name }) => name === first) : serve;
  if (!command) {
    const names = commands.map(({ name }) => name);
    const near = nearestNames(first ?? '', names, 1)[0];
    throw new GatewayError('usage', `There is no command ${JSON.stringify(first)}.${near ? ` Did you mean ${near}?` : ''}`, {
      hint: `Commands: ${names.join(', ')}. See --help.`,
    });
  }
  const { help, ...call } = parseCommandLine(command, named ? rest : terminal.arguments);
  if (help) {
    terminal.stdout.write(renderCommandUsage(command));
    return 0;
  }
  return command.run({ terminal, ...call });
}
