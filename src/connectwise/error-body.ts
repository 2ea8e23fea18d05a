import type { ErrorDetails } from '../core/errors.ts';
import { isRecord, readJson } from '../core/json.ts';
import type { Redact } from '../core/log.ts';
import { decodeText } from './answer.ts';
import type { HttpAnswer } from './client.ts';

/** What ConnectWise says of a failure: foreign text, clipped. */
export type ForeignError = NonNullable<ErrorDetails['connectwise']>;

const maxMessageLength = 300;
// A whole error is bound to 300 tokens; what is wrong with twelve members is enough to go on with.
const maxErrors = 12;
const maxErrorLength = 160;

/**
 * `code`, `message` and `errors[]` of an error answer, in all its shapes (CW 4.1): the 429 says `error` for `code`, the
 * router answers plain text, a content network HTML (of which only the title is kept), some answers are empty.
 */
export function parseErrorBody(http: HttpAnswer, redact: Redact): ForeignError {
  const text = decodeText(http.body.subarray(0, 100_000), http.headers['content-type'] ?? '').trim();
  const parsed = readJson(text);
  if (isRecord(parsed)) return readObject(parsed, redact);
  if (typeof parsed === 'string') return { message: clip(redact(parsed), maxMessageLength) };
  if (text === '') return {};
  const title = /<title[^>]*>([^<]{1,300})/i.exec(text)?.[1];
  if (title !== undefined) return { message: clip(redact(title), maxMessageLength) };
  return /^<(?:!doctype|html)/i.test(text) ? {} : { message: clip(redact(text), maxMessageLength) };
}

function readObject(parsed: Record<string, unknown>, redact: Redact): ForeignError {
  const errors = Array.isArray(parsed.errors) ? parsed.errors.filter(isRecord).slice(0, maxErrors) : [];
  const code = readText(parsed.code ?? parsed.error, 80, redact);
  const message = readText(parsed.message, maxMessageLength, redact);
  return {
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...(errors.length > 0 && { errors: errors.map((error) => readEntry(error, redact)) }),
  };
}

function readEntry(entry: Record<string, unknown>, redact: Redact) {
  const code = readText(entry.code, 80, redact);
  const message = readText(entry.message, maxErrorLength, redact);
  const field = readText(entry.field, 80, redact);
  return {
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...(field !== undefined && { field }),
  };
}

function readText(value: unknown, maxLength: number, redact: Redact): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? clip(redact(value), maxLength) : undefined;
}

/** One line of at most `maxLength` characters. */
function clip(text: string, maxLength: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).toWellFormed()}…` : line;
}
