import { GatewayError } from '../core/errors.ts';
import { readIsoTime } from '../core/iso-time.ts';
import type { Comparison, Expression, Path, Span, Value } from './expression.ts';
import { applyEdits, conditionsError, editsOf, type Mistake, withCorrection, wordEdit } from './mistake.ts';
import { quote } from './print-conditions.ts';
import { lex, TokenReader } from './tokens.ts';

export interface Reading {
  expression: Expression;
  /** In the order of the text; empty for a text in ConnectWise's own spelling. */
  mistakes: readonly Mistake[];
}

/**
 * Parses `conditions`, `childConditions` or `customFieldConditions` (docs/connectwise.md 2.2) as ConnectWise does.
 * @throws GatewayError `invalid_conditions` with `details.position`, and `details.corrected` where that is certain
 */
export function parseConditions(text: string): Expression {
  const { expression, mistakes } = readConditions(text);
  const [first] = mistakes;
  if (first !== undefined) throw conditionsError(text, first.span.start, first.reason, correct(text));
  return expression;
}

/**
 * Reads a text that may have mistakes whose meaning is clear, and lists them.
 * @throws GatewayError `invalid_conditions` where no meaning can be read
 */
export function readConditions(text: string): Reading {
  try {
    return readOnce(text);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const plain = decoded(text) ?? error.details.corrected;
    const corrected = plain === undefined ? undefined : correct(plain);
    throw withCorrection(error.message, error.details.position ?? 0, corrected);
  }
}

/** How many faults in a row are corrected before a correction is given up. */
const correctionRounds = 6;

function readOnce(text: string): Reading {
  const { tokens, mistakes } = lex(text);
  const expression = parseExpression(new TokenReader(text, tokens, mistakes));
  return { expression, mistakes: mistakes.sort((a, b) => a.span.start - b.span.start) };
}

/** The text with all faults corrected; undefined where one has no certain correction. */
function correct(text: string): string | undefined {
  let candidate = text.trim();
  for (let round = 0; round < correctionRounds; round += 1) {
    try {
      const { mistakes } = readOnce(candidate);
      if (mistakes.length === 0) return candidate;
      if (mistakes.some((mistake) => mistake.replacement === undefined)) return undefined;
      candidate = applyEdits(candidate, editsOf(mistakes)).trim();
    } catch (error) {
      const corrected = error instanceof GatewayError ? error.details.corrected : undefined;
      if (corrected === undefined || corrected === candidate) return undefined;
      candidate = corrected.trim();
    }
  }
  return undefined;
}

/** A query string copied from a URL, decoded: `status%2Fname%3D%22New%22`. */
function decoded(text: string): string | undefined {
  if (!/%[0-9a-f]{2}/i.test(text)) return undefined;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Parentheses and `not` inside one another: deeper nesting is never intended, and would exhaust the stack. */
const maxDepth = 100;

/** Levels of the tree; half of `maxDepth`, so that the canonical print, which adds parentheses, still parses. */
const maxLevels = 50;

function levelsOf(expression: Expression): number {
  if (expression.kind === 'not') return 1 + levelsOf(expression.operand);
  if (expression.kind !== 'and' && expression.kind !== 'or') return 0;
  return 1 + expression.operands.reduce((most, operand) => Math.max(most, levelsOf(operand)), 0);
}

/** Reads the whole text: `or` of `and` of optionally negated groups and predicates. */
function parseExpression(reader: TokenReader): Expression {
  skipPrefix(reader);
  if (reader.peek().kind === 'end') throw reader.refusal(0, 'The condition is empty');
  const expression = parseOr(reader, 0);
  const rest = reader.peek();
  if (rest.kind !== 'end') {
    if (reader.isSymbol(')')) {
      throw reader.refusal(rest.span.start, 'This ")" has no opening "("', [{ span: rest.span, replacement: '' }]);
    }
    throw missingConnective(reader);
  }
  if (levelsOf(expression) > maxLevels) throw reader.refusal(0, `The condition is nested more than ${maxLevels} deep`);
  return expression;
}

/** `conditions=…` and `where …` are the parameter and SQL around the expression, not part of it. */
function skipPrefix(reader: TokenReader): void {
  const follows = (ahead: number): boolean => reader.peek(ahead).kind === 'word' || reader.isSymbol('(', ahead);
  const start = reader.peek().span.start;
  if (reader.isWord('where') && follows(1) && !reader.isWord('in', 1)) {
    reader.mistake('spelling', reader.take().span, 'Leave out "where"', '');
  } else if (reader.isWord('conditions') && reader.isSymbol('=', 1) && follows(2) && reader.peek(3).kind !== 'end') {
    reader.take();
    const { end } = reader.take().span;
    reader.mistake('spelling', { start, end }, 'Leave out "conditions="', '');
  }
}

function missingConnective(reader: TokenReader): Error {
  const { kind, text, span } = reader.peek();
  const comma = reader.isSymbol(',') || (kind === 'other' && text === ';');
  const place = comma ? span : { start: reader.lastEnd, end: reader.lastEnd };
  const fixable = comma || kind === 'word' || reader.isSymbol('(');
  const edits = fixable ? [wordEdit(reader.text, place, 'and')] : [];
  return reader.refusal(span.start, 'Expected "and", "or" or the end', edits);
}

function parseOr(reader: TokenReader, depth: number): Expression {
  return parseChain(reader, 'or', () => parseChain(reader, 'and', () => parseUnary(reader, depth)));
}

function parseChain(reader: TokenReader, kind: 'and' | 'or', parseOperand: () => Expression): Expression {
  const first = parseOperand();
  if (!reader.isWord(kind)) return first;
  const operands = [first];
  while (reader.isWord(kind)) {
    const { span } = reader.take();
    const next = reader.peek();
    if (next.kind === 'end' || reader.isSymbol(')')) {
      throw reader.refusal(span.start, `A condition is missing after "${kind}"`, [{ span, replacement: '' }]);
    }
    operands.push(parseOperand());
  }
  return { kind, operands, span: { start: first.span.start, end: reader.lastEnd } };
}

function parseUnary(reader: TokenReader, depth: number): Expression {
  if (depth > maxDepth) {
    throw reader.refusal(reader.peek().span.start, `Parentheses and "not" are nested more than ${maxDepth} deep`);
  }
  if (reader.isSymbol('(')) return parseGroup(reader, depth + 1);
  for (const word of ['and', 'or'] as const) {
    if (!reader.isKeyword(word)) continue;
    const { span } = reader.peek();
    throw reader.refusal(span.start, `A condition is missing before "${word}"`, [{ span, replacement: '' }]);
  }
  if (!reader.isKeyword('not')) return parsePredicate(reader);
  const { start } = reader.take().span;
  // `not (` is one level, as it prints.
  const operand = reader.isSymbol('(') ? parseGroup(reader, depth + 1) : parseUnary(reader, depth + 1);
  return { kind: 'not', operand, span: { start, end: reader.lastEnd } };
}

function parseGroup(reader: TokenReader, depth: number): Expression {
  const open = reader.take();
  if (reader.isSymbol(')')) throw reader.refusal(open.span.start, 'These parentheses hold no condition');
  const inner = parseOr(reader, depth);
  const close = reader.peek();
  if (reader.isSymbol(')')) reader.take();
  else if (close.kind === 'end') {
    const atEnd = { start: reader.lastEnd, end: reader.lastEnd };
    throw reader.refusal(open.span.start, 'This "(" has no closing ")"', [{ span: atEnd, replacement: ')' }]);
  } else throw missingConnective(reader);
  // The span of a chain includes its parentheses, so that it can be copied into another text.
  const chained = inner.kind === 'and' || inner.kind === 'or';
  return chained ? { ...inner, span: { start: open.span.start, end: reader.lastEnd } } : inner;
}

/** Comparisons as other query languages spell them. */
const comparisonWords: ReadonlyMap<string, Comparison> = new Map([
  ['eq', '='],
  ['equals', '='],
  ['is', '='],
  ['ne', '!='],
  ['neq', '!='],
  ['gt', '>'],
  ['ge', '>='],
  ['gte', '>='],
  ['lt', '<'],
  ['le', '<='],
  ['lte', '<='],
]);

/** Text tests of other languages, and the wildcards before and after that mean the same in `like`. */
const patternWords: ReadonlyMap<string, readonly [before: string, after: string]> = new Map([
  ['ilike', ['', '']],
  ['startswith', ['', '%']],
  ['beginswith', ['', '%']],
  ['endswith', ['%', '']],
]);

const textTests = new Set(['like', 'contains', 'in', 'between', ...patternWords.keys()]);

function wordAt(reader: TokenReader, ahead: number): string {
  const { kind, text } = reader.peek(ahead);
  return kind === 'word' ? text.toLowerCase() : '';
}

/** One member compared with something. `between`, which ConnectWise lacks, is read as two comparisons. */
function parsePredicate(reader: TokenReader): Expression {
  const path = parsePath(reader);
  if (reader.isComparison()) {
    const { text, span } = reader.take();
    return parseComparison(reader, path, text as Comparison, span);
  }
  if (wordAt(reader, 0) === 'is' && textTests.has(wordAt(reader, wordAt(reader, 1) === 'not' ? 2 : 1))) {
    reader.mistake('spelling', reader.take().span, `Leave out "is" before "${wordAt(reader, 0)}"`, '');
  }
  // Before anything but a text test, `not` belongs to a comparison: `x not = 5`, `x not null`.
  const negated = wordAt(reader, 0) === 'not' && textTests.has(wordAt(reader, 1));
  const notSpan = negated ? reader.take().span : undefined;
  const word = wordAt(reader, 0);
  const start = reader.peek().span.start;
  if (textTests.has(word)) reader.take();
  if ((word === 'like' || word === 'contains') && reader.isWord('null')) {
    return parseNullTest(reader, path, negated, notSpan?.start ?? start);
  }
  if (word === 'like')
    return { kind: word, path, negated, pattern: parseText(reader, word), span: spanOf(reader, path) };
  if (word === 'contains')
    return { kind: word, path, negated, text: parseText(reader, word), span: spanOf(reader, path) };
  if (word === 'in') return { kind: word, path, negated, values: parseList(reader), span: spanOf(reader, path) };
  if (word === 'between') return parseBetween(reader, path, negated, notSpan);
  const wildcards = patternWords.get(word);
  if (wildcards !== undefined) return parsePattern(reader, path, negated, word, wildcards, start);
  return parseSpelledComparison(reader, path);
}

function spanOf(reader: TokenReader, path: Path): Span {
  return { start: path.span.start, end: reader.lastEnd };
}

const pathPattern = /^[\p{L}_][\p{L}\p{N}_]*(?:\/[\p{L}_][\p{L}\p{N}_]*)*$/u;

function parsePath(reader: TokenReader): Path {
  const { kind, text, span } = reader.peek();
  if (kind === 'word') {
    reader.take();
    const name = text.replaceAll('.', '/');
    if (name !== text) reader.mistake('spelling', span, `Members of a reference are reached with "/": ${name}`, name);
    return { segments: name.split('/'), span };
  }
  if ((kind === 'string' || kind === 'datetime') && pathPattern.test(text)) {
    reader.take();
    reader.mistake('spelling', span, 'The name of a member is written without quotes or brackets', text);
    return { segments: text.split('/'), span };
  }
  const edits = kind === 'other' && '/$@'.includes(text) ? [{ span, replacement: '' }] : [];
  throw reader.refusal(span.start, 'Expected a member such as status/name, "not" or "("', edits);
}

function parseComparison(reader: TokenReader, path: Path, operator: Comparison, span: Span): Expression {
  if ((operator === '=' || operator === '!=') && reader.isSymbol('(')) {
    const negated = operator === '!=';
    const { replacement } = wordEdit(reader.text, span, negated ? 'not in' : 'in');
    reader.mistake('spelling', span, `A list is tested with "in", not "${operator}"`, replacement);
    return { kind: 'in', path, negated, values: parseList(reader), span: spanOf(reader, path) };
  }
  return { kind: 'compare', path, operator, value: parseValue(reader, operator), span: spanOf(reader, path) };
}

/** `status/id eq 1`, `owner is not null`, `closedFlag not = true`, or no operator at all. */
function parseSpelledComparison(reader: TokenReader, path: Path): Expression {
  const word = wordAt(reader, 0);
  const { start } = reader.peek().span;
  let operator = comparisonWords.get(word);
  if (operator !== undefined) reader.take();
  if ((word === 'is' || operator === undefined) && wordAt(reader, 0) === 'not') {
    reader.take();
    if (reader.isSymbol('=')) reader.take();
    operator = '!=';
  }
  if (operator === undefined) throw missingOperator(reader, path);
  const span = { start, end: reader.lastEnd };
  reader.mistake('spelling', span, `"${reader.source(span)}" is written "${operator}"`, operator);
  return parseComparison(reader, path, operator, span);
}

function missingOperator(reader: TokenReader, path: Path): Error {
  const { kind, span } = reader.peek();
  const alone = kind === 'end' || reader.isSymbol(')') || reader.isWord('and') || reader.isWord('or');
  const place = { start: reader.lastEnd, end: reader.lastEnd };
  const literal = kind === 'string' || kind === 'number' || kind === 'datetime';
  // A member on its own is most often a flag; before a literal only the operator is missing.
  const edits = alone || literal ? [{ span: place, replacement: literal ? ' =' : ' = true' }] : [];
  const name = path.segments.join('/').slice(0, 60);
  return reader.refusal(span.start, `Expected = != < <= > >= like, contains or in after "${name}"`, edits);
}

function parsePattern(
  reader: TokenReader,
  path: Path,
  negated: boolean,
  word: string,
  [before, after]: readonly [before: string, after: string],
  start: number,
): Expression {
  const text = parseText(reader, word);
  // What these words test is text, without wildcards of its own but those of `ilike`.
  const value = before + (word === 'ilike' ? text.value : text.value.replaceAll('[', '[[]')) + after;
  const span = { start, end: reader.lastEnd };
  reader.mistake('spelling', span, `"${word}" is written with "like"`, `like ${quote(value)}`);
  return {
    kind: 'like',
    path,
    negated,
    pattern: { kind: 'string', value, span: text.span },
    span: spanOf(reader, path),
  };
}

/** `owner like null`: null can only be compared with `=` and `!=`. */
function parseNullTest(reader: TokenReader, path: Path, negated: boolean, start: number): Expression {
  const { span: nullSpan } = reader.take();
  const operator = negated ? '!=' : '=';
  const reason = 'null can only be compared with = and !=';
  reader.mistake('spelling', { start, end: nullSpan.end }, reason, `${operator} null`);
  return { kind: 'compare', path, operator, value: { kind: 'null', span: nullSpan }, span: spanOf(reader, path) };
}

function parseBetween(reader: TokenReader, path: Path, negated: boolean, notSpan: Span | undefined): Expression {
  const word = reader.lastTaken.span;
  const low = parseValue(reader, 'between');
  if (!reader.isWord('and'))
    throw reader.refusal(reader.peek().span.start, 'Expected "and" and the upper bound of "between"');
  const and = reader.take().span;
  const high = parseValue(reader, 'and');
  const span = spanOf(reader, path);
  const name = path.segments.join('/');
  // Small edits, so that the checker can edit the bounds between them.
  const edits: [Span, string][] = [
    [{ start: span.start, end: span.start }, negated ? 'not (' : '('],
    [word, '>='],
    [and, `and ${name} <=`],
    [{ start: span.end, end: span.end }, ')'],
  ];
  if (notSpan !== undefined) edits.push([notSpan, '']);
  for (const [place, replacement] of edits) {
    reader.mistake('spelling', place, 'There is no "between": write two comparisons', replacement);
  }
  // The span of each half is its bound only, so that an edit of one does not touch the other.
  const compare = (operator: Comparison, value: Value): Expression => ({
    kind: 'compare',
    path,
    operator,
    value,
    span: value.span,
  });
  const both: Expression = { kind: 'and', operands: [compare('>=', low), compare('<=', high)], span };
  return negated ? { kind: 'not', operand: both, span } : both;
}

type StringValue = Extract<Value, { kind: 'string' }>;

/** The kinds of values, as ConnectWise's own error text lists them (CW 2.7). */
const allowed = 'text in quotes, a number, true, false, null, or a datetime in brackets such as [2025-01-31T09:00:00Z]';

/** One value of any kind; `after` is the operator it belongs to. */
function parseValue(reader: TokenReader, after: string): Value {
  const token = reader.peek();
  const { span } = token;
  if (token.kind === 'string') {
    reader.take();
    return { kind: 'string', value: token.text, span };
  }
  if (token.kind === 'datetime') return parseDatetime(reader);
  if (token.kind === 'date') {
    reader.take();
    reader.mistake('bareDate', span, 'A date must be in square brackets', `[${token.text.replace(' ', 'T')}]`);
    return { kind: 'datetime', text: token.text, span };
  }
  if (isBare(reader, 0)) return parseBare(reader);
  throw reader.refusal(span.start, `A value is missing after "${after}": ${allowed}`);
}

function parseDatetime(reader: TokenReader): Value {
  const { text, span } = reader.take();
  if (readIsoTime(text) !== undefined) return { kind: 'datetime', text, span };
  const inner = /^\s*(["'])(.*)\1\s*$/.exec(text)?.[2] ?? text;
  const reason = `[${text.slice(0, 40)}] is not a date: write [2025-01-31] or [2025-01-31T09:00:00Z]`;
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
  // `now()` and the like are meant as one value.
  if (reader.isSymbol('(') && reader.isSymbol(')', 1)) {
    reader.take();
    reader.take();
  }
  const span = { start, end: reader.lastEnd };
  const value = reader.source(span);
  reader.mistake('bareWords', span, `Text must be quoted: ${quote(value.slice(0, 80))}`, quote(value));
  return { kind: 'string', value, span };
}

/** `closedFlag=false board/name="X"`: whether another condition begins here, with its `and` missing. */
function startsPredicate(reader: TokenReader): boolean {
  if (reader.peek().kind !== 'word') return false;
  if (reader.isComparison(1)) return true;
  const behind = reader.isWord('not', 1) ? 2 : 1;
  const textual =
    (reader.isWord('like', behind) || reader.isWord('contains', behind)) && reader.peek(behind + 1).kind === 'string';
  return textual || (reader.isWord('in', behind) && reader.isSymbol('(', behind + 1));
}

/** The text after `like` and `contains`, which take only text (CW 2.2). */
function parseText(reader: TokenReader, after: string): StringValue {
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

/** The values of `in`, with or without parentheses. */
function parseList(reader: TokenReader): readonly Value[] {
  const open = reader.peek();
  if (reader.isSymbol('(')) {
    reader.take();
    return parseElements(reader, open.span);
  }
  if (open.kind === 'datetime' && readIsoTime(open.text) === undefined) {
    const edit = { span: open.span, replacement: `(${open.text})` };
    throw reader.refusal(open.span.start, 'The values of "in" must be in parentheses', [edit]);
  }
  const values = [parseValue(reader, 'in')];
  while (reader.isSymbol(',')) {
    reader.take();
    values.push(parseValue(reader, ','));
  }
  const { start } = open.span;
  const reason = 'The values of "in" must be in parentheses';
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
    reader.mistake('spelling', next.span, 'Extra comma', '');
    break;
  }
  reader.take();
  return values;
}
