import { GatewayError } from '../../core/errors.ts';
import { isDateWord } from './dates.ts';

/** A place in a saved query that gets its value when it is run: `{name}`, or `{name=what it is unless given}`. */
export interface Placeholder {
  name: string;
  fallback?: string;
  /** As written, braces included. */
  source: string;
}

/** A text in pieces, in order: plain texts and placeholders. */
export type Parts = readonly (string | Placeholder)[];

const placeholderPattern = /\{([^{}=]{1,80})(?:=([^{}]*))?\}/y;
const namePattern = /^[\p{L}_][\p{L}\p{N}_-]{0,39}$/u;

/** Names that fill themselves: the user, and words for dates. */
export const isReserved = (name: string): boolean => name.toLowerCase() === 'me' || isDateWord(name);

/**
 * The placeholders of a text. `{{` stands for a brace. In a body a brace that begins no placeholder is text, because texts of notes
 * and scripts hold braces; elsewhere it is a mistake.
 * @throws GatewayError `invalid_argument`, unless `lenient`
 */
export function parsePlaceholders(
  text: string,
  { field, lenient = false }: { field: string; lenient?: boolean },
): Parts {
  const parts: (string | Placeholder)[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const brace = text.indexOf('{', at);
    if (brace < 0) {
      plain += text.slice(at);
      break;
    }
    plain += text.slice(at, brace);
    const placeholder = text[brace + 1] === '{' ? undefined : readPlaceholder(text, brace, field, lenient);
    if (placeholder === undefined) {
      plain += '{';
      at = brace + (text[brace + 1] === '{' ? 2 : 1);
      continue;
    }
    if (plain !== '') parts.push(plain);
    plain = '';
    parts.push(placeholder);
    at = brace + placeholder.source.length;
  }
  if (plain !== '') parts.push(plain);
  return parts;
}

export const isPlaceholder = (part: string | Placeholder | undefined): part is Placeholder => typeof part === 'object';

/** A text in which every brace stands for itself. */
export const escapeBraces = (text: string): string => text.replaceAll('{', '{{');

function readPlaceholder(text: string, at: number, field: string, lenient: boolean): Placeholder | undefined {
  placeholderPattern.lastIndex = at;
  const [source, written, fallback] = placeholderPattern.exec(text) ?? [];
  const name = written?.trim() ?? '';
  const known = source !== undefined && (namePattern.test(name) || isReserved(name));
  if (known && !(fallback !== undefined && isReserved(name)))
    return { name, source, ...(fallback === undefined ? {} : { fallback: fallback.trim() }) };
  if (lenient) return undefined;
  const shown = JSON.stringify((source ?? text.slice(at, at + 30)).slice(0, 60));
  const problem = known ? 'names a date or you, which has no default' : 'is no placeholder';
  throw new GatewayError('invalid_argument', `${shown} in ${field} ${problem}.`, {
    details: { field },
    hint: 'Write {name} or {name=default}, with a name of letters, digits and _; {{ stands for a brace.',
  });
}
