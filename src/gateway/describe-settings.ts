import { join } from 'node:path';
import { type LoadedConfig, type OptionName, optionNames, options } from '../config/index.ts';
import { findCredentialMistakes, readConnection } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { isConfigured } from './connection.ts';
import { dataFolder, downloadFolders } from './folders.ts';
import type { FolderToCheck } from './local/status/check-folders.ts';
import { failureLine, okLine, type StatusLine, warningLine } from './local/status/status-line.ts';

/** Those that decide what happens to data are told even where nobody set them. */
const toldByDefault: Readonly<Partial<Record<OptionName, string>>> = { mode: 'mode', dataDir: 'data folder' };

/** The settings that were found and whence; keys as set, never shown. */
export function describeSettings({ config, origins, file }: LoadedConfig): StatusLine[] {
  const found = optionNames.flatMap((name) => {
    const origin = origins[name];
    // How the settings came here says nothing of what they are.
    if (origin === undefined || name === 'extensionFields') return [];
    const label = origin === 'default' ? toldByDefault[name] : options[name].variable;
    if (label === undefined) return [];
    // A site may be written with a password in it, which the client then refuses.
    const shown = 'secret' in options[name] ? 'set' : showValue(config[name]).replace(/\/\/[^/@]*@/, '//…@');
    return [`${label} = ${shown} (${origin})`];
  });
  const detail = `${found.join('; ')}; settings file ${file}`;
  if (config.sandbox) return [okLine('settings', `${detail}; the sandbox needs no credentials`)];
  try {
    // The client's own reading: it knows which setting may stand for another.
    readConnection(config);
    return [okLine('settings', detail)];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [warningLine('settings', detail, error.message)];
  }
}

/** As it would be written in a setting. */
function showValue(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.join(';') : String(value);
}

/** What can be said of keys without trying them. */
export function describeKeys(loaded: LoadedConfig): StatusLine[] {
  const { config } = loaded;
  if (config.sandbox) return [];
  const mistakes = findCredentialMistakes(config);
  if (mistakes.length > 0)
    return mistakes.map(({ setting, problem, fix }) => warningLine('keys', `${setting} ${problem}`, fix));
  const names = ['publicKey', 'privateKey', 'clientId'] as const;
  // The Python gateway had the client id in the company's setting, which still serves.
  const missing = isConfigured(loaded) ? [] : names.filter((name) => config[name] === undefined);
  if (missing.length === 0)
    return [okLine('keys', 'both keys and the client id are set, and nothing about them is odd')];
  const variables = missing.map((name) => options[name].variable).join(', ');
  return [failureLine('keys', `not set: ${variables}`, `Set ${variables} where the gateway is started.`)];
}

/** Folders that something is written to. */
export function foldersToCheck(loaded: LoadedConfig): FolderToCheck[] {
  const { config } = loaded;
  const dataDir = options.dataDir.variable;
  return [
    { use: 'data', path: dataFolder(loaded), setting: dataDir },
    { use: 'log', path: join(config.dataDir, 'logs'), setting: dataDir },
    { use: 'downloads', path: downloadFolders(loaded)[0], setting: options.downloadDir.variable },
  ];
}
