import type { GatewayError } from '../core/errors.ts';
import type { Span } from './expression.ts';
import { applyEdits, conditionsError, type Edit, editsOf, type Mistake, wordEdit } from './mistake.ts';
import { quote } from './print-conditions.ts';

export interface Token {
  /**
   * `word` is a keyword, a constant or a whole path; `date` a date without its brackets; `other` a character that
   * belongs to no token, which only an unquoted value may hold.
   */
  kind: 'word' | 'string' | 'number' | 'datetime' | 'date' | 'symbol' | 'other' | 'end';
  /** What it means: a string without quotes and escapes, a datetime without brackets, a symbol repaired. */
  text: string;
  span: Span;
}

export interface Tokens {
  /** Ends with a token of kind `end`. */
  tokens: readonly Token[];
  mistakes: Mistake[];
}

const symbols = new Set(['(', ')', ',', '=', '!=', '<', '<=', '>', '>=']);

/** Spellings of other languages whose meaning is clear. */
const symbolSpellings: ReadonlyMap<string, string> = new Map([
  ['==', '='],
  ['===', '='],
  [':', '='],
  ['<>', '!='],
  ['!==', '!='],
  ['=!', '!='],
  ['≠', '!='],
  ['=>', '>='],
  ['≥', '>='],
  ['=<', '<='],
  ['≤', '<='],
  ['&&', 'and'],
  ['&', 'and'],
  ['||', 'or'],
  ['|', 'or'],
  ['!', 'not'],
]);

/** Quotes of word processors and Markdown, and the characters that close each. */
const typographicQuotes: ReadonlyMap<string, string> = new Map([
  ['“', '”“'],
  ['”', '”'],
  ['„', '“”'],
  ['‘', '’‘'],
  ['’', '’'],
  ['`', '`'],
]);

/** Sticky patterns carry a position, so each text gets its own. */
const makePatterns = () => ({
  space: /[ \t\r\n]+/y,
  oddSpace: /(?:\s|\u200b|\u200c|\u200d|\u2060|\ufeff)+/y,
  // ConnectWise separates with a slash; a dot is often written instead.
  word: /[\p{L}_][\p{L}\p{N}_]*(?:[/.][\p{L}_][\p{L}\p{N}_]*)*/uy,
  date: /\d{4}-\d\d-\d\d(?:T[\d:.]*(?:Z|[+-]\d\d:?\d\d)?| \d\d:\d\d(?::\d\d)?Z?)?(?![\p{L}\p{N}_-])/iuy,
  number: /[+-]?\d+(?:\.\d+)?/y,
  operator: /[=!<>&|:≠≤≥]+|[(),]/y,
});

class Lexer {
  readonly tokens: Token[] = [];
  readonly mistakes: Mistake[] = [];
  readonly #text: string;
  readonly #patterns = makePatterns();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Tokens {
    while (this.#at < this.#text.length) this.#next();
    this.#push('end', '', 0);
    return { tokens: this.tokens, mistakes: this.mistakes };
  }

  #next(): void {
    const space = this.#match('space');
    if (space !== undefined) {
      this.#at += space.length;
      return;
    }
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    const closers = typographicQuotes.get(character);
    if (character === '"' || character === "'") this.#string();
    else if (character === '[') this.#bracket();
    else if (closers !== undefined) this.#curlyString(character, closers);
    else this.#plain(character);
  }

  #plain(character: string): void {
    for (const kind of ['word', 'date', 'number'] as const) {
      const text = this.#match(kind);
      if (text === undefined) continue;
      this.#push(kind, text, text.length);
      return;
    }
    const operator = this.#match('operator');
    const odd = this.#match('oddSpace');
    if (operator !== undefined) this.#operator(operator);
    else if (odd === undefined) this.#push('other', character, character.length);
    else {
      this.#mistake('spelling', odd.length, ' ', 'This space is not a plain space character');
      this.#at += odd.length;
    }
  }

  #operator(written: string): void {
    const lengths = [3, 2, 1].filter((length) => length <= written.length);
    // `a=!b` and `(!a` run together; the longest known spelling wins.
    const length = lengths.find((count) => this.#meaningOf(written.slice(0, count)) !== undefined) ?? 1;
    const piece = written.slice(0, length);
    const meant = this.#meaningOf(piece);
    if (meant === undefined || meant === piece) {
      this.#push(meant === undefined ? 'other' : 'symbol', piece, length);
      return;
    }
    const word = /^[a-z]/.test(meant);
    const span = { start: this.#at, end: this.#at + length };
    const { replacement } = word ? wordEdit(this.#text, span, meant) : { replacement: meant };
    this.#mistake('spelling', length, replacement, `"${piece}" is written "${meant}"`);
    this.#push(word ? 'word' : 'symbol', meant, length);
  }

  #meaningOf(piece: string): string | undefined {
    return symbols.has(piece) ? piece : symbolSpellings.get(piece);
  }

  #string(): void {
    const start = this.#at;
    const quoted = readQuoted(this.#text, start);
    const behind = quoted === undefined ? '' : this.#text.slice(quoted.end, quoted.end + 12);
    // A word after the closing quote: the value itself has the quote, as in 'O'Brien' and "27" monitor".
    const suspicious = /^\s*[\p{L}\p{N}_]/u.test(behind) && !/^\s*(?:and|or)\b/i.test(behind);
    const guess = quoted === undefined || suspicious ? guessQuoted(this.#text, start) : undefined;
    if (guess !== undefined) this.#requoted(guess.value, guess.end - start);
    else if (quoted !== undefined) this.#push('string', quoted.value, quoted.end - start);
    else {
      const edit = balanceQuote(this.#text, start);
      const corrected = edit === undefined ? undefined : applyEdits(this.#text, [edit, ...editsOf(this.mistakes)]);
      const reason = `This ${this.#text[start]} opens a string that never closes`;
      throw conditionsError(this.#text, start, reason, corrected);
    }
  }

  #curlyString(character: string, closers: string): void {
    const start = this.#at + character.length;
    const length = this.#text.slice(start).search(new RegExp(`[${closers}]`, 'u'));
    if (length === -1) this.#push('other', character, character.length);
    else this.#requoted(this.#text.slice(start, start + length), length + 2);
  }

  #requoted(value: string, length: number): void {
    this.#mistake('quotes', length, quote(value), `The string is written ${quote(value)}`);
    this.#push('string', value, length);
  }

  #bracket(): void {
    const close = this.#text.indexOf(']', this.#at);
    if (close === -1) {
      const date = /^\[\s*(\d{4}-\d\d-\d\d(?:T[\d:.]*(?:Z|[+-][\d:]+)?)?)/i.exec(this.#text.slice(this.#at))?.[0];
      const end = this.#at + (date?.length ?? 0);
      const edit = { span: { start: end, end }, replacement: ']' };
      const corrected = date === undefined ? undefined : applyEdits(this.#text, [edit, ...editsOf(this.mistakes)]);
      throw conditionsError(this.#text, this.#at, 'The datetime that opens here has no closing ]', corrected);
    }
    this.#push('datetime', this.#text.slice(this.#at + 1, close), close + 1 - this.#at);
  }

  #match(name: keyof ReturnType<typeof makePatterns>): string | undefined {
    const pattern = this.#patterns[name];
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #mistake(kind: Mistake['kind'], length: number, replacement: string, reason: string): void {
    this.mistakes.push({ kind, span: { start: this.#at, end: this.#at + length }, replacement, reason });
  }

  #push(kind: Token['kind'], text: string, length: number): void {
    this.tokens.push({ kind, text, span: { start: this.#at, end: this.#at + length } });
    this.#at += length;
  }
}

/**
 * Splits `conditions` (or `orderBy`) into tokens, and collects the misspelt ones.
 * @throws GatewayError `invalid_conditions` for a string or datetime without an end, and characters no URL can carry
 */
export function lex(text: string): Tokens {
  // Control characters and half surrogate pairs cannot be percent-encoded into anything ConnectWise reads.
  const unsendable = /[^\P{Cc}\t\n\r]|\p{Cs}/u.exec(text);
  if (unsendable !== null) {
    throw conditionsError(text, unsendable.index, 'The text has a control character or half of a surrogate pair');
  }
  return new Lexer(text).run();
}

interface QuotedString {
  value: string;
  /** Offset after the closing quote. */
  end: number;
  /** The quotes, or an escape, are not the plain form that is known to work. */
  escaped: boolean;
}

/**
 * Reads the string whose opening quote is at `start`; undefined where it never closes. Both escapes are
 * understood, `''` and `\'` (CW 2.2.8). Backslashes that are not directly before a quote are plain characters, so that
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
 * Reads a string that contains its own quote, as `'O'Brien's shop'`: the closing quote is the next one before a space,
 * a comma, a parenthesis or the end. Undefined where that would include another condition.
 */
function guessQuoted(text: string, start: number): QuotedString | undefined {
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

/** The edit that adds the most likely missing partner of the quote at `start`. */
function balanceQuote(text: string, start: number): Edit | undefined {
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
  // A quote of the other kind at the end was meant to close it.
  const other = delimiter === '"' ? "'" : '"';
  const bare = value.endsWith(other) ? value.slice(0, -1) : value;
  return { span: { start, end: start + 1 + value.length }, replacement: quote(bare) };
}

const comparisons = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** Reads the tokens of one text in order and collects the mistakes. */
export class TokenReader {
  readonly text: string;
  readonly #tokens: readonly Token[];
  readonly #mistakes: Mistake[];
  readonly #end: Token;
  readonly #start: Token = { kind: 'end', text: '', span: { start: 0, end: 0 } };
  #index = 0;

  constructor(text: string, tokens: readonly Token[], mistakes: Mistake[]) {
    this.text = text;
    this.#tokens = tokens;
    this.#mistakes = mistakes;
    this.#end = { kind: 'end', text: '', span: { start: text.length, end: text.length } };
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#end;
  }

  take(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  /** Where the last token that was taken ends. */
  get lastEnd(): number {
    return this.lastTaken.span.end;
  }

  get lastTaken(): Token {
    return this.#tokens[this.#index - 1] ?? this.#start;
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === text;
  }

  isComparison(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && comparisons.has(token.text);
  }

  /** Keywords are written in any case (CW 2.2.3). */
  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  /** `and`, `or` and `not` are keywords, except before a comparison, where they can only be members. */
  isKeyword(word: 'and' | 'or' | 'not', ahead = 0): boolean {
    return this.isWord(word, ahead) && !this.isComparison(ahead + 1);
  }

  source(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  mistake(kind: Mistake['kind'], span: Span, reason: string, replacement?: string): void {
    const place = replacement === '' ? this.#withSpace(span) : span;
    this.#mistakes.push(
      replacement === undefined ? { kind, span, reason } : { kind, span: place, reason, replacement },
    );
  }

  /** A removed word is removed together with the space after it. */
  #withSpace({ start, end }: Span): Span {
    const space = /^\s*/.exec(this.text.slice(end))?.[0].length ?? 0;
    return { start, end: end + space };
  }

  /**
   * The error for a fault at `position`. With edits it proposes a correction: the text with these edits, and with the
   * replacements of all mistakes found so far.
   */
  refusal(position: number, reason: string, edits: readonly Edit[] = []): GatewayError {
    const corrected = edits.length === 0 ? undefined : applyEdits(this.text, [...edits, ...editsOf(this.#mistakes)]);
    return conditionsError(this.text, position, reason, corrected);
  }
}
