import { stripVTControlCharacters } from 'node:util';
import { errorCodes, GatewayError, renderDetails } from '../core/errors.ts';
import { renderNextStep } from '../core/next-step.ts';
import { findStorageFailure } from '../core/storage.ts';
import type { CommandCall, Terminal } from './command.ts';

/** Exit statuses besides those of errors (1, 2, and 130 when stopped). */
export const exitStatus = { done: 0, partial: 3, waits: 4 } as const;

/** Writes, and resolves when the reader has taken it: what is still buffered when the process ends is lost. */
export function write(stream: NodeJS.WriteStream, content: string | Uint8Array): Promise<void> {
  if (content.length === 0) return Promise.resolve();
  // A failure is the stream's `error`, which ends the process.
  return new Promise((resolve) => stream.write(content, () => resolve()));
}

/** Writes parts as their reader takes them, and ends early and silently where the reader has gone. */
export async function writeAll(stream: NodeJS.WriteStream, parts: AsyncIterable<string | Uint8Array>): Promise<void> {
  // Never removed: the event comes after the failed write.
  stream.on('error', () => undefined);
  for await (const part of parts) {
    const failed = await new Promise<boolean>((resolve) =>
      stream.write(part, (error) => resolve(error instanceof Error)),
    );
    if (failed) return;
  }
}

/** The answer of a command: as data for `--json`, and as text for a person. */
export interface Answer {
  data: unknown;
  text: string;
  /** Blanks keys, which values from ConnectWise or a setting may hold. */
  redact?: (text: string) => string;
}

/** Prints an answer on stdout, as `--json` asks. */
export async function print({ terminal, flags }: CommandCall, { data, text, redact }: Answer): Promise<void> {
  const shown = flags.json ? toJson(data) : text;
  await write(terminal.stdout, redact ? redact(shown) : shown);
}

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Prints a failure on stderr, so that stdout holds only answers.
 * @param redact blanks keys: a failure may repeat a setting, and a key may be in a wrong one
 * @returns the exit status
 */
export function printError(
  { stderr, arguments: words }: Terminal,
  error: unknown,
  redact: (text: string) => string,
): number {
  const known = error instanceof GatewayError ? error : findStorageFailure(error);
  const code = known?.code ?? 'internal';
  const { exitStatus: status, hint: usual } = errorCodes[code];
  const hint = known?.hintFor('terminal') ?? renderNextStep(usual, 'terminal');
  if (asksForJson(words)) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    const details = known && Object.keys(known.details).length > 0 ? known.details : undefined;
    // JSON leaves out what is undefined.
    const shown = { code, message, hint, exit_status: status, details };
    stderr.write(redact(`${JSON.stringify({ error: shown })}\n`));
  } else if (known) {
    const lines = [known.message, ...renderDetails(known.details), hint];
    // Texts from ConnectWise may hold control sequences of terminals.
    stderr.write(redact(lines.map((line) => `${stripVTControlCharacters(line)}\n`).join('')));
  } else {
    stderr.write(redact(`cwm-api-gateway-mcp failed: ${error instanceof Error ? error.stack : String(error)}\n`));
  }
  return status;
}

/** Looks at the words themselves: they may be what could not be parsed. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).includes('--json');
}
