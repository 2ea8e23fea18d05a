import { parseArgs } from 'node:util';
import type { SandboxData } from '../../sandbox/index.ts';
import { type OptionName, optionNames, options } from '../config/index.ts';
import { GatewayError } from '../core/errors.ts';
import { nearestNames } from '../core/nearest.ts';

/** What commands know of the process, which only main.ts reads. */
export interface Terminal {
  arguments: readonly string[];
  /** How this program was started: Node, its flags, the script. */
  program: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  nodeVersion: string;
  /** Why this Node cannot run the program, in one sentence; `serve` then answers each call with it. */
  nodeProblem?: string | undefined;
  /** The user's home folder, and the system as Node names it: win32, darwin, linux. */
  home: string;
  platform: string;
  /** The catalog that was built with this program. */
  shippedCatalog: string;
  /** The program of the process that answers SQL. */
  sqlProgram: string;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** For gateways on the sandbox, where several of one process share it. */
  sandboxData?: SandboxData;
  /** `stop` is called when the process is asked to end. */
  onStop(stop: () => void): void;
}

export interface CommandCall {
  terminal: Terminal;
  positionals: readonly string[];
  /** Settings given as flags. */
  settings: Readonly<Partial<Record<OptionName, string>>>;
  /** The command's own flags. */
  flags: Readonly<Record<string, string | boolean | undefined>>;
  /** Values of repeatable flags. */
  lists: Readonly<Record<string, readonly string[]>>;
}

export interface Flag {
  type: 'string' | 'boolean';
  /** Repeatable: its values are in `lists`. */
  multiple?: true;
  description: string;
}

export interface Command {
  name: string;
  summary: string;
  /** Two uses of it, as they are typed after the name of the program. */
  examples: readonly [string, string];
  /** Names of positional arguments, all required. */
  positionals?: readonly string[];
  /** Names of optional ones that may follow. */
  optionalPositionals?: readonly string[];
  /** Its own; every command also has `--json`, except `serve`, whose stdout belongs to the protocol. */
  flags?: Readonly<Record<string, Flag>>;
  /** Returns the exit status. */
  run(call: CommandCall): Promise<number>;
}

const jsonFlag: Flag = { type: 'boolean', description: 'Print as JSON; an error as one line of JSON on stderr' };

/** Flags of a command, without those of the settings. */
export function flagsOf({ name, flags = {} }: Command): Readonly<Record<string, Flag>> {
  return name === 'serve' ? flags : { ...flags, json: jsonFlag };
}

/** `ACTION [ID]`. */
export function renderPositionals({ positionals = [], optionalPositionals = [] }: Command): string {
  return [...positionals, ...optionalPositionals.map((name) => `[${name}]`)].join(' ');
}

/** Settings that have a flag, by flag. */
export const settingFlags: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((name) => {
    const option = options[name];
    return 'flag' in option ? [[option.flag, name] as const] : [];
  }),
);

/** Settings that need no value. */
export const isSwitch = (name: OptionName) => name === 'sandbox' || name === 'readOnly';

/**
 * Reads the words after a command's name.
 * @throws GatewayError `usage` for unknown flags, missing values and a wrong number of arguments
 */
export function parseCommandLine(
  command: Command,
  words: readonly string[],
): Omit<CommandCall, 'terminal'> & { help: 'command' | 'settings' | undefined } {
  const known: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }> = {
    help: { type: 'boolean' },
    'help-settings': { type: 'boolean' },
  };
  for (const [flag, name] of settingFlags) known[flag] = { type: isSwitch(name) ? 'boolean' : 'string' };
  for (const [flag, { type, multiple = false }] of Object.entries(flagsOf(command))) known[flag] = { type, multiple };
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...words], options: known, allowPositionals: true, strict: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('. To specify')[0] : String(cause);
    const [, unknown] = /'--([^'=\s]+)/.exec(String(reason)) ?? [];
    const near =
      unknown === undefined || Object.hasOwn(known, unknown) ? [] : nearestNames(unknown, Object.keys(known), 1);
    const meant = near.map((name) => ` Did you mean --${name}?`).join('');
    throw new GatewayError('usage', `${command.name}: ${reason}.${meant}`, { cause, hint: seeHelp(command) });
  }
  const settings: Partial<Record<OptionName, string>> = {};
  const flags: Record<string, string | boolean | undefined> = {};
  const lists: Record<string, readonly string[]> = {};
  for (const [flag, value] of Object.entries(parsed.values)) {
    const setting = settingFlags.get(flag);
    if (setting) settings[setting] = String(value);
    else if (Array.isArray(value)) lists[flag] = value.map(String);
    else flags[flag] = value;
  }
  const wanted = command.positionals ?? [];
  const { positionals, values } = parsed;
  const help = values.help === true ? 'command' : values['help-settings'] === true ? 'settings' : undefined;
  const most = wanted.length + (command.optionalPositionals?.length ?? 0);
  if (help === undefined && (positionals.length < wanted.length || positionals.length > most)) {
    const words = most === 0 ? 'takes no arguments' : `takes ${renderPositionals(command)}`;
    throw new GatewayError('usage', `${command.name} ${words}; ${positionals.length} given.`, {
      hint: seeHelp(command),
    });
  }
  return { positionals, settings, flags, lists, help };
}

const seeHelp = ({ name }: Command) => `See: cwm-api-gateway-mcp help ${name}`;

/**
 * Where the command is among the words: settings may come before it. Undefined where there are flags only.
 * @returns its index
 */
export function findCommandName(words: readonly string[]): number | undefined {
  let at = 0;
  while (at < words.length) {
    const [, flag, value] = /^--([^=]+)(=.*)?$/s.exec(words[at] ?? '') ?? [];
    if (flag === undefined && !words[at]?.startsWith('-')) return at;
    const setting = flag === undefined ? undefined : settingFlags.get(flag);
    at += setting === undefined || isSwitch(setting) || value !== undefined ? 1 : 2;
  }
  return undefined;
}
