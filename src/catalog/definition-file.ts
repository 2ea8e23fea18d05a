import { createHash } from 'node:crypto';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { GatewayError } from '../core/errors.ts';
import type { Definition } from './endpoint.ts';
import { readDefinition } from './read-definition.ts';

/** Real definitions have 4 to 30 MB; what is larger would only fill the memory. */
const largest = 100 * 2 ** 20;

/**
 * Reads a definition from disk.
 * @returns the definition and the SHA-256 of its bytes, hexadecimal
 * @throws GatewayError `definition_invalid`
 */
export function readDefinitionFile(file: string): { definition: Definition; digest: string } {
  const { size } = statOf(file);
  if (size > largest) {
    throw new GatewayError(
      'definition_invalid',
      `${file} has ${Math.round(size / 2 ** 20)} MB; a definition has at most ${largest / 2 ** 20}.`,
    );
  }
  const bytes = readFileSync(file);
  const definition = naming(file, () => readDefinition(parse(bytes.toString('utf8').replace(/^\uFEFF/, ''))));
  return { definition, digest: createHash('sha256').update(bytes).digest('hex') };
}

function statOf(file: string): Stats {
  let stats: Stats;
  try {
    stats = statSync(file);
  } catch (cause) {
    throw new GatewayError('definition_invalid', `There is no definition at ${file}.`, { cause });
  }
  if (!stats.isFile()) {
    throw new GatewayError(
      'definition_invalid',
      `${file} is a ${stats.isDirectory() ? 'directory' : 'special file'}, not a definition file.`,
    );
  }
  return stats;
}

function parse(text: string): unknown {
  const start = text.trimStart();
  if (start === '') throw new GatewayError('definition_invalid', 'It is empty.');
  if (!start.startsWith('{')) throw new GatewayError('definition_invalid', 'It is not JSON: it does not begin with {.');
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const problem = stopsEarly(text, reason) ? 'It is cut short: download it again.' : `It is not JSON: ${reason}.`;
    throw new GatewayError('definition_invalid', problem, { cause });
  }
}

/** Whether the parser wanted more when the text was over: it names the place, or says so. */
function stopsEarly(text: string, reason: string): boolean {
  const position = Number(/position (\d+)/.exec(reason)?.[1] ?? 0);
  return /end of JSON input|Unterminated string/.test(reason) || position >= text.trimEnd().length;
}

/** Puts the name of the file before what is wrong with it. */
function naming<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new GatewayError(error.code, `${file} cannot be used. ${error.message}`, { hint: error.hint, cause: error });
  }
}
