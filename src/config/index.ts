import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type * as z from 'zod';
import { GatewayError } from '../core/errors.ts';
import { isSet } from './is-set.ts';
import { type Option, type OptionName, optionNames, options } from './options.ts';
import { readSettingsFile } from './settings-file.ts';

export { type OptionName, optionNames, options } from './options.ts';

type Value<Name extends OptionName> = z.infer<(typeof options)[Name]['schema']>;
type WithFallback =
  | 'mode'
  | 'readOnly'
  | 'learn'
  | 'timeoutSeconds'
  | 'concurrency'
  | 'requestsPerMinute'
  | 'dataDir'
  | 'logLevel'
  | 'sandbox';

export type Config = Readonly<
  { [Name in WithFallback]: Value<Name> } & { [Name in Exclude<OptionName, WithFallback>]?: Value<Name> }
>;

export type Origin = 'flag' | 'environment' | 'file' | 'default';

export interface LoadedConfig {
  config: Config;
  /** Where each setting came from; absent ones are not listed. */
  origins: Readonly<Partial<Record<OptionName, Origin>>>;
  /** The settings file, whether it exists or not. */
  file: string;
  /** The user's own folder, and the system as `process.platform` says it. */
  home: string;
  platform: string;
  /** A variable names a proxy, which the HTTP layer then takes. */
  isProxied: boolean;
  /** What Node itself was told by variables of its own, as far as it bears on connections. */
  node: { rejectUnauthorized?: string | undefined; options?: string | undefined; extraCaCerts?: string | undefined };
}

export interface ConfigSources {
  /** Texts by option name. */
  flags?: Readonly<Partial<Record<OptionName, string>>>;
  environment?: Readonly<Record<string, string | undefined>>;
  home?: string;
  platform?: string;
}

/**
 * Settings by precedence: flags, then environment, then `config.json` in the data folder, then defaults.
 * @throws GatewayError `configuration_invalid` naming the setting, its source and what is allowed
 */
export function loadConfig(sources: ConfigSources = {}): LoadedConfig {
  const { flags = {}, environment = process.env, home = homedir(), platform = process.platform } = sources;
  const folder = expandHome(
    firstSet(flags.dataDir) ?? firstSet(environment[options.dataDir.variable]) ?? options.dataDir.fallback,
    home,
  );
  const file = join(folder, 'config.json');
  const stored = readSettingsFile(file);
  const values: Record<string, unknown> = {};
  const origins: Partial<Record<OptionName, Origin>> = {};
  for (const name of optionNames) {
    const { fallback }: Option = options[name];
    const found = readSetting(name, [
      ['flag', flags[name]],
      ['environment', environment[options[name].variable]],
      ['file', stored[name]],
    ]);
    if (found === undefined && fallback === undefined) continue;
    values[name] = found?.value ?? fallback;
    origins[name] = found?.origin ?? 'default';
  }
  values.dataDir = folder;
  const isProxied = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => environment[name]);
  if (typeof values.downloadDir === 'string') values.downloadDir = expandHome(values.downloadDir, home);
  if (Array.isArray(values.uploadDirs)) values.uploadDirs = values.uploadDirs.map((path) => expandHome(path, home));
  for (const name of ['auditFile', 'policyFile']) {
    if (typeof values[name] === 'string') values[name] = expandHome(values[name], home);
  }
  if (values.mode === 'allow' && origins.mode === 'file') throw fileCannotAllow(file);
  if (values.readOnly === true) {
    values.mode = 'read-only';
    origins.mode = origins.readOnly ?? 'default';
  }
  const node = {
    rejectUnauthorized: environment.NODE_TLS_REJECT_UNAUTHORIZED,
    options: environment.NODE_OPTIONS,
    extraCaCerts: environment.NODE_EXTRA_CA_CERTS,
  };
  return { config: Object.freeze(values) as Config, origins, file, home, platform, isProxied, node };
}

/** The first of the texts that is set; of a setting that any source can turn on, the first that does. */
function readSetting(name: OptionName, texts: readonly (readonly [Origin, string | undefined])[]) {
  const { anySource }: Option = options[name];
  let first: { origin: Origin; value: unknown } | undefined;
  for (const [origin, text] of texts) {
    if (!isSet(text)) continue;
    const value = parseSetting(name, options[name], text.trim(), origin);
    first ??= { origin, value };
    if (value === true) return { origin, value };
    if (!anySource) break;
  }
  return first;
}

/**
 * Whether writes are sent at once, by flags and variables alone: `allow` counts from no file, and the list of tools,
 * which must say it, is made without reading one.
 */
export function sendsAtOnce({ flags = {}, environment = {} }: ConfigSources): boolean {
  const readOnly = [flags.readOnly, environment[options.readOnly.variable]].some(
    (text) => isSet(text) && options.readOnly.schema.safeParse(text.trim()).data === true,
  );
  return (firstSet(flags.mode) ?? firstSet(environment[options.mode.variable])) === 'allow' && !readOnly;
}

const firstSet = (text: string | undefined) => (isSet(text) ? text.trim() : undefined);

function expandHome(folder: string, home: string): string {
  const expanded =
    folder === '~' || folder.startsWith('~/') || folder.startsWith('~\\') ? join(home, folder.slice(1)) : folder;
  return isAbsolute(expanded) ? expanded : resolve(expanded);
}

/** The list of tools says truthfully which of them write, and it is made without reading a file. */
function fileCannotAllow(file: string): GatewayError {
  return new GatewayError('configuration_invalid', `The settings file ${file} sets mode to allow.`, {
    details: { field: 'mode' },
    hint: `Set ${options.mode.variable}=allow or --mode allow where the gateway is started.`,
  });
}

function parseSetting(name: OptionName, option: Option, text: string, origin: Origin): unknown {
  const result = option.schema.safeParse(text);
  if (result.success) return result.data;
  const shown = option.secret ? '' : ` "${text}"`;
  const allowed = result.error.issues.map((issue) => issue.message).join('; ');
  throw new GatewayError(
    'configuration_invalid',
    `The setting ${option.variable}${shown} (from ${origin}) is wrong: ${allowed}.`,
    {
      details: { field: name },
    },
  );
}
