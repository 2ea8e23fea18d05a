import { readIsoTime } from '../core/iso-time.ts';
import type { Span, Value } from './expression.ts';
import { quote } from './quote.ts';
import type { TokenReader } from './token-reader.ts';

type StringValue = Extract<Value, { kind: 'string' }>;

/** What a value may be, as ConnectWise's own error text lists it (CW 2.7). */
const allowed = 'text in quotes, a number, true, false, null, or a datetime in brackets such as [2025-01-31T09:00:00Z]';

/** One value of any kind; `after` is the operator it belongs to. */
export function parseValue(reader: TokenReader, after: string): Value {
  const token = reader.peek();
  const { span } = token;
  if (token.kind === 'string') {
    reader.take();
    return { kind: 'string', value: token.text, span };
  }
  if (token.kind === 'datetime') return parseDatetime(reader);
  if (token.kind === 'date') {
    reader.take();
    reader.mistake('bareDate', span, 'A date stands in square brackets', `[${token.text.replace(' ', 'T')}]`);
    return { kind: 'datetime', text: token.text, span };
  }
  if (isBare(reader, 0)) return parseBare(reader);
  throw reader.refusal(span.start, `A value is missing after "${after}": ${allowed}`);
}

function parseDatetime(reader: TokenReader): Value {
  const { text, span } = reader.take();
  if (readIsoTime(text) !== undefined) return { kind: 'datetime', text, span };
  const inner = /^\s*(["'])(.*)\1\s*$/.exec(text)?.[2] ?? text;
  const reason = `[${text.slice(0, 40)}] is no date: write [2025-01-31] or [2025-01-31T09:00:00Z]`;
  reader.mistake('dateText', span, reason, readIsoTime(inner) === undefined ? undefined : `[${inner}]`);
  return { kind: 'datetime', text: inner, span };
}

/** Whether the token may belong to a value without quotes. */
function isBare(reader: TokenReader, ahead: number): boolean {
  const { kind } = reader.peek(ahead);
  if (kind === 'number' || kind === 'other' || kind === 'date') return true;
  return kind === 'word' && !reader.isKeyword('and', ahead) && !reader.isKeyword('or', ahead);
}

/** A number or a constant; or words that lack their quotes, up to `and`, `or` or a parenthesis. */
function parseBare(reader: TokenReader): Value {
  const first = reader.take();
  const { start } = first.span;
  const alone = !isBare(reader, 0) || startsPredicate(reader);
  if (alone && first.kind === 'number') {
    return { kind: 'number', value: Number(first.text), text: first.text, span: first.span };
  }
  if (alone && first.kind === 'word') {
    const constant = first.text.toLowerCase();
    if (constant === 'true' || constant === 'false')
      return { kind: 'boolean', value: constant === 'true', span: first.span };
    if (constant === 'null') return { kind: 'null', span: first.span };
  }
  while (isBare(reader, 0) && !startsPredicate(reader)) reader.take();
  // `now()` and the like are one value to the person who wrote them.
  if (reader.isSymbol('(') && reader.isSymbol(')', 1)) {
    reader.take();
    reader.take();
  }
  const span = { start, end: reader.lastEnd };
  const value = reader.source(span);
  reader.mistake('bareWords', span, `Text stands in quotes: ${quote(value.slice(0, 80))}`, quote(value));
  return { kind: 'string', value, span };
}

/** `closedFlag=false board/name="X"`: the next words are another condition whose `and` is missing. */
function startsPredicate(reader: TokenReader): boolean {
  if (reader.peek().kind !== 'word') return false;
  if (reader.isComparison(1)) return true;
  const behind = reader.isWord('not', 1) ? 2 : 1;
  const textual =
    (reader.isWord('like', behind) || reader.isWord('contains', behind)) && reader.peek(behind + 1).kind === 'string';
  return textual || (reader.isWord('in', behind) && reader.isSymbol('(', behind + 1));
}

/** The text after `like` and `contains`, which take nothing else (CW 2.2). */
export function parseText(reader: TokenReader, after: string): StringValue {
  const token = reader.peek();
  const date = token.kind === 'date' ? reader.take() : undefined;
  const value: Value =
    date === undefined ? parseValue(reader, after) : { kind: 'datetime', text: date.text, span: date.span };
  if (value.kind === 'string') return value;
  const { span } = value;
  if (token.kind === 'datetime') {
    throw reader.refusal(span.start, `"${after}" takes text in quotes, not a datetime: compare with >= and <`);
  }
  const text = reader.source(span);
  reader.mistake('spelling', span, `"${after}" takes text in quotes`, quote(text));
  return { kind: 'string', value: text, span };
}

/** The values of `in`, with the parentheses that belong around them. */
export function parseList(reader: TokenReader): readonly Value[] {
  const open = reader.peek();
  if (reader.isSymbol('(')) {
    reader.take();
    return parseElements(reader, open.span);
  }
  if (open.kind === 'datetime' && readIsoTime(open.text) === undefined) {
    const edit = { span: open.span, replacement: `(${open.text})` };
    throw reader.refusal(open.span.start, 'The values of "in" stand in parentheses', [edit]);
  }
  const values = [parseValue(reader, 'in')];
  while (reader.isSymbol(',')) {
    reader.take();
    values.push(parseValue(reader, ','));
  }
  const { start } = open.span;
  const reason = 'The values of "in" stand in parentheses';
  // Two insertions rather than one replacement, so that a mistake inside the list is repaired too.
  reader.mistake('spelling', { start, end: start }, reason, '(');
  reader.mistake('spelling', { start: reader.lastEnd, end: reader.lastEnd }, reason, ')');
  return values;
}

function parseElements(reader: TokenReader, open: Span): readonly Value[] {
  if (reader.isSymbol(')')) throw reader.refusal(open.start, '"in" needs at least one value between its parentheses');
  const values: Value[] = [];
  for (;;) {
    values.push(parseValue(reader, values.length === 0 ? 'in (' : ','));
    const next = reader.peek();
    if (reader.isSymbol(')')) break;
    if (!reader.isSymbol(',')) {
      const valued = next.kind === 'string' || next.kind === 'number' || next.kind === 'datetime';
      const place = { start: reader.lastEnd, end: reader.lastEnd };
      const edits = next.kind === 'end' || valued ? [{ span: place, replacement: valued ? ',' : ')' }] : [];
      throw reader.refusal(next.span.start, 'Expected "," or ")" in the list of "in"', edits);
    }
    reader.take();
    if (!reader.isSymbol(')')) continue;
    reader.mistake('spelling', next.span, 'A comma too many stands here', '');
    break;
  }
  reader.take();
  return values;
}
