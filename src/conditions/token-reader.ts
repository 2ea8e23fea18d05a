import type { GatewayError } from '../core/errors.ts';
import type { Span } from './expression.ts';
import { applyEdits, conditionsError, type Edit, editsOf, type Mistake } from './mistake.ts';
import type { Token } from './tokens.ts';

const comparisons = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** Walks over the tokens of one text and collects what is misspelt. */
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

  /** What is taken out takes the space behind it along. */
  #withSpace({ start, end }: Span): Span {
    const space = /^\s*/.exec(this.text.slice(end))?.[0].length ?? 0;
    return { start, end: end + space };
  }

  /** The error to throw; with edits it proposes the text as they, and the mistakes so far, would make it. */
  refusal(position: number, reason: string, edits: readonly Edit[] = []): GatewayError {
    const corrected = edits.length === 0 ? undefined : applyEdits(this.text, [...edits, ...editsOf(this.#mistakes)]);
    return conditionsError(this.text, position, reason, corrected);
  }
}
