import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { GatewayError } from '../core/errors.ts';
import { type OptionName, optionNames, options } from './options.ts';

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
export function readSettingsFile(file: string): Partial<Record<OptionName, string>> {
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
