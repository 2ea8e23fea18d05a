import type { Edit } from './mistake.ts';

/**
 * A string value in quotes: `"`, or `'` where the value holds `"` and no `'`. How ConnectWise escapes a quote is
 * unproven (CW 2.2.8), so an escape is written only where both kinds occur, and then by doubling.
 */
export function quote(value: string): string {
  const delimiter = value.includes('"') && !value.includes("'") ? "'" : '"';
  // Backslashes stand for themselves unless they run up to a quote or the end; there each is doubled.
  const guarded = value.replace(/\\+(?=["']|$)/g, (run) => run + run);
  return delimiter + guarded.replaceAll(delimiter, delimiter + delimiter) + delimiter;
}

export interface QuotedString {
  value: string;
  /** Offset behind the closing quote. */
  end: number;
  /** The quotes, or an escape, are not the plain form that is known to work. */
  escaped: boolean;
}

/**
 * Reads the string whose opening quote stands at `start`; undefined where it never closes. Both escapes are
 * understood, `''` and `\'` (CW 2.2.8). Backslashes that do not run up to a quote are plain characters, so that
 * `"\\server\c$"` stays a path.
 */
export function readQuoted(text: string, start: number): QuotedString | undefined {
  const delimiter = text[start];
  let value = '';
  let escaped = false;
  let plainFrom = start + 1;
  for (let at = plainFrom; at < text.length; ) {
    const character = text[at];
    if (character === delimiter) {
      value += text.slice(plainFrom, at);
      if (text[at + 1] !== delimiter) return { value, end: at + 1, escaped };
      escaped = true;
      plainFrom = at + 1;
      at += 2;
    } else if (character === '\\') {
      let end = at;
      while (text[end] === '\\') end += 1;
      if (text[end] === '"' || text[end] === "'") {
        escaped = true;
        const run = end - at;
        value += text.slice(plainFrom, at + (run >> 1));
        plainFrom = end;
        // An odd run escapes the quote; an even one leaves it to close the string.
        at = run % 2 === 1 ? end + 1 : end;
      } else at = end;
    } else at += 1;
  }
  return undefined;
}

/**
 * Reads a string that holds its own quote, as `'O'Brien's shop'`: the closing quote is the next one with nothing
 * but a space, a comma, a parenthesis or the end behind it. Undefined where that would swallow another condition.
 */
export function guessQuoted(text: string, start: number): QuotedString | undefined {
  const delimiter = text[start] ?? '"';
  for (let at = text.indexOf(delimiter, start + 1); at !== -1; at = text.indexOf(delimiter, at + 1)) {
    if (!/^(?:\s*$|\s*[),]|\s+(?:and|or)\b|\s*(?:&&|\|\|))/i.test(text.slice(at + 1, at + 40))) continue;
    const value = text.slice(start + 1, at);
    const swallows = /[=<>(]\s*["']|\b(?:like|contains)\s*["']|["'],?\s+["']/i.test(value);
    return swallows ? undefined : { value, end: at + 1, escaped: true };
  }
  return undefined;
}

/** Where the next condition begins, so that a string without an end is closed before it. */
const nextCondition = /\s+(?:and|or)\s+\(?[\w/]+\s*(?:[=<>!]|\b(?:like|contains|in|not)\b)/i;

/** The edit that gives the quote at `start`, which has no partner, the partner it most likely lacks. */
export function balanceQuote(text: string, start: number): Edit | undefined {
  const delimiter = text[start] ?? '"';
  const rest = text.slice(start + 1);
  const next = rest.search(nextCondition);
  const content = (next === -1 ? rest : rest.slice(0, next)).trimEnd();
  if (content === '' || /^[),]/.test(content)) {
    // It closes words whose opening quote is missing: status/name = New'
    const words = /(?:[=<>(,]|\b(?:like|contains))\s*([^=<>(),"']+)$/i.exec(text.slice(0, start))?.[1];
    if (words === undefined) return undefined;
    return { span: { start: start - words.length, end: start + 1 }, replacement: quote(words) };
  }
  const open = text.slice(0, start).split('(').length > text.slice(0, start).split(')').length;
  const value = open ? content.replace(/\)+$/, '') : content;
  // The other kind of quote at the end is the one that was meant to close it.
  const other = delimiter === '"' ? "'" : '"';
  const bare = value.endsWith(other) ? value.slice(0, -1) : value;
  return { span: { start, end: start + 1 + value.length }, replacement: quote(bare) };
}
