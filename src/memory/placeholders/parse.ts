import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import { isDateWord } from './dates.ts';

/** A part of a saved query that gets its value when the query is run: `{name}`, or `{name=default}`. */
export interface Placeholder {
  name: string;
  fallback?: string;
  /** As written, braces included. */
  source: string;
}

/** The whole grammar: `{{` for a brace, a placeholder, or a brace that begins neither. */
const grammar = /\{(?:\{|([^{}=]{1,80})(?:=([^{}]*))?\})?/g;
const namePattern = /^[\p{L}_][\p{L}\p{N}_-]{0,39}$/u;

/** Names that are filled without being asked for: the user, and words for dates. */
export const isReserved = (name: string): boolean => name.toLowerCase() === 'me' || isDateWord(name);

/**
 * A text in pieces, in order: plain texts and placeholders. `{{` stands for a brace. With `lenient` a brace that begins
 * no placeholder is text, because notes and scripts in a body hold braces; elsewhere it is a mistake.
 * @throws GatewayError `invalid_argument`, unless `lenient`
 */
export function parsePlaceholders(
  text: string,
  { field, lenient = false }: { field: string; lenient?: boolean },
): readonly (string | Placeholder)[] {
  const parts: (string | Placeholder)[] = [];
  let plain = '';
  let end = 0;
  for (const match of text.matchAll(grammar)) {
    plain += text.slice(end, match.index);
    end = match.index + match[0].length;
    const placeholder = toPlaceholder(match);
    if (placeholder !== undefined) {
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(placeholder);
    } else if (match[0] === '{{') {
      plain += '{';
    } else if (lenient) {
      plain += match[0];
    } else {
      throw notAPlaceholder(match, field);
    }
  }
  plain += text.slice(end);
  if (plain !== '') parts.push(plain);
  return parts;
}

export const isPlaceholder = (part: string | Placeholder | undefined): part is Placeholder => typeof part === 'object';

/** A text in which every brace stands for itself. */
export const escapeBraces = (text: string): string => text.replaceAll('{', '{{');

/** Names of the placeholders in the texts of a value, each once, as written. */
export function placeholderNames(value: unknown): readonly string[] {
  return [...new Set(textsIn(value).flatMap((text) => placeholdersOf(text).map(({ name }) => name)))];
}

/** A path as the catalog knows it: placeholders without their defaults. */
export const plainPath = (path: string): string =>
  path.replace(grammar, (source, name: string | undefined, fallback: string | undefined) =>
    // A slash ends a segment of the path, so that what holds one is not a placeholder.
    fallback === undefined || source.includes('/') ? source : `{${name}}`,
  );

/** Puts the defaults of the path as written back into its plain path. */
export function withDefaults(path: string, written: string): string {
  const sources = new Map(placeholdersOf(written).map(({ name, source }) => [name, source]));
  return path.replace(grammar, (source, name: string | undefined) => sources.get(name ?? '') ?? source);
}

const placeholdersOf = (text: string) => parsePlaceholders(text, { field: '', lenient: true }).filter(isPlaceholder);

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}

function toPlaceholder([source, written, fallback]: RegExpExecArray): Placeholder | undefined {
  const name = written?.trim() ?? '';
  const reserved = isReserved(name);
  if (!reserved && !namePattern.test(name)) return undefined;
  if (reserved && fallback !== undefined) return undefined;
  return defined<Placeholder>({ name, fallback: fallback?.trim(), source });
}

function notAPlaceholder(match: RegExpExecArray, field: string): GatewayError {
  const [source, written] = match;
  const shown = written === undefined ? match.input.slice(match.index, match.index + 30) : source.slice(0, 60);
  const problem = isReserved(written?.trim() ?? '')
    ? 'is a date or you, which takes no default'
    : 'is not a placeholder';
  return new GatewayError('invalid_argument', `${JSON.stringify(shown)} in ${field} ${problem}.`, {
    details: { field },
    hint: 'Write {name} or {name=default}, with a name of letters, digits and _; write {{ for a brace.',
  });
}
