import { optionNames, options } from '../config/index.ts';
import { type Command, flagsOf, renderPositionals } from './command.ts';

const program = 'cwm-api-gateway-mcp';

function renderColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('');
}

/** What `--help` prints. */
export function renderUsage(commands: readonly Command[]): string {
  const rows = commands.map(
    (command) => [`${command.name} ${renderPositionals(command)}`.trim(), command.summary] as const,
  );
  return `${program}: work with ConnectWise PSA from an MCP client.

Usage: ${program} [COMMAND] [FLAGS]

Commands (serve unless one is named):
${renderColumns(rows)}
Settings (flag, or environment variable; keys only as variables):
${renderSettings()}
${program} COMMAND --help shows a command's own flags; --version prints the version.
`;
}

/** What `COMMAND --help` prints. */
export function renderCommandUsage(command: Command): string {
  const { name, summary } = command;
  const own = Object.entries(flagsOf(command)).map(
    ([flag, { type, description }]) => [`--${flag}${type === 'string' ? ' VALUE' : ''}`, description] as const,
  );
  return `${program} ${`${name} ${renderPositionals(command)}`.trim()}: ${summary}
${own.length > 0 ? `\nFlags:\n${renderColumns(own)}` : ''}
Settings:
${renderSettings()}`;
}

function renderSettings(): string {
  const rows = optionNames.map((name) => {
    const option = options[name];
    return [`${'flag' in option ? `--${option.flag}, ` : ''}${option.variable}`, option.description] as const;
  });
  return renderColumns(rows);
}
