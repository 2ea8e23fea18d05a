import { fitInto, jsonBytes, type Ladder, type Limits, shorten } from '../../core/budget.ts';
import { GatewayError, renderDetails } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { Redact } from '../../core/log.ts';
import { cleanText } from '../../core/text.ts';
import { renderText } from './render-text.ts';

/** What a client gets; the part of the protocol's result that tools decide. */
export interface Reply {
  content: ({ type: 'text'; text: string } | { type: 'image'; data: string; mimeType: string })[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** A picture that a tool returns as `image` beside its data: no part of text, of `structuredContent`, or of budgets. */
export interface ReplyImage {
  mediaType: string;
  content: Uint8Array;
}

export interface ReplyOptions {
  redact: Redact;
  /** Marks where foreign text begins and ends; not to be guessed by whoever wrote that text. */
  fence: string;
}

/** Nothing larger leaves, whatever a tool returned: hosts refuse replies that are too large. */
const maxReplyTokens = 8_000;
const maxErrorTokens = 300;

/** Bytes / 4, the measure of every token budget. */
export const countTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

interface Forms {
  text: string;
  structured: Record<string, unknown>;
}

/** A tool's data as text and as `structuredContent`, each complete by itself. */
export function renderReply({ image, ...data }: Record<string, unknown>, { redact, fence }: ReplyOptions): Reply {
  const json = JSON.stringify(data);
  const safe = isSafe(json, redact) ? data : redactDeep(data, redact);
  const { text, structured } = fitInto(safe, maxReplyTokens * 4, createReplyLadder(fence));
  return { content: [{ type: 'text', text }, ...renderImage(image)], structuredContent: structured };
}

/** Each of the two forms reaches some client alone, so that the larger one counts. */
function createReplyLadder(fence: string): Ladder<Record<string, unknown>, Limits | undefined, Forms> {
  return {
    // The last fits any data whose nesting is a reader's.
    steps: [
      undefined,
      { characters: 4000, items: 200 },
      { characters: 1000, items: 100 },
      { characters: 400, items: 50 },
      { characters: 150, items: 20 },
      { characters: 60, items: 8 },
    ],
    apply(data, limits) {
      const structured = limits === undefined ? data : (shorten(data, limits) as Record<string, unknown>);
      return { text: renderText(structured, fence), structured };
    },
    sizeOf: ({ text, structured }) => Math.max(Buffer.byteLength(text), jsonBytes(structured)),
  };
}

function renderImage(image: unknown): Reply['content'] {
  if (!isImage(image)) return [];
  return [{ type: 'image', data: Buffer.from(image.content).toString('base64'), mimeType: image.mediaType }];
}

const isImage = (image: unknown): image is ReplyImage =>
  isRecord(image) && typeof image.mediaType === 'string' && image.content instanceof Uint8Array;

/**
 * A failure as text: code and message, what is allowed, the next step. `structuredContent` is left out: clients
 * of the 2025 versions check it against the tool's output schema, on errors too.
 */
export function renderErrorReply(error: GatewayError, { redact }: Pick<ReplyOptions, 'redact'>): Reply {
  const { code, message, hint, details } = error;
  const lines = [`${code}: ${message}`, ...renderDetails(details), `Next: ${hint}`];
  let text = cleanText(redact(lines.join('\n')));
  if (countTokens(text) > maxErrorTokens) {
    const last = `\nNext: ${redact(hint)}`;
    const room = maxErrorTokens * 4 - Buffer.byteLength(last) - 4;
    text = `${Buffer.from(text).subarray(0, room).toString('utf8').replace(/�$/, '')}…${last}`;
  }
  return { content: [{ type: 'text', text }], isError: true };
}

/**
 * Whether data hold nothing that `redactDeep` would change, told by one look at their JSON: with quotes and line ends
 * as they are, and no other backslash left, every text stands in it word for word, so what is not in the whole is in
 * none of them.
 */
function isSafe(json: string, redact: Redact): boolean {
  const whole = json.replaceAll('\\"', '"').replaceAll('\\n', '\n');
  return !whole.includes('\\') && cleanText(whole) === whole && redact(whole) === whole;
}

function redactDeep<T>(value: T, redact: Redact): T {
  if (typeof value === 'string') return redact(cleanText(value)) as T;
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact)) as T;
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  // Names are foreign text too: of custom fields, and of whatever a caller made up.
  return Object.fromEntries(
    entries.map(([name, member]) => [redact(cleanText(name)), redactDeep(member, redact)]),
  ) as T;
}

/** Anything thrown as a GatewayError; the unforeseen gets an id and keeps its text for the log. */
export function toGatewayError(error: unknown, id: string): GatewayError {
  if (error instanceof GatewayError && error.code !== 'internal') return error;
  const message = error instanceof GatewayError ? error.message : 'The gateway failed unexpectedly.';
  return new GatewayError('internal', `${message} (id ${id})`, { cause: error });
}
