import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod';
import { GatewayError } from './errors.ts';

interface Option {
  /** Reads the text of a setting; absent settings take `fallback`. */
  schema: z.ZodType;
  fallback?: unknown;
  variable: string;
  /** Command-line flag without the dashes. Keys have none: other users of a machine can read a command line. */
  flag?: string;
  /** Never shown, logged or repeated. */
  secret?: boolean;
  description: string;
}

const isTimeZone = (zone: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
};

const flagSchema = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });

/** Every setting, once. The docs, the schema, the reading and `doctor` follow from this table. */
export const options = {
  apiUrl: {
    schema: z.string(),
    variable: 'CONNECTWISE_API_URL',
    flag: 'api-url',
    description: 'Your ConnectWise site, such as https://api-na.myconnectwise.net/v4_6_release/apis/3.0.',
  },
  companyId: {
    schema: z.string(),
    variable: 'CONNECTWISE_COMPANY_ID',
    flag: 'company-id',
    description: 'The company id you type when you log in to ConnectWise.',
  },
  publicKey: {
    schema: z.string(),
    variable: 'CONNECTWISE_PUBLIC_KEY',
    secret: true,
    description: 'Public API key (ConnectWise: My Account > API Keys).',
  },
  privateKey: {
    schema: z.string(),
    variable: 'CONNECTWISE_PRIVATE_KEY',
    secret: true,
    description: 'Private API key; ConnectWise shows it once, when the key is made.',
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
    description: 'Client id (a GUID) from developer.connectwise.com/ClientID.',
  },
  mode: {
    schema: z.enum(['read-only', 'confirm', 'allow']),
    fallback: 'confirm',
    variable: 'CONNECTWISE_MODE',
    flag: 'mode',
    description:
      'read-only: no change ever. confirm: a change is prepared, then sent by confirm_api_write. allow: sent at once.',
  },
  timeZone: {
    schema: z.string().refine(isTimeZone, 'is not a time zone; an example is America/New_York'),
    variable: 'CONNECTWISE_TIMEZONE',
    flag: 'timezone',
    description: "Your time zone, such as America/New_York; the computer's own unless set.",
  },
  member: {
    schema: z.string(),
    variable: 'CONNECTWISE_MEMBER',
    flag: 'member',
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
      "A PEM file of certificates to trust besides those of the system: your server's own, or your security software's.",
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
      'Folders that files may be uploaded from, besides your Downloads, Desktop and Pictures; a semicolon between them.',
  },
  auditFile: {
    schema: z.string(),
    variable: 'CONNECTWISE_AUDIT_FILE',
    flag: 'audit-file',
    description:
      'A file to which every prepared, sent, failed and unknown change is added as a JSON line, besides the journal.',
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
    schema: flagSchema,
    fallback: false,
    variable: 'CONNECTWISE_SANDBOX',
    flag: 'sandbox',
    description: 'Work with a made-up provider in memory instead of ConnectWise: no credentials, no network.',
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

type Value<Name extends OptionName> = z.infer<(typeof options)[Name]['schema']>;
type WithFallback =
  | 'mode'
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
}

export interface ConfigSources {
  /** Texts by option name. */
  flags?: Readonly<Partial<Record<OptionName, string>>>;
  environment?: Readonly<Record<string, string | undefined>>;
  home?: string;
  platform?: string;
}

// A one-click bundle leaves its placeholder in the variable of a field that was not filled in.
const isSet = (text: string | undefined): text is string =>
  text !== undefined && text.trim() !== '' && !text.startsWith('${user_config.');

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
    const option: Option = options[name];
    const candidates: [Origin, string | undefined][] = [
      ['flag', flags[name]],
      ['environment', environment[option.variable]],
      ['file', stored[name]],
    ];
    const found = candidates.find(([, text]) => isSet(text));
    if (found) {
      const [origin, text] = found;
      values[name] = parseSetting(name, option, text?.trim() ?? '', origin);
      origins[name] = origin;
    } else if (option.fallback !== undefined) {
      values[name] = option.fallback;
      origins[name] = 'default';
    }
  }
  values.dataDir = folder;
  const isProxied = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => environment[name]);
  if (typeof values.downloadDir === 'string') values.downloadDir = expandHome(values.downloadDir, home);
  if (Array.isArray(values.uploadDirs)) values.uploadDirs = values.uploadDirs.map((path) => expandHome(path, home));
  if (typeof values.auditFile === 'string') values.auditFile = expandHome(values.auditFile, home);
  if (values.mode === 'allow' && origins.mode === 'file') throw fileCannotAllow(file);
  return { config: Object.freeze(values) as Config, origins, file, home, platform, isProxied };
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

function notAFolder(folder: string, cause: unknown): GatewayError {
  const { variable } = options.dataDir;
  return new GatewayError('configuration_invalid', `The setting ${variable} "${folder}" is not a folder.`, {
    details: { field: 'dataDir' },
    cause,
  });
}

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
