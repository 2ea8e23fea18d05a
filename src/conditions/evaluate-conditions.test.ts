import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manyRuns } from '../../tests/support/depth.ts';
import { expressions } from '../../tests/support/expressions.ts';
import { compileConditions, type Resolve } from './evaluate-conditions.ts';
import type { Expression, Value } from './expression.ts';
import { parseConditions } from './parse-conditions.ts';
import { printConditions } from './print-conditions.ts';

const record: Record<string, unknown> = {
  id: 42,
  summary: 'Printer [HP] offline at 50% toner',
  closedFlag: false,
  board: { id: 1, name: 'Service Desk' },
  owner: null,
  resources: 'jdoe, asmith',
  budgetHours: 0,
  note: '',
  _info: { lastUpdated: '2025-03-01T12:00:00Z' },
};

/** Looks a path up by name in any case, as ConnectWise does (CW 2.2.4). */
const resolve: Resolve = ({ segments }) => {
  let at: unknown = record;
  for (const segment of segments) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.entries(at).find(([name]) => name.toLowerCase() === segment.toLowerCase())?.[1];
  }
  return at;
};

describe('compileConditions', () => {
  it.each([
    'id = 42',
    'id != 41 and id > 41 and id >= 42 and id < 42.5 and id <= 42',
    'ID in (1, 42)',
    'id not in (1, 2)',
    'Board/Name = "service DESK"',
    'board/name > "Alpha"',
    'summary contains "PRINTER"',
    'summary not contains "mouse"',
    'summary like "printer*"',
    'summary like "%toner"',
    'summary like "Printer _HP_ off%"',
    'summary like "printer [[]hp] off*"',
    'summary like "[n-q]rinter%" and summary not like "[^p]%"',
    'summary like "%[[]HP]%"',
    'board/name like "service desk" and board/name not like "service"',
    'resources contains "jdoe"',
    'closedFlag = false and closedFlag != true',
    'owner = null and owner/identifier = null',
    'board != null',
    'note = "" and note != null',
    'budgetHours = 0',
    '_info/lastUpdated > [2025-03-01]',
    '_info/lastUpdated = [2025-03-01T07:00:00-05:00]',
    '_info/lastUpdated <= [2025-03-01T12:00:00]',
    'not (id = 1)',
    'id = 1 or id = 42 and closedFlag = false',
  ])('matches %s', (text) => {
    expect(compileConditions(parseConditions(text))(resolve)).toBe(true);
  });

  it.each([
    'id = 41',
    'owner/name = "x"',
    'owner/name != "x"',
    'not (owner/name = "x")',
    'owner/name not like "x%"',
    'owner/name not in ("x")',
    'owner/name not contains "x"',
    'id not in (1, null)',
    'owner < null',
    'id = "42"',
    'not (id = "42")',
    'closedFlag > false',
    'summary like "printer"',
    'summary contains "p%r"',
    'summary like "%[HP] offline%"',
    'summary like "%[HP"',
    'summary like "%[]HP]%"',
    '(id = 42 or id = 1) and closedFlag = true',
  ])('does not match %s', (text) => {
    expect(compileConditions(parseConditions(text))(resolve)).toBe(false);
  });

  it('answers a hostile pattern on a long text', () => {
    const text = 'a'.repeat(5_000);
    const tree = parseConditions(`x like "${'%a'.repeat(500)}%b"`);
    expect(compileConditions(tree)(() => text)).toBe(false);
  });

  it('equals a naive evaluator, before and after printing', () => {
    const cell = fc.constantFrom<unknown>(null, 1, 0, -5, true, false, 'abc', 'A"b', '', '2025-01-31T09:00:00Z', {});
    fc.assert(
      fc.property(expressions, fc.array(cell, { minLength: 8, maxLength: 8 }), (tree, cells) => {
        const lookUp: Resolve = ({ segments }) => cells[segments.join('/').length % cells.length];
        const expected = naive(tree, lookUp) === 1;
        expect(compileConditions(tree)(lookUp)).toBe(expected);
        expect(compileConditions(parseConditions(printConditions(tree)))(lookUp)).toBe(expected);
      }),
      { numRuns: manyRuns },
    );
  });
});

/** Straight from the rules: 1 is true, 0 false, 0.5 unknown, so `and` is min, `or` max, `not` 1 minus. */
function naive(tree: Expression, lookUp: Resolve): number {
  if (tree.kind === 'and') return Math.min(...tree.operands.map((operand) => naive(operand, lookUp)));
  if (tree.kind === 'or') return Math.max(...tree.operands.map((operand) => naive(operand, lookUp)));
  if (tree.kind === 'not') return 1 - naive(tree.operand, lookUp);
  const cell = lookUp(tree.path) ?? null;
  if (tree.kind === 'compare') return naiveCompare(cell, tree.operator, tree.value);
  const truth =
    tree.kind === 'in'
      ? Math.max(...tree.values.map((value) => (value.kind === 'null' ? 0.5 : naiveCompare(cell, '=', value))))
      : naiveText(cell, tree);
  return tree.negated ? 1 - truth : truth;
}

function naiveCompare(cell: unknown, operator: string, value: Value): number {
  if (value.kind === 'null')
    return operator === '=' ? Number(cell === null) : operator === '!=' ? Number(cell !== null) : 0.5;
  let [left, right]: [unknown, unknown] = [cell, value.kind === 'datetime' ? value.text : value.value];
  if (value.kind === 'datetime') [left, right] = [Date.parse(String(cell)), Date.parse(String(right))];
  else if (value.kind === 'string')
    [left, right] = [typeof cell === 'string' ? cell.toLowerCase() : cell, value.value.toLowerCase()];
  if (typeof left !== typeof right || Number.isNaN(left)) return 0.5;
  if (value.kind === 'datetime' && typeof cell !== 'string') return 0.5;
  if (operator === '=') return Number(left === right);
  if (operator === '!=') return Number(left !== right);
  if (value.kind === 'boolean') return 0.5;
  const [a, b] = [left as number, right as number];
  return Number(operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b);
}

function naiveText(cell: unknown, tree: Extract<Expression, { kind: 'like' | 'contains' }>): number {
  if (typeof cell !== 'string') return 0.5;
  const wanted = tree.kind === 'like' ? tree.pattern : tree.text;
  if (wanted.kind !== 'string') return 0.5;
  if (tree.kind === 'contains') return Number(cell.toLowerCase().includes(wanted.value.toLowerCase()));
  const source = wanted.value
    .toLowerCase()
    .replace(/\[([^\]]*)(\]?)|[\s\S]/g, (part: string, inner?: string, end = '') => {
      if (inner === '' || (part.startsWith('[') && end === '')) return '(?!)';
      if (inner !== undefined) return `[${inner.replace(/[\\\]^[]/g, '\\$&')}]`;
      if (part === '*' || part === '%') return '[\\s\\S]*';
      return part === '_' ? '[\\s\\S]' : part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    });
  return Number(new RegExp(`^${source}$`).test(cell.toLowerCase()));
}
