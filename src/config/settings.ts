import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { findZoneName } from '../core/zone.ts';

export interface Option {
  /** Reads the text of a setting; absent settings take `fallback`. */
  schema: z.ZodType;
  fallback?: unknown;
  variable: string;
  /** Command-line flag without the dashes. Keys have none: other users of a machine can read a command line. */
  flag?: string;
  /** Never shown, logged or repeated. */
  secret?: boolean;
  /** Its title in the one-click extension, also in errors that its users see. */
  title?: string;
  /** Whether the extension has a field for it, and needs it. */
  field?: 'required' | 'optional';
  /** On as soon as one source turns it on. */
  anySource?: true;
  description: string;
}

const zoneSchema = z.string().transform((text, context) => {
  const name = findZoneName(text);
  if (name === undefined) context.addIssue('is not a time zone; an example is America/New_York');
  return name ?? text;
});

const switchSchema = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });

/** Every setting. Docs, schema, loading and `doctor` are derived from this table. */
export const options = {
  apiUrl: {
    schema: z.string(),
    variable: 'CONNECTWISE_API_URL',
    flag: 'api-url',
    title: 'ConnectWise site',
    field: 'required',
    description:
      'Your ConnectWise site: what you log in at, such as na.myconnectwise.net, or https://api-na.myconnectwise.net/v4_6_release/apis/3.0.',
  },
  companyId: {
    schema: z.string(),
    variable: 'CONNECTWISE_COMPANY_ID',
    flag: 'company-id',
    title: 'Company id',
    field: 'required',
    description: 'The company id you type when you log in to ConnectWise.',
  },
  publicKey: {
    schema: z.string(),
    variable: 'CONNECTWISE_PUBLIC_KEY',
    secret: true,
    title: 'Public key',
    field: 'required',
    description:
      'Public API key of your own login. In ConnectWise: your name at the top right > My Account > API Keys > +.',
  },
  privateKey: {
    schema: z.string(),
    variable: 'CONNECTWISE_PRIVATE_KEY',
    secret: true,
    title: 'Private key',
    field: 'required',
    description: 'Private API key; ConnectWise shows it once, when the key is made, beside the public one.',
  },
  authPrefix: {
    schema: z.string(),
    variable: 'CONNECTWISE_AUTH_PREFIX',
    flag: 'auth-prefix',
    description: 'Put before the public key; the company id and a plus sign unless set.',
  },
  clientId: {
    schema: z.string(),
    variable: 'CONNECTWISE_CLIENT_ID',
    secret: true,
    title: 'Client id',
    field: 'required',
    description: 'Client id (a GUID) from developer.connectwise.com/ClientID; one serves the whole company.',
  },
  mode: {
    schema: z.enum(['read-only', 'confirm', 'allow']),
    fallback: 'confirm',
    variable: 'CONNECTWISE_MODE',
    flag: 'mode',
    title: 'Mode',
    description:
      'read-only: no change ever. confirm: a change is prepared, then sent by confirm_api_write. allow: sent at once.',
  },
  readOnly: {
    schema: switchSchema,
    fallback: false,
    variable: 'CONNECTWISE_READ_ONLY',
    flag: 'read-only',
    title: 'Read only',
    field: 'optional',
    anySource: true,
    description: 'Only look things up, never change anything, whatever else is set: on as soon as one source says so.',
  },
  reply: {
    schema: z.enum(['auto', 'text', 'structured', 'both']),
    fallback: 'auto',
    variable: 'CONNECTWISE_REPLY',
    flag: 'reply',
    description:
      'Which form of a reply is sent: text, structured (JSON) or both. auto: what the client shows its model once, by its name.',
  },
  timeZone: {
    schema: zoneSchema,
    variable: 'CONNECTWISE_TIMEZONE',
    flag: 'timezone',
    title: 'Time zone',
    field: 'optional',
    description: "Your time zone, such as America/New_York; the computer's own unless set.",
  },
  member: {
    schema: z.string(),
    variable: 'CONNECTWISE_MEMBER',
    flag: 'member',
    title: 'Your member id',
    field: 'optional',
    description: 'Your member id in ConnectWise, such as jdoe; it is what "me" and "my" mean.',
  },
  timeoutSeconds: {
    schema: z.coerce.number().min(1).max(600),
    fallback: 30,
    variable: 'CONNECTWISE_TIMEOUT_SECONDS',
    flag: 'timeout',
    description: 'How long one request to ConnectWise may take, in seconds.',
  },
  caFile: {
    schema: z.string(),
    variable: 'CONNECTWISE_CA_FILE',
    flag: 'ca-file',
    description:
      "A PEM file of certificates to trust in addition to those of the system: your server's own, or your security software's.",
  },
  codebase: {
    schema: z.string(),
    variable: 'CONNECTWISE_CODEBASE',
    flag: 'codebase',
    description: 'Code base of your ConnectWise, such as v2025_1; in the cloud it is asked for once a day unless set.',
  },
  apiVersion: {
    schema: z.string().regex(/^\d{4}\.\d{1,2}$|^3\.0\.0$/, 'is not a version such as 2025.16'),
    variable: 'CONNECTWISE_API_VERSION',
    flag: 'api-version',
    description: 'Version of the data model that ConnectWise answers in, such as 2025.16; the newest unless set.',
  },
  concurrency: {
    schema: z.coerce.number().int().min(1).max(10),
    fallback: 4,
    variable: 'CONNECTWISE_CONCURRENCY',
    flag: 'concurrency',
    description: 'Requests to ConnectWise at the same time, over all calls.',
  },
  requestsPerMinute: {
    schema: z.coerce.number().int().min(10).max(1000),
    fallback: 900,
    variable: 'CONNECTWISE_REQUESTS_PER_MINUTE',
    flag: 'requests-per-minute',
    description: 'Requests to ConnectWise a minute, over all calls; it throttles a company above 1,000.',
  },
  dataDir: {
    schema: z.string(),
    fallback: '~/.cwm-api-gateway',
    variable: 'CONNECTWISE_DATA_DIR',
    flag: 'data-dir',
    description: 'Folder of Fast Memory, of a catalog of your own, and of the log.',
  },
  downloadDir: {
    schema: z.string(),
    variable: 'CONNECTWISE_DOWNLOAD_DIR',
    flag: 'download-dir',
    description: 'Folder for files that are downloaded; your Downloads folder, or one in the data folder, unless set.',
  },
  uploadDirs: {
    schema: z.string().transform((text) => text.split(';').flatMap((folder) => folder.trim() || [])),
    variable: 'CONNECTWISE_UPLOAD_DIRS',
    flag: 'upload-dirs',
    description:
      'Folders that files may be uploaded from, in addition to your Downloads, Desktop and Pictures; separated by semicolons.',
  },
  auditFile: {
    schema: z.string(),
    variable: 'CONNECTWISE_AUDIT_FILE',
    flag: 'audit-file',
    description:
      'A file to which every prepared, sent, failed and unknown change is added as a JSON line, in addition to the journal.',
  },
  policyFile: {
    schema: z.string(),
    variable: 'CONNECTWISE_POLICY_FILE',
    flag: 'policy-file',
    title: 'Policy',
    description:
      'A policy file that policy.json in the data folder can only make stricter: its allow rules are ignored.',
  },
  catalogFile: {
    schema: z.string(),
    variable: 'CONNECTWISE_CATALOG',
    flag: 'catalog',
    description: 'A catalog file to use instead of the one in the data folder or the one shipped.',
  },
  learn: {
    schema: z.enum(['on', 'eager', 'off']),
    fallback: 'on',
    variable: 'CONNECTWISE_LEARN',
    flag: 'learn',
    description:
      'on: endpoints that you use rank a little higher in searches, and calls that repeat are offered for saving. eager: offered after the first time. off: neither.',
  },
  logLevel: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    fallback: 'info',
    variable: 'CONNECTWISE_LOG_LEVEL',
    flag: 'log-level',
    description: 'How much is logged, to stderr and to the log file.',
  },
  sandbox: {
    schema: switchSchema,
    fallback: false,
    variable: 'CONNECTWISE_SANDBOX',
    flag: 'sandbox',
    description: 'Work with a made-up provider in memory instead of ConnectWise: no credentials, no network.',
  },
  extensionFields: {
    schema: z.string(),
    variable: 'CONNECTWISE_EXTENSION_FIELDS',
    description: 'Set by the one-click extension: which settings are its fields, so that errors name them as it does.',
  },
  now: {
    schema: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
    variable: 'CONNECTWISE_NOW',
    flag: 'now',
    description: 'Fixes the clock of gateway and sandbox, as an ISO time: for demonstrations and tests.',
  },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;
export const optionNames = Object.keys(options) as OptionName[];

/** The variable of an extension's field that was not filled in holds the placeholder of the manifest. */
export const isSet = (text: string | undefined): text is string =>
  text !== undefined && text.trim() !== '' && !text.trim().startsWith('${user_config.');

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
  /** The source of each setting; absent ones are not listed. */
  origins: Readonly<Partial<Record<OptionName, Origin>>>;
  /** The settings file, whether it exists or not. */
  file: string;
  /** The user's home folder, and the system as `process.platform` names it. */
  home: string;
  platform: string;
  /** Whether a variable names a proxy, which the HTTP layer then uses. */
  isProxied: boolean;
  /** What those variables say. */
  proxies: { https?: string; http?: string };
  /** The zone of this computer; `problem` where it is not known, and UTC in its place. */
  computersZone: { name: string; problem?: string };
  /** Variables of Node itself that affect connections. */
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
  const proxies = defined<LoadedConfig['proxies']>({
    https: firstSet(environment.https_proxy) ?? firstSet(environment.HTTPS_PROXY),
    http: firstSet(environment.http_proxy) ?? firstSet(environment.HTTP_PROXY),
  });
  const isProxied = Object.keys(proxies).length > 0;
  if (typeof values.downloadDir === 'string') values.downloadDir = expandHome(values.downloadDir, home);
  if (Array.isArray(values.uploadDirs)) values.uploadDirs = values.uploadDirs.map((path) => expandHome(path, home));
  for (const name of ['auditFile', 'policyFile']) {
    if (typeof values[name] === 'string') values[name] = expandHome(values[name], home);
  }
  if (values.mode === 'allow' && origins.mode === 'file') throw fileCannotAllow(file);
  if (origins.reply === 'file') throw fileCannotChooseReply(file);
  if (values.readOnly === true) {
    values.mode = 'read-only';
    origins.mode = origins.readOnly ?? 'default';
  }
  const node = {
    rejectUnauthorized: environment.NODE_TLS_REJECT_UNAUTHORIZED,
    options: environment.NODE_OPTIONS,
    extraCaCerts: environment.NODE_EXTRA_CA_CERTS,
  };
  const computersZone = readComputersZone(environment.TZ);
  return {
    config: Object.freeze(values) as Config,
    origins,
    file,
    home,
    platform,
    isProxied,
    proxies,
    computersZone,
    node,
  };
}

/** Node silently takes UTC where `TZ` is empty or no name that it knows, and a sign of `GMT+3` the other way round. */
function readComputersZone(variable: string | undefined): LoadedConfig['computersZone'] {
  // The type of `timeZone` does not say so, but it is undefined for a `TZ` that Node cannot read.
  const seen: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const name = findZoneName(variable?.replace(/^:/, '') ?? seen ?? '');
  if (name !== undefined) return { name };
  const cause =
    variable === undefined
      ? 'the time zone of this computer is not known'
      : variable.trim() === ''
        ? 'the variable TZ is empty'
        : `TZ is ${JSON.stringify(variable.slice(0, 60))}, which is not a time zone`;
  return { name: 'UTC', problem: `Times are read and shown in UTC: ${cause}. CONNECTWISE_TIMEZONE sets yours.` };
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
 * Whether writes are sent at once, by flags and variables only: the file may not set `allow`, since the list of tools,
 * which has to say it, is made without reading one.
 */
export function sendsAtOnce({ flags = {}, environment = {} }: ConfigSources): boolean {
  const readOnly = [flags.readOnly, environment[options.readOnly.variable]].some(
    (text) => isSet(text) && options.readOnly.schema.safeParse(text.trim()).data === true,
  );
  return (firstSet(flags.mode) ?? firstSet(environment[options.mode.variable])) === 'allow' && !readOnly;
}

/** The form of replies that was chosen, by flags and variables only, as the list of tools depends on it. */
export function replyForm({ flags = {}, environment = {} }: ConfigSources): 'auto' | 'text' | 'structured' | 'both' {
  const text = firstSet(flags.reply) ?? firstSet(environment[options.reply.variable]);
  // A value that is wrong is an error of the first call.
  return options.reply.schema.safeParse(text).data ?? options.reply.fallback;
}

const firstSet = (text: string | undefined) => (isSet(text) ? text.trim() : undefined);

function expandHome(folder: string, home: string): string {
  const expanded =
    folder === '~' || folder.startsWith('~/') || folder.startsWith('~\\') ? join(home, folder.slice(1)) : folder;
  return isAbsolute(expanded) ? expanded : resolve(expanded);
}

/** The list of tools is made without reading the file, and has to say which tools write. */
function fileCannotAllow(file: string): GatewayError {
  return new GatewayError('configuration_invalid', `The settings file ${file} sets mode to allow.`, {
    details: { field: 'mode' },
    hint: `Set ${options.mode.variable}=allow or --mode allow where the gateway is started.`,
  });
}

function fileCannotChooseReply(file: string): GatewayError {
  return new GatewayError(
    'configuration_invalid',
    `The settings file ${file} sets reply, which is needed before it is read.`,
    {
      details: { field: 'reply' },
      hint: `Set ${options.reply.variable} or --reply where the gateway is started.`,
    },
  );
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

function notAFolder(folder: string, cause: unknown): GatewayError {
  const { variable } = options.dataDir;
  return new GatewayError('configuration_invalid', `The setting ${variable} "${folder}" is not a folder.`, {
    details: { field: 'dataDir' },
    cause,
  });
}

/**
 * The settings of `config.json`, as texts; none where the file does not exist.
 * @throws GatewayError `configuration_invalid` for a file that cannot be read or has unknown settings
 */
function readSettingsFile(file: string): Partial<Record<OptionName, string>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    if (code === 'ENOTDIR') throw notAFolder(dirname(file), cause);
    throw new GatewayError('configuration_invalid', `The settings file ${file} cannot be read.`, { cause });
  }
  const known = new Set<string>(optionNames);
  const parsed = settingsFileSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new GatewayError('configuration_invalid', `The settings file ${file} is not a JSON object of settings.`);
  }
  const unknown = Object.keys(parsed.data).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new GatewayError(
      'configuration_invalid',
      `The settings file ${file} has unknown settings: ${unknown.join(', ')}.`,
      {
        details: { candidates: optionNames },
      },
    );
  }
  return Object.fromEntries(Object.entries(parsed.data).map(([name, value]) => [name, String(value)]));
}

const settingsFileSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

function parseJson(text: string): unknown {
  try {
    // Editors of Windows put a byte order mark before the text.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
