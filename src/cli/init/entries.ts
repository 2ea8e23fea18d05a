import { type OptionName, optionNames, options } from '../../config/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import { type Computer, type ServerCommand, startsThis } from '../clients.ts';
import { isSwitch, settingFlags } from '../command.ts';
import { type HostText, hostValue, putServer, readHostText } from '../host-text.ts';
import { type ClientFile, findClientFiles, type Host, hostOf, usualClientFiles } from '../hosts.ts';
import { readJsonText, unparsable } from '../json-text.ts';
import { readIfThere } from '../user-files.ts';
import type { InitOptions } from './options.ts';

// The files of clients, and the entries of this program in them.

/** A file as it was read; `bytes` are undefined while it does not exist. */
export interface JsonFile {
  bytes: Uint8Array | undefined;
  json: HostText;
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
    const host = hostOf(file.client);
    const bytes = readIfThere(file.file);
    const json = readHostText(bytes, file.file, host);
    const entries = listEntries(json, host, computer);
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
  /** All its members, as the file has them. */
  written: Readonly<Record<string, unknown>>;
  /** It starts this program, or the Python gateway of the same name. */
  isOwn: boolean;
}

type SettingTexts = Partial<Record<OptionName, string>>;

/** @throws GatewayError `configuration_invalid` where the servers are not a map, or a list, of servers */
export function listEntries(
  text: HostText,
  { key, isList, members }: Host,
  computer: Pick<Computer, 'platform' | 'read'>,
): Entry[] {
  const servers = hostValue(text)[key];
  if (servers === undefined || servers === null) return [];
  const isReadable = isList ? Array.isArray(servers) : isRecord(servers) && Object.values(servers).every(isRecord);
  if (!isReadable) throw unparsable(text.file, `"${key}" is not ${isList ? 'a list' : 'an object'} of servers`);
  const named: [string, unknown][] = Array.isArray(servers)
    ? servers.filter(isRecord).map((one) => [String(one.name), one])
    : Object.entries(servers);
  return named.flatMap(([name, written]): Entry[] => {
    if (!isRecord(written)) return [];
    const [command = '', ...args] = [written[members.command], members.args && written[members.args]].flatMap(wordsIn);
    const env = isRecord(written[members.env]) ? textsIn(written[members.env]) : {};
    const isOwn = startsThis([command, ...args], computer) || isPredecessor({ command, args, env });
    return [{ name, command, args, env, written, isOwn }];
  });
}

const wordsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((word) => ['string', 'number'].includes(typeof word)).map(String);

const textsIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(value ?? {}).map(([name, text]) => [name, String(text)]));

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
    if (isSwitch(setting)) return [{ setting, value: 'true', words: [word] }];
    const value = inline ?? args[index + 1] ?? '';
    return [{ setting, value, words: inline === undefined ? [word, value] : [word] }];
  });
}

export interface WantedEntry {
  name: string;
  server: ServerCommand;
  /** Arguments after those that start the program. */
  flags: readonly string[];
  /** Settings that the entry must no longer hold, because they are decided elsewhere. */
  settled: ReadonlySet<OptionName>;
  /** Variables of a proxy, for clients that do not pass them on. */
  proxy?: Readonly<Record<string, string>>;
}

/** Puts the entry into the file. An existing entry keeps its other members, variables and flags. */
export function setEntry(text: HostText, host: Host, old: Entry | undefined, wanted: WantedEntry): HostText {
  const { name, server, flags, settled, proxy = {} } = wanted;
  const { members } = host;
  const kept = readFlags(old?.args ?? []).filter(({ setting }) => !settled.has(setting));
  const args = [...server.args, ...kept.flatMap(({ words }) => words), ...flags];
  const gone = [...settled].map((setting): string => options[setting].variable);
  const left = Object.entries(old?.env ?? {}).filter(([variable]) => !gone.includes(variable));
  const env = { ...(host.needsProxy && proxy), ...Object.fromEntries(left), ...server.env };
  const value: Record<string, unknown> = { ...(host.isNamed && { name }), ...host.more, ...old?.written };
  if (host.isList) delete value.name;
  value[members.command] = members.args === undefined ? [server.command, ...args] : server.command;
  if (members.args !== undefined) value[members.args] = args;
  if (Object.keys(env).length > 0) value[members.env] = env;
  else if (Object.keys(old?.env ?? {}).length > 0) delete value[members.env];
  const edited = putServer(text, host, name, value);
  // A client that reads JSON without comments cannot read a byte order mark either.
  return host.grammar === 'json' ? { ...edited, hasMark: false } : edited;
}

export function removeEntry(text: HostText, host: Host, { name }: Entry): HostText {
  return putServer(text, host, name, undefined);
}

/** Whether an entry holds keys, which a backup of the file would keep. */
export function holdsKeys(entry: Entry | undefined): boolean {
  if (entry === undefined) return false;
  const { publicKey, privateKey } = settingsOf(entry);
  return publicKey !== undefined || privateKey !== undefined;
}
