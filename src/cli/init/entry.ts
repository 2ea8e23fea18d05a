import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type OptionName, optionNames, options } from '../../config/index.ts';
import type { ClientName, Place } from '../clients/find-clients.ts';
import { type JsonText, readValue, unparsable } from '../clients/json-text.ts';
import { startsThis } from '../clients/starts-this.ts';
import { settingFlags } from '../command.ts';
import { setMember } from './edit-json.ts';
import type { InitOptions } from './init-options.ts';
import type { ServerCommand } from './server-command.ts';

/** One server in a client's file. */
export interface Entry {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** It starts this program, or the Python gateway of its name. */
  isOwn: boolean;
}

type SettingTexts = Partial<Record<OptionName, string>>;

const serversSchema = z.record(
  z.string(),
  z.looseObject({
    command: z.string().catch(''),
    args: z.array(z.string()).catch([]),
    env: z.record(z.string(), z.string()).catch({}),
  }),
);

/** @throws GatewayError `configuration_invalid` for servers that are no objects */
export function listEntries(json: JsonText, place: Pick<Place, 'platform' | 'read'>): Entry[] {
  const { mcpServers } = readValue(json);
  if (mcpServers === undefined) return [];
  const parsed = serversSchema.safeParse(mcpServers);
  if (!parsed.success) throw unparsable(json.file, '"mcpServers" is no object of servers');
  return Object.entries(parsed.data).map(([name, { command, args, env }]) => ({
    name,
    command,
    args,
    env,
    isOwn: startsThis([command, ...args], place) || isPredecessor({ command, args, env }),
  }));
}

/** The Python gateway whose configurations this program takes over. */
function isPredecessor({ command, args, env }: Pick<Entry, 'command' | 'args' | 'env'>): boolean {
  const isScript = [command, ...args].some((word) => /api_gateway_server\.py/i.test(word));
  return isScript || ('CONNECTWISE_API_URL' in env && 'CONNECTWISE_PRIVATE_KEY' in env);
}

/** The entry that is set or removed: the one of that name, else the only one of this program. */
export function findEntry(
  entries: readonly Entry[],
  { name, isNameGiven, remove }: Pick<InitOptions, 'name' | 'isNameGiven' | 'remove'>,
): Entry | undefined {
  const named = entries.find((entry) => entry.name === name);
  if (named !== undefined || isNameGiven) return named;
  // A sandbox under a name of its own was put beside the real thing on purpose.
  const own = entries.filter((entry) => entry.isOwn && (remove || !isSandbox(entry)));
  return own.length === 1 ? own[0] : undefined;
}

export const isSandbox = (entry: Entry): boolean => /^(?:true|1|yes|on)$/i.test(settingsOf(entry).sandbox ?? '');

/** Settings that an entry passes on; its flags win over its variables. */
export function settingsOf({ args, env }: Pick<Entry, 'args' | 'env'>): SettingTexts {
  const settings: SettingTexts = {};
  for (const name of optionNames) {
    const text = env[options[name].variable];
    if (text !== undefined) settings[name] = text;
  }
  for (const { setting, value } of readFlags(args)) settings[setting] = value;
  return settings;
}

interface EntryFlag {
  setting: OptionName;
  value: string;
  words: readonly string[];
}

function readFlags(args: readonly string[]): EntryFlag[] {
  return args.flatMap((word, index): EntryFlag[] => {
    const [, flag = '', inline] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const setting = settingFlags.get(flag);
    if (setting === undefined) return [];
    if (setting === 'sandbox') return [{ setting, value: 'true', words: [word] }];
    const value = inline ?? args[index + 1] ?? '';
    return [{ setting, value, words: inline === undefined ? [word, value] : [word] }];
  });
}

export interface WantedEntry {
  name: string;
  client: ClientName;
  server: ServerCommand;
  /** Words after those that start the program. */
  flags: readonly string[];
  /** Settings that the entry must not decide any more, because they are decided elsewhere. */
  settled: ReadonlySet<OptionName>;
}

/** Puts the entry into the file. Of one that is there, variables and flags that say something else stay. */
export function setEntry(json: JsonText, old: Entry | undefined, wanted: WantedEntry): JsonText {
  const { name, client, server, flags, settled } = wanted;
  const kept = readFlags(old?.args ?? []).filter(({ setting }) => !settled.has(setting));
  const args = [...server.args, ...kept.flatMap(({ words }) => words), ...flags];
  if (old === undefined) {
    // Claude Code writes the type itself; without it the entry means the same.
    const type = client === 'claude-code' ? { type: 'stdio' } : {};
    const env = server.env === undefined ? {} : { env: server.env };
    return setMember(json, ['mcpServers', name], { ...type, command: server.command, args, ...env });
  }
  let edited = setMember(json, ['mcpServers', name, 'command'], server.command);
  edited = setMember(edited, ['mcpServers', name, 'args'], args);
  return setVariables(edited, old, name, server.env ?? {}, settled);
}

function setVariables(
  json: JsonText,
  old: Entry,
  name: string,
  more: Readonly<Record<string, string>>,
  settled: ReadonlySet<OptionName>,
): JsonText {
  const gone = [...settled].map((setting): string => options[setting].variable);
  const left = Object.fromEntries(Object.entries(old.env).filter(([variable]) => !gone.includes(variable)));
  const wanted = { ...left, ...more };
  if (isDeepStrictEqual(wanted, old.env)) return json;
  const path = ['mcpServers', name, 'env'];
  if (Object.keys(wanted).length === 0) return setMember(json, path, undefined);
  let edited = json;
  for (const variable of Object.keys(old.env)) {
    if (!(variable in wanted)) edited = setMember(edited, [...path, variable], undefined);
  }
  for (const [variable, value] of Object.entries(wanted)) edited = setMember(edited, [...path, variable], value);
  return edited;
}

export function removeEntry(json: JsonText, { name }: Entry): JsonText {
  return setMember(json, ['mcpServers', name], undefined);
}
