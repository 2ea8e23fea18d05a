import type { Comparison, Expression, Path, Span, Value } from './expression.ts';
import { wordEdit } from './mistake.ts';
import { parseList, parseText, parseValue } from './parse-value.ts';
import { quote } from './quote.ts';
import type { TokenReader } from './token-reader.ts';

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

/** Text tests of other languages, and the wildcards before and after that say the same. */
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
export function parsePredicate(reader: TokenReader): Expression {
  const path = parsePath(reader);
  if (reader.isComparison()) {
    const { text, span } = reader.take();
    return parseComparison(reader, path, text as Comparison, span);
  }
  if (wordAt(reader, 0) === 'is' && textTests.has(wordAt(reader, wordAt(reader, 1) === 'not' ? 2 : 1))) {
    reader.mistake('spelling', reader.take().span, `No "is" stands before "${wordAt(reader, 0)}"`, '');
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
    reader.mistake('spelling', span, 'The name of a member stands without quotes or brackets', text);
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
  // A member alone is most often a flag; a literal right behind it lacks nothing but the operator.
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
  const value = before + text.value + after;
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

/** `owner like null`: null is compared with `=` alone. */
function parseNullTest(reader: TokenReader, path: Path, negated: boolean, start: number): Expression {
  const { span: nullSpan } = reader.take();
  const operator = negated ? '!=' : '=';
  const reason = 'null is compared with = and != alone';
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
  // Small edits, so that the checker may edit the bounds between them.
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
  // Each half owns its bound alone: an edit of one must not touch the other.
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
