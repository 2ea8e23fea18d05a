import { GatewayError } from '../core/errors.ts';
import type { Span } from './expression.ts';

export interface Edit {
  span: Span;
  replacement: string;
}

/**
 * A wrong spelling whose meaning is clear, so that reading can go on. The strict parser throws the first; the checker
 * repairs the certain ones and decides about `bareWords` and `dateText` by the member's type.
 */
export interface Mistake {
  kind: 'spelling' | 'quotes' | 'bareWords' | 'bareDate' | 'dateText';
  span: Span;
  /** Absent where the text does not say what was meant, as in `[next full moon]`. */
  replacement?: string;
  reason: string;
}

function compareEdits({ span: a }: Edit, { span: b }: Edit): number {
  if (a.start !== b.start) return a.start - b.start;
  // An insertion comes before a replacement at its place; of two replacements, the wider one includes the other.
  if (a.end === a.start || b.end === b.start) return a.end - b.end;
  return b.end - a.end;
}

/** The text with each span replaced; where two overlap, the later of them is left out. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { span, replacement } of [...edits].sort(compareEdits)) {
    if (span.start < at) continue;
    result += text.slice(at, span.start) + replacement;
    at = span.end;
  }
  return result + text.slice(at);
}

/** The edit that writes a word at the span, with spaces to its neighbours where they lack. */
export function wordEdit(text: string, span: Span, word: string): Edit {
  const before = /[\s(]/.test(text[span.start - 1] ?? ' ') ? '' : ' ';
  const after = /[\s)]/.test(text[span.end] ?? ' ') ? '' : ' ';
  return { span, replacement: before + word + after };
}

/** The edits of the mistakes that have a known replacement. */
export function editsOf(mistakes: readonly Mistake[]): Edit[] {
  return mistakes.flatMap(({ span, replacement }) => (replacement === undefined ? [] : [{ span, replacement }]));
}

/** Characters shown on either side of the place that is wrong. */
const excerptLength = 24;

/** The text around the position, with `»` at the position. */
export function renderPlace(text: string, position: number): string {
  const before = text.slice(Math.max(0, position - excerptLength), position);
  const after = text.slice(position, position + excerptLength);
  const cut = `${position > excerptLength ? '…' : ''}${before}»${after}${position + excerptLength < text.length ? '…' : ''}`;
  // Control characters would break the line, and half a surrogate pair the reply's encoding.
  return cut.replace(/\p{Cc}/gu, ' ').toWellFormed();
}

/** A refusal with the reason, the place (`»`), and the corrected text where that is certain. */
export function conditionsError(text: string, position: number, reason: string, corrected?: string): GatewayError {
  const place = text.trim() === '' ? '' : ` (at character ${position + 1}: ${renderPlace(text, position)})`;
  return withCorrection(`${reason}${place}`, position, corrected);
}

/** Longest correction that the hint repeats; `details.corrected` always has all of it. */
export const hintLength = 500;

/** The refusal with this message, and the corrected text where there is one. */
export function withCorrection(message: string, position: number, corrected: string | undefined): GatewayError {
  if (corrected === undefined) return new GatewayError('invalid_conditions', message, { details: { position } });
  const shown = corrected.length > hintLength ? `${corrected.slice(0, hintLength).toWellFormed()}…` : corrected;
  return new GatewayError('invalid_conditions', message, { hint: `Write: ${shown}`, details: { position, corrected } });
}
