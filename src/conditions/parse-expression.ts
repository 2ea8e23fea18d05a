import type { Expression } from './expression.ts';
import { wordEdit } from './mistake.ts';
import { parsePredicate } from './parse-predicate.ts';
import type { TokenReader } from './token-reader.ts';

/** Parentheses and `not` inside one another: deeper text is never meant, and would exhaust the stack. */
const maxDepth = 100;

/** Levels of the tree; half of `maxDepth`, so that the canonical print, which adds parentheses, still parses. */
const maxLevels = 50;

function levelsOf(expression: Expression): number {
  if (expression.kind === 'not') return 1 + levelsOf(expression.operand);
  if (expression.kind !== 'and' && expression.kind !== 'or') return 0;
  return 1 + expression.operands.reduce((most, operand) => Math.max(most, levelsOf(operand)), 0);
}

/** Reads the whole text: `or` of `and` of optionally negated groups and predicates. */
export function parseExpression(reader: TokenReader): Expression {
  skipPrefix(reader);
  if (reader.peek().kind === 'end') throw reader.refusal(0, 'The condition is empty');
  const expression = parseOr(reader, 0);
  const rest = reader.peek();
  if (rest.kind !== 'end') {
    if (reader.isSymbol(')')) {
      throw reader.refusal(rest.span.start, 'This ")" closes nothing', [{ span: rest.span, replacement: '' }]);
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
    reader.mistake('spelling', reader.take().span, 'The expression stands alone, without "where"', '');
  } else if (reader.isWord('conditions') && reader.isSymbol('=', 1) && follows(2) && reader.peek(3).kind !== 'end') {
    reader.take();
    const { end } = reader.take().span;
    reader.mistake('spelling', { start, end }, 'The expression stands alone, without "conditions="', '');
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
  // A chain owns the parentheses around it, so that its span can stand alone in another text.
  const chained = inner.kind === 'and' || inner.kind === 'or';
  return chained ? { ...inner, span: { start: open.span.start, end: reader.lastEnd } } : inner;
}
