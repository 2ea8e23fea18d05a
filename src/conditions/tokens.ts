import type { Span } from './expression.ts';
import { applyEdits, conditionsError, editsOf, type Mistake, wordEdit } from './mistake.ts';
import { balanceQuote, guessQuoted, quote, readQuoted } from './quote.ts';

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

/** Spellings of other languages, whose meaning is plain. */
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
  // A dot is no separator of ConnectWise's, but often written for the slash.
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
      this.#mistake('spelling', odd.length, ' ', 'A space that is not a plain one stands here');
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
    // A word behind the closing quote: the value holds the quote itself, as in 'O'Brien' and "27" monitor".
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
 * Splits `conditions` (or `orderBy`) into tokens, and notes what is misspelt.
 * @throws GatewayError `invalid_conditions` for a string or datetime without an end, and characters no URL can carry
 */
export function lex(text: string): Tokens {
  // Control characters and half surrogate pairs cannot be percent-encoded into anything ConnectWise reads.
  const unsendable = /[^\P{Cc}\t\n\r]|\p{Cs}/u.exec(text);
  if (unsendable !== null) {
    throw conditionsError(text, unsendable.index, 'A control character or half of a surrogate pair stands here');
  }
  return new Lexer(text).run();
}
