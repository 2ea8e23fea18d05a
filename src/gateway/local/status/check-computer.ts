import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Catalog } from '../../../catalog/index.ts';
import { type Journal, type Policy, readAgainOf } from '../../../changes/index.ts';
import { type LoadedConfig, type OptionName, optionNames, options } from '../../../config/index.ts';
import { findCredentialMistakes, readCertificates, readConnection, settingNames } from '../../../connectwise/index.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { FastMemory } from '../../../memory/index.ts';

import { dataFolder, downloadFolders, isConfigured } from '../../settings-in-use.ts';
import { failureLine, okLine, type StatusLine, warningLine } from './status-line.ts';

// What can be checked without ConnectWise, in the order of the report.

/** Shown also where their value is the default: they decide what happens to data. */
const shownByDefault: Readonly<Partial<Record<OptionName, string>>> = { mode: 'mode', dataDir: 'data folder' };

/** The settings that were found, each with its source; keys as `set`. */
export function describeSettings({ config, origins, file }: LoadedConfig): StatusLine {
  const found = optionNames.flatMap((name) => {
    const origin = origins[name];
    // Set by the extension for itself.
    if (origin === undefined || name === 'extensionFields') return [];
    const label = origin === 'default' ? shownByDefault[name] : options[name].variable;
    if (label === undefined) return [];
    // A site may be written with a password in it, which the client then refuses.
    const shown = 'secret' in options[name] ? 'set' : showValue(config[name]).replace(/\/\/[^/@]*@/, '//…@');
    return [`${label} = ${shown} (${origin})`];
  });
  const detail = `${found.join('; ')}; settings file ${file}`;
  if (config.sandbox) return okLine('settings', `${detail}; the sandbox needs no credentials`);
  try {
    // Read as the client reads it, which accepts some settings in the place of others.
    readConnection(config);
    return okLine('settings', detail);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    if (error.code === 'not_configured') return failureLine('settings', `${error.message} ${detail}`, setUpAdvice);
    return warningLine('settings', detail, error.message);
  }
}

const setUpAdvice =
  '`init` in a terminal asks for them; or set them where the gateway is started, then start it again.';

/** As it would be written in a setting. */
function showValue(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.join(';') : String(value);
}

/** Only a zone that is not known: times would be those of another place, and nothing else shows it. */
export function describeZone({ config, computersZone: { name, problem } }: LoadedConfig): StatusLine[] {
  if (config.timeZone !== undefined || problem === undefined) return [];
  return [warningLine('time zone', `${name}. ${problem}`, 'Set CONNECTWISE_TIMEZONE, such as America/New_York.')];
}

/** What is visibly wrong with the keys, before they are tried. */
export function describeKeys(loaded: LoadedConfig): StatusLine[] {
  const { config } = loaded;
  if (config.sandbox) return [];
  const mistakes = findCredentialMistakes(config);
  if (mistakes.length > 0)
    return mistakes.map(({ setting, problem, fix }) => warningLine('keys', `${setting} ${problem}`, fix));
  // What is missing is said with the settings.
  return isConfigured(loaded) ? [okLine('keys', 'both keys and the client id are set, and look valid')] : [];
}

type NodeOptions = readonly (readonly [option: RegExp, consequence: string])[];

/** Options that the gateway overrides on each of its own connections. */
const ignoredOptions: NodeOptions = [
  [/^--tls-min-v1\.[01]$/, 'nothing below TLS 1.2 is used'],
  [/^--tls-cipher-list$/, 'ciphers without encryption or certificate are left out; the others are used'],
  [/^--insecure-http-parser$/, 'damaged answers are refused'],
];

/** Options that take effect before the gateway runs, or below it. */
const effectiveOptions: NodeOptions = [
  [/^(-r|--require|--import|--loader|--experimental-loader)$/, 'other code runs in this process and sees the keys'],
  [/^--inspect(-brk|-wait)?$/, 'other programs can read the keys through the port that it opens'],
  [/^--tls-keylog$/, 'what decrypts the connections is written to its file'],
  [/^--report-(on-fatalerror|uncaught-exception|on-signal)$/, 'reports hold all variables, including keys'],
];

/** A line for each variable by which Node would weaken what SECURITY.md promises; none where nothing is set. */
export async function describeNodeVariables({ node }: LoadedConfig): Promise<StatusLine[]> {
  const given = optionsIn(node.options);
  const find = (known: NodeOptions) =>
    given.flatMap((option) => known.flatMap(([name, so]) => (name.test(option) ? [[option, so] as const] : [])));
  const lines = [
    ...find(ignoredOptions).map(([option, so]) =>
      warningLine(
        'environment',
        `NODE_OPTIONS holds ${option}, which is ignored: ${so}`,
        `Remove ${option} from NODE_OPTIONS.`,
      ),
    ),
    ...find(effectiveOptions).map(([option, so]) =>
      warningLine(
        'environment',
        `NODE_OPTIONS holds ${option}, which takes effect: ${so}`,
        `Remove ${option}, unless you set it on purpose.`,
      ),
    ),
  ];
  if (node.rejectUnauthorized === '0') lines.unshift(uncheckedCertificates);
  if (node.extraCaCerts) lines.push(...(await describeExtraCertificates(node.extraCaCerts)));
  return lines;
}

const uncheckedCertificates = warningLine(
  'environment',
  'NODE_TLS_REJECT_UNAUTHORIZED=0 is set and ignored: certificates are always checked',
  `Remove it. Put the certificate of your server or of your security software, as a PEM file, into ${settingNames.caFile}.`,
);

/** As Node reads them: `_` stands for `-`, a value follows `=` or a space, and quotes hold words together. */
function optionsIn(text = ''): string[] {
  const words = text.split(/[\s"]+/).filter((word) => word.startsWith('-'));
  return [...new Set(words.map((word) => word.replace(/=.*/s, '').replaceAll('_', '-')))];
}

/** Node itself only prints a warning to stderr, where no client shows it. */
async function describeExtraCertificates(file: string): Promise<StatusLine[]> {
  try {
    await readCertificates(file, 'NODE_EXTRA_CA_CERTS');
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const fix = `Correct NODE_EXTRA_CA_CERTS, or name the file in ${settingNames.caFile}.`;
    return [warningLine('environment', `${error.message} Node continues without it.`, fix)];
  }
}

export function describeCatalog({ info }: Catalog): StatusLine {
  const { endpoints } = info.counts;
  return okLine('catalog', `${endpoints} endpoints of ${info.title} ${info.version} (${info.source})`);
}

/** Whether the folders that are written to can be: tried with a file that is removed at once. */
export async function checkFolders(loaded: LoadedConfig): Promise<StatusLine[]> {
  const dataDir = options.dataDir.variable;
  const folders = [
    { use: 'data', path: dataFolder(loaded), setting: dataDir },
    { use: 'log', path: join(loaded.config.dataDir, 'logs'), setting: dataDir },
    { use: 'downloads', path: downloadFolders(loaded)[0], setting: options.downloadDir.variable },
  ];
  const tried = await Promise.all(
    folders.map(async (folder) => ({ ...folder, problem: await tryFolder(folder.path) })),
  );
  const good = tried.filter(({ problem }) => problem === undefined);
  const lines = tried
    .filter(({ problem }) => problem !== undefined)
    .map(({ use, path, problem, setting }) =>
      failureLine(
        'folders',
        `${use} cannot be written to ${path} (${problem})`,
        `Give this user the right to write there, or name another folder in ${setting}.`,
      ),
    );
  if (good.length > 0)
    lines.push(okLine('folders', `writable: ${good.map(({ use, path }) => `${use} ${path}`).join('; ')}`));
  return lines;
}

/** The system's error code; undefined where writing works. */
async function tryFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    if (found.code !== 'ENOENT') return found.code ?? found.name;
    // Folders are created on first use; the nearest one that exists has to allow it.
    const parent = dirname(path);
    return parent === path ? found.code : await tryParent(parent);
  }
  if (!found.isDirectory()) return 'ENOTDIR';
  // On Windows the access rights do not show whether writing works.
  const file = join(path, `.doctor-${randomUUID()}`);
  try {
    await writeFile(file, '', { flag: 'wx' });
    await unlink(file);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

async function tryParent(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.W_OK);
    return (await stat(path)).isDirectory() ? undefined : 'ENOTDIR';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    return code === 'ENOENT' && parent !== path ? tryParent(parent) : (code ?? 'unknown');
  }
}

export function describeMemory(memory: FastMemory): StatusLine {
  const count = memory.count();
  const detail = `${count} saved ${count === 1 ? 'query' : 'queries'}`;
  return memory.notice === undefined
    ? okLine('Fast Memory', detail)
    : warningLine('Fast Memory', detail, memory.notice);
}

export function describePolicy({ deny, confirm, allow, unreadable }: Policy): StatusLine {
  if (unreadable !== undefined)
    return failureLine('policy', unreadable, 'Correct or remove the file; until then every write is refused.');
  const rules = deny.length + confirm.length + allow.length;
  if (rules === 0) return okLine('policy', 'no policy.json: the mode alone decides');
  return okLine('policy', `policy.json: ${deny.length} deny, ${confirm.length} confirm, ${allow.length} allow`);
}

/** Changes with an unknown outcome, each with the request that shows it. */
export async function describeChanges(open: () => Promise<Journal>): Promise<StatusLine[]> {
  let journal: Journal;
  try {
    journal = await open();
  } catch (error) {
    // Without settings there is no tenant to read changes of, and the line of `settings` says so.
    if (error instanceof GatewayError && error.code !== 'storage_failed') return [];
    throw error;
  }
  await journal.settleLeftOvers();
  const unknown = journal.list({ limit: 5, state: 'unknown' });
  if (unknown.length === 0) return [okLine('changes', 'none with an unknown outcome')];
  return unknown.map((entry) =>
    warningLine(
      'changes',
      `outcome unknown (${entry.changeId}, ${entry.sentAt ?? ''}): ${entry.sentence}`,
      `Read ${readAgainOf(entry)} to see whether it happened.`,
    ),
  );
}
