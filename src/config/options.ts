import * as z from 'zod';

export interface Option {
  /** Reads the text of a setting; absent settings take `fallback`. */
  schema: z.ZodType;
  fallback?: unknown;
  variable: string;
  /** Command-line flag without the dashes. Keys have none: other users of a machine can read a command line. */
  flag?: string;
  /** Never shown, logged or repeated. */
  secret?: boolean;
  /** What the one-click extension calls it; errors that its user meets use the same words. */
  title?: string;
  /** The extension asks for it, and does without it or not. */
  field?: 'required' | 'optional';
  /** On as soon as one source says so, whatever the others say. */
  anySource?: true;
  description: string;
}

const isTimeZone = (zone: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
};

const switchSchema = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });

/** Every setting, once. The docs, the schema, the reading and `doctor` follow from this table. */
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
  timeZone: {
    schema: z.string().refine(isTimeZone, 'is not a time zone; an example is America/New_York'),
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
  policyFile: {
    schema: z.string(),
    variable: 'CONNECTWISE_POLICY_FILE',
    flag: 'policy-file',
    title: 'Policy',
    description:
      'A policy file that policy.json in the data folder can make stricter only: what that one allows does not count then.',
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
