import { stripVTControlCharacters } from 'node:util';
import { errorCodes, GatewayError, renderDetails } from '../core/errors.ts';
import type { CommandCall, Terminal } from './command.ts';

/** Exit statuses beside those of errors (1, 2, and 130 when stopped): what was asked for is not, or not wholly, done. */
export const exitStatus = { done: 0, partial: 3, waits: 4 } as const;

/** Writes, and ends when the reader has taken it: what still waits when the process ends is lost. */
export function write(stream: NodeJS.WriteStream, content: string | Uint8Array): Promise<void> {
  if (content.length === 0) return Promise.resolve();
  // A failure is the stream's `error`, which ends the process.
  return new Promise((resolve) => stream.write(content, () => resolve()));
}

/** What a command answers: as data for `--json`, and as text for a person. */
export interface Answer {
  data: unknown;
  text: string;
  /** Blanks keys; for what ConnectWise or a setting may hold. */
  redact?: (text: string) => string;
}

/** Prints an answer on stdout, as `--json` asks. */
export async function print({ terminal, flags }: CommandCall, { data, text, redact }: Answer): Promise<void> {
  const shown = flags.json ? toJson(data) : text;
  await write(terminal.stdout, redact ? redact(shown) : shown);
}

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Prints a failure on stderr, so that stdout holds answers alone; answers the exit status.
 * @param redact blanks keys: a failure may repeat a setting, and a key may stand where it does not belong
 */
export function printError(
  { stderr, arguments: words }: Terminal,
  error: unknown,
  redact: (text: string) => string,
): number {
  const known = error instanceof GatewayError ? error : undefined;
  const code = known?.code ?? 'internal';
  const { exitStatus: status, hint: usual } = errorCodes[code];
  if (asksForJson(words)) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    const details = known && Object.keys(known.details).length > 0 ? { details: known.details } : {};
    const told = { code, message, hint: known?.hint ?? usual, exit_status: status, ...details };
    stderr.write(redact(`${JSON.stringify({ error: told })}\n`));
  } else if (known) {
    const lines = [known.message, ...renderDetails(known.details), known.hint];
    // ConnectWise's own words may hold what steers a terminal.
    stderr.write(redact(lines.map((line) => `${stripVTControlCharacters(line)}\n`).join('')));
  } else {
    stderr.write(redact(`cwm-api-gateway-mcp failed: ${error instanceof Error ? error.stack : String(error)}\n`));
  }
  return status;
}

/** Read from the words themselves: what they say otherwise may be the error. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).includes('--json');
}
