import type { Expression, Value } from './expression.ts';

/**
 * The canonical text: keywords in lower case, one space between words, strings in `"` unless they hold it.
 * Parsing it gives the same tree. `and` inside `or` gets parentheses, since precedence is unproven (CW 2.2.5).
 */
export function printConditions(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.map(printOperand).join(` ${expression.kind} `);
    case 'not':
      return `not (${printConditions(expression.operand)})`;
    case 'compare':
      return `${printPath(expression.path)} ${expression.operator} ${printValue(expression.value)}`;
    case 'like':
      return `${printPath(expression.path)} ${printNot(expression)}like ${printValue(expression.pattern)}`;
    case 'contains':
      return `${printPath(expression.path)} ${printNot(expression)}contains ${printValue(expression.text)}`;
    case 'in':
      return `${printPath(expression.path)} ${printNot(expression)}in (${expression.values.map(printValue).join(', ')})`;
  }
}

function printOperand(operand: Expression): string {
  const printed = printConditions(operand);
  return operand.kind === 'and' || operand.kind === 'or' ? `(${printed})` : printed;
}

function printPath({ segments }: { segments: readonly string[] }): string {
  return segments.join('/');
}

function printNot({ negated }: { negated: boolean }): string {
  return negated ? 'not ' : '';
}

/** A literal as ConnectWise takes it. */
export function printValue(value: Value): string {
  switch (value.kind) {
    case 'string':
      return quote(value.value);
    case 'number':
      return value.text;
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
    case 'datetime':
      return `[${value.text}]`;
  }
}

/** A set of characters that nobody writes as text: ranges alone, or all but some. */
const meantSet = /^\[(?:\^[^\]]+|(?:\p{Lu}-\p{Lu}|\p{Ll}-\p{Ll}|\p{N}-\p{N})+)\]/u;

/**
 * A pattern of `like` whose brackets are text: `[` is written `[[]`, since it would begin a set of characters (CW 2.2.15).
 * A pattern with `[[]` is its writer's own, and `[0-9]` or `[^a]` is a set.
 */
export function withLiteralBrackets(pattern: string): string {
  if (pattern.includes('[[]')) return pattern;
  return pattern.replace(/\[/g, (bracket, at: number) => (meantSet.test(pattern.slice(at)) ? bracket : '[[]'));
}

/**
 * A string value in quotes: `"`, or `'` where the value holds `"` and no `'`. How ConnectWise escapes a quote is
 * unproven (CW 2.2.8), so an escape is written only where both kinds occur, and then by doubling.
 */
export function quote(value: string): string {
  const delimiter = value.includes('"') && !value.includes("'") ? "'" : '"';
  // Backslashes are literal except directly before a quote or the end, where each is doubled.
  const guarded = value.replace(/\\+(?=["']|$)/g, (run) => run + run);
  return delimiter + guarded.replaceAll(delimiter, delimiter + delimiter) + delimiter;
}
