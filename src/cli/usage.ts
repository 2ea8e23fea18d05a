import { optionNames, options } from '../config/index.ts';
import { type Command, flagsOf, renderPositionals } from './command.ts';

const program = 'cwm-api-gateway-mcp';

/** Columns of a screen whose width is not known, and the most that a line is easily read with. */
const usualWidth = 80;
const mostWidth = 100;

/** The width to wrap to. */
export const widthOf = ({ columns }: { columns?: number }): number => Math.min(columns ?? usualWidth, mostWidth);

/** What `--help` prints. */
export function renderUsage(commands: readonly Command[], width: number): string {
  const rows = commands.map(
    (command) => [`${command.name} ${renderPositionals(command)}`.trim(), command.summary] as const,
  );
  return `${wrap(`${program}: work with ConnectWise PSA from an MCP client.`, width)}

Usage: ${program} [COMMAND] [FLAGS]

Commands (serve unless one is named):
${renderRows(rows, width)}
${wrap('help COMMAND shows its flags and examples, --help-settings the settings, --version the version.', width)}
`;
}

/** What `COMMAND --help` prints: its own flags first; the settings, which all commands share, are a page of their own. */
export function renderCommandUsage(command: Command, width: number): string {
  const { name, summary, examples } = command;
  const own = Object.entries(flagsOf(command)).map(
    ([flag, { type, description }]) => [`--${flag}${type === 'string' ? ' VALUE' : ''}`, description] as const,
  );
  const flags = own.length > 0 ? `Flags:\n${renderRows(own, width)}\n` : '';
  // A command is copied whole: its lines are not wrapped.
  const shown = examples.map((example) => `  ${program}${example === '' ? '' : ` ${example}`}\n`).join('');
  return `${wrap(`${program} ${`${name} ${renderPositionals(command)}`.trim()}: ${summary}`, width)}

${flags}Examples:
${shown}
${wrap('Settings, such as --sandbox or --data-dir, are flags of every command too: --help-settings lists them.', width)}
`;
}

/** What `--help-settings` prints. */
export function renderSettings(width: number): string {
  const rows = optionNames.map((name) => {
    const option = options[name];
    return [`${'flag' in option ? `--${option.flag}, ` : ''}${option.variable}`, option.description] as const;
  });
  return `Settings (flag, or environment variable; keys only as variables):\n${renderRows(rows, width)}`;
}

/** Names with what they are: beside them, or below where names are long. */
function renderRows(rows: readonly (readonly [string, string])[], width: number): string {
  const longest = Math.max(...rows.map(([name]) => name.length));
  const isBeside = longest * 2 < width;
  const left = isBeside ? longest + 4 : 6;
  return rows
    .map(([name, text]) => {
      const [first = '', ...more] = wrap(text, width - left).split('\n');
      const lines = isBeside ? [`  ${name}`.padEnd(left) + first] : [`  ${name}`, ' '.repeat(left) + first];
      return [...lines, ...more.map((line) => ' '.repeat(left) + line)].map((line) => `${line}\n`).join('');
    })
    .join('');
}

/** Lines of at most `width` characters; a word that is longer keeps its line. */
function wrap(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
