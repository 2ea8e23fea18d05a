import { instantOf } from '../core/iso-time.ts';
import type { Comparison, Expression, Path, Value } from './expression.ts';

/** The value of a record at a path; absent members are null, since ConnectWise leaves out nulls. */
export type Resolve = (path: Path) => unknown;

/** As in SQL, comparing with null is neither true nor false but unknown, here `undefined`. */
type Truth = boolean | undefined;
type Test = (resolve: Resolve) => Truth;

/**
 * A test of whether a record satisfies the expression, made once for many records. It never throws: types that do not
 * fit are unknown, which `not` leaves unknown, so neither the test nor its opposite matches. `findTypeFault` finds them
 * beforehand.
 */
export function compileConditions(expression: Expression): (resolve: Resolve) => boolean {
  const test = compile(expression);
  return (resolve) => test(resolve) === true;
}

function compile(expression: Expression): Test {
  switch (expression.kind) {
    case 'and':
      return chain(expression.operands.map(compile), false);
    case 'or':
      return chain(expression.operands.map(compile), true);
    case 'not': {
      const operand = compile(expression.operand);
      return (resolve) => negate(operand(resolve));
    }
    case 'compare':
      return on(expression.path, compileComparison(expression.operator, expression.value));
    case 'like':
      return on(expression.path, onText(expression.pattern, compileLike), expression.negated);
    case 'contains':
      return on(expression.path, onText(expression.text, compileContains), expression.negated);
    case 'in':
      return on(expression.path, compileIn(expression.values), expression.negated);
  }
}

/** `or` ends at the first true, `and` at the first false; an unknown on the way stays unknown. */
function chain(tests: readonly Test[], decisive: boolean): Test {
  return (resolve) => {
    let result: Truth = !decisive;
    for (const test of tests) {
      const truth = test(resolve);
      if (truth === decisive) return decisive;
      if (truth === undefined) result = undefined;
    }
    return result;
  };
}

function negate(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function on(path: Path, test: (actual: unknown) => Truth, negated = false): Test {
  return (resolve) => {
    const truth = test(resolve(path));
    return negated ? negate(truth) : truth;
  };
}

function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function compileComparison(operator: Comparison, value: Value): (actual: unknown) => Truth {
  if (value.kind === 'null') {
    if (operator === '=') return isNull;
    if (operator === '!=') return (actual) => !isNull(actual);
    return () => undefined;
  }
  const order = compileOrder(value);
  const ordered = value.kind !== 'boolean' || operator === '=' || operator === '!=';
  return (actual) => {
    const sign = order(actual);
    return sign === undefined || !ordered ? undefined : holds(operator, sign);
  };
}

function holds(operator: Comparison, sign: number): boolean {
  switch (operator) {
    case '=':
      return sign === 0;
    case '!=':
      return sign !== 0;
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    case '>=':
      return sign >= 0;
  }
}

/** The order of the record's value and the literal: negative, zero, positive; undefined where they cannot be compared. */
function compileOrder(value: Value): (actual: unknown) => number | undefined {
  switch (value.kind) {
    case 'null':
      return () => undefined;
    case 'number':
      return (actual) => (typeof actual === 'number' ? actual - value.value : undefined);
    case 'boolean':
      return (actual) => (typeof actual === 'boolean' ? Number(actual) - Number(value.value) : undefined);
    case 'datetime': {
      const instant = instantOf(value.text);
      return (actual) => {
        const own = typeof actual === 'string' ? instantOf(actual) : undefined;
        return own === undefined || instant === undefined ? undefined : own - instant;
      };
    }
    case 'string': {
      const wanted = fold(value.value);
      return (actual) => (typeof actual === 'string' ? orderOf(fold(actual), wanted) : undefined);
    }
  }
}

function orderOf(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function compileContains(wanted: string): (text: string) => boolean {
  const folded = fold(wanted);
  return (text) => fold(text).includes(folded);
}

function onText(value: Value, compileTest: (text: string) => (actual: string) => boolean): (actual: unknown) => Truth {
  if (value.kind !== 'string') return () => undefined;
  const test = compileTest(value.value);
  return (actual) => (typeof actual === 'string' ? test(actual) : undefined);
}

/** As `= a or = b`: a null, in the record or in the list, makes what does not match unknown, as in SQL. */
function compileIn(values: readonly Value[]): (actual: unknown) => Truth {
  const orders = values.map(compileOrder);
  return (actual) => {
    let result: Truth = false;
    for (const order of orders) {
      const sign = order(actual);
      if (sign === 0) return true;
      if (sign === undefined) result = undefined;
    }
    return result;
  };
}

type Element =
  | { kind: 'any' }
  | { kind: 'one' }
  | { kind: 'character'; character: string }
  | { kind: 'class'; negated: boolean; ranges: readonly (readonly [low: string, high: string])[] };

/** Case does not matter in ConnectWise's comparisons (CW 2.2.14). */
export function fold(text: string): string {
  return text.toLowerCase();
}

/**
 * Compiles a `like` pattern: `*` and `%` match any run, `_` matches one character, `[abc]`, `[a-f]` and `[^abc]` for
 * one of a class, `[[]` for a bracket (CW 2.2.15). Time is pattern times text at worst, whatever the pattern.
 */
function compileLike(pattern: string): (text: string) => boolean {
  const elements = elementsOf(fold(pattern));
  return (text) => matches(elements, fold(text));
}

function elementsOf(pattern: string): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    if (character === '*' || character === '%') {
      if (elements.at(-1)?.kind !== 'any') elements.push({ kind: 'any' });
    } else if (character === '_') elements.push({ kind: 'one' });
    else if (character === '[') {
      // As in SQL, a set without an end or without a character matches nothing.
      const close = pattern.indexOf(']', at);
      elements.push(classOf(close < 0 ? '' : pattern.slice(at + 1, close)));
      at = close < 0 ? pattern.length : close;
    } else elements.push({ kind: 'character', character });
  }
  return elements;
}

function classOf(inner: string): Element {
  const negated = inner.length > 1 && inner.startsWith('^');
  const body = negated ? inner.slice(1) : inner;
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < body.length; at += 1) {
    const low = body[at] ?? '';
    const high = body[at + 1] === '-' ? body[at + 2] : undefined;
    ranges.push([low, high ?? low]);
    if (high !== undefined) at += 2;
  }
  return { kind: 'class', negated, ranges };
}

function matchesOne(element: Element, character: string): boolean {
  switch (element.kind) {
    case 'any':
    case 'one':
      return true;
    case 'character':
      return element.character === character;
    case 'class':
      return element.ranges.some(([low, high]) => low <= character && character <= high) !== element.negated;
  }
}

/** Greedy, with one place to go back to: the last `*` or `%`. */
function matches(elements: readonly Element[], text: string): boolean {
  let element = 0;
  let at = 0;
  let run = -1;
  let runAt = 0;
  while (at < text.length) {
    const current = elements[element];
    if (current?.kind === 'any') {
      run = element;
      runAt = at;
      element += 1;
    } else if (current !== undefined && matchesOne(current, text[at] ?? '')) {
      element += 1;
      at += 1;
    } else if (run !== -1) {
      runAt += 1;
      at = runAt;
      element = run + 1;
    } else return false;
  }
  while (elements[element]?.kind === 'any') element += 1;
  return element === elements.length;
}
