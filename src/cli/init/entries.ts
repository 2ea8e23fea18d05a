import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type OptionName, optionNames, options } from '../../config/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import {
  type ClientFile,
  type ClientName,
  type Computer,
  findClientFiles,
  type ServerCommand,
  startsThis,
  usualClientFiles,
} from '../clients.ts';
import { settingFlags } from '../command.ts';
import { type JsonText, readJsonText, readValue, setMember, unparsable } from '../json-text.ts';
import { readIfThere } from '../user-files.ts';
import type { InitOptions } from './options.ts';

// The files of clients, and the entries of this program in them.

/** A file as it was read; `bytes` are undefined while it does not exist. */
export interface JsonFile {
  bytes: Uint8Array | undefined;
  json: JsonText;
}

/** @throws GatewayError `configuration_invalid` for a file that does not parse */
export function readFile(file: string): JsonFile {
  const bytes = readIfThere(file);
  return { bytes, json: readJsonText(bytes, file) };
}

export interface ReadClient extends JsonFile {
  client: ClientFile;
  entries: readonly Entry[];
  /** The one that is set or removed, where there is one. */
  entry: Entry | undefined;
}

/**
 * The clients on this computer, or only the one that was named, installed or not; each with its entries.
 * @throws GatewayError `configuration_invalid` for a file that does not parse
 */
export function readClients(computer: Computer, wanted: InitOptions): ReadClient[] {
  const { client } = wanted;
  const found = findClientFiles(computer).filter((one) => client === undefined || one.client === client);
  const files: ClientFile[] = found.length > 0 || client === undefined ? found : usualClientFiles(computer, client);
  return files.map((file): ReadClient => {
    const { bytes, json } = readFile(file.file);
    const entries = listEntries(json, computer);
    return { client: file, bytes, json, entries, entry: findEntry(entries, wanted) };
  });
}

/** @throws GatewayError `usage` where the name is that of another program's entry */
export function refuseForeign(clients: readonly ReadClient[]): void {
  for (const { entry, client } of clients) {
    if (entry === undefined || entry.isOwn) continue;
    throw new GatewayError('usage', `${client.title} has an entry "${entry.name}" that starts another program.`, {
      hint: 'Choose another name with --name.',
      details: { field: client.file },
    });
  }
}

/** The data folder that an entry names, whose settings file it reads; none where one is named now. */
export function folderOfEntry(
  clients: readonly ReadClient[],
  environment: Computer['environment'],
): { dataDir?: string } {
  const folders = clients.flatMap(({ entry }) => (entry === undefined ? [] : (settingsOf(entry).dataDir ?? [])));
  const [dataDir] = environment[options.dataDir.variable] ? [] : folders;
  return defined({ dataDir });
}

/**
 * A settings file is for one company.
 * @throws GatewayError `usage` where another entry reads the same file, and would silently change its company
 */
export function refuseSecondCompany(clients: readonly ReadClient[], stored: string, wanted: string): void {
  if (stored.toLowerCase() === wanted.toLowerCase()) return;
  const others = clients.flatMap(({ entries, entry }) => entries.filter((one) => one !== entry && one.isOwn));
  const other = others.find((one) => !isSandbox(one) && settingsOf(one).dataDir === undefined);
  if (other === undefined) return;
  throw new GatewayError(
    'usage',
    `The entry "${other.name}" is connected to company ${stored}, and would change to ${wanted}.`,
    { hint: 'Give the second company a folder of its own: --data-dir ~/.cwm-api-gateway-2.' },
  );
}

/** One server in a client's file. */
export interface Entry {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** It starts this program, or the Python gateway of the same name. */
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

/** @throws GatewayError `configuration_invalid` where `mcpServers` is not an object of servers */
export function listEntries(json: JsonText, computer: Pick<Computer, 'platform' | 'read'>): Entry[] {
  const { mcpServers } = readValue(json);
  if (mcpServers === undefined) return [];
  const parsed = serversSchema.safeParse(mcpServers);
  if (!parsed.success) throw unparsable(json.file, '"mcpServers" is not an object of servers');
  return Object.entries(parsed.data).map(([name, { command, args, env }]) => ({
    name,
    command,
    args,
    env,
    isOwn: startsThis([command, ...args], computer) || isPredecessor({ command, args, env }),
  }));
}

/** The Python gateway, whose configurations this program can use. */
function isPredecessor({ command, args, env }: Pick<Entry, 'command' | 'args' | 'env'>): boolean {
  const isScript = [command, ...args].some((word) => /api_gateway_server\.py/i.test(word));
  return isScript || ('CONNECTWISE_API_URL' in env && 'CONNECTWISE_PRIVATE_KEY' in env);
}

/** The entry that is set or removed: the one of that name, else the only one of this program. */
function findEntry(
  entries: readonly Entry[],
  { name, isNameGiven, remove }: Pick<InitOptions, 'name' | 'isNameGiven' | 'remove'>,
): Entry | undefined {
  const named = entries.find((entry) => entry.name === name);
  if (named !== undefined || isNameGiven) return named;
  // A sandbox with a name of its own was put beside the real connection on purpose.
  const own = entries.filter((entry) => entry.isOwn && (remove || !isSandbox(entry)));
  return own.length === 1 ? own[0] : undefined;
}

export const isSandbox = (entry: Entry): boolean => /^(?:true|1|yes|on)$/i.test(settingsOf(entry).sandbox ?? '');

/** Settings that an entry passes on; its flags take precedence over its variables. */
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
  /** Arguments after those that start the program. */
  flags: readonly string[];
  /** Settings that the entry must no longer hold, because they are decided elsewhere. */
  settled: ReadonlySet<OptionName>;
}

/** Puts the entry into the file. An existing entry keeps its other variables and flags. */
export function setEntry(json: JsonText, old: Entry | undefined, wanted: WantedEntry): JsonText {
  const { name, client, server, flags, settled } = wanted;
  const kept = readFlags(old?.args ?? []).filter(({ setting }) => !settled.has(setting));
  const args = [...server.args, ...kept.flatMap(({ words }) => words), ...flags];
  if (old === undefined) {
    // As Claude Code writes it itself.
    const type = client === 'claude-code' ? 'stdio' : undefined;
    const entry = defined({ type, command: server.command, args, env: server.env });
    return setMember(json, ['mcpServers', name], entry);
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

/** Whether an entry holds keys, which a backup of the file would keep. */
export function holdsKeys(entry: Entry | undefined): boolean {
  if (entry === undefined) return false;
  const { publicKey, privateKey } = settingsOf(entry);
  return publicKey !== undefined || privateKey !== undefined;
}
