import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manyRuns } from '../../tests/support/depth.ts';
import { GatewayError } from '../core/errors.ts';
import { parseConditions } from './parse-conditions.ts';
import { printConditions } from './print-conditions.ts';

function refusal(text: string): GatewayError {
  try {
    parseConditions(text);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('parseConditions', () => {
  it.each([
    ['id=123', 'id = 123'],
    ['value !=null', 'value != null'],
    ['Summary Not Contains "Low Priority"', 'Summary not contains "Low Priority"'],
    ["summary not like '%test'", 'summary not like "%test"'],
    ['status/id NOT IN (17,165)', 'status/id not in (17, 165)'],
    ['a=1 and b=2 or c=3', '(a = 1 and b = 2) or c = 3'],
    ['a=1 and (b=2 or c=3)', 'a = 1 and (b = 2 or c = 3)'],
    ['((((a=1))))', 'a = 1'],
    ['not a=1', 'not (a = 1)'],
    ['NOT(a=1 OR b=2)', 'not (a = 1 or b = 2)'],
    ['balance>-1.50', 'balance > -1.50'],
    ['lastUpdated>=[2016-08-20T18:04:26Z]', 'lastUpdated >= [2016-08-20T18:04:26Z]'],
    ['_info/lastUpdated < [2025-01-01]', '_info/lastUpdated < [2025-01-01]'],
    ['closedFlag=TRUE', 'closedFlag = true'],
    ["x='it''s'", `x = "it's"`],
    ["x='it\\'s'", `x = "it's"`],
    ['x="6"" rack"', `x = '6" rack'`],
    ["x=''", 'x = ""'],
    [`x='both " and '' here'`, `x = "both "" and ' here"`],
    ['x="C:\\temp\\\\"', 'x = "C:\\temp\\\\"'],
    ['x="\\\\server\\c$"', 'x = "\\\\server\\c$"'],
    ["like like 'x' and in in (1) and not = 1", 'like like "x" and in in (1) and not = 1'],
    ['and = 1 and or/name = 2 or null = 3', '(and = 1 and or/name = 2) or null = 3'],
    ['type = "Größe 北京 😀"', 'type = "Größe 北京 😀"'],
  ])('reads %s', (text, canonical) => {
    expect(printConditions(parseConditions(text))).toBe(canonical);
  });

  it.each([
    ['a==1 && b<>2', 1, 'a=1 and b!=2'],
    ['a=1||!(b=2)', 3, 'a=1 or  not (b=2)'],
    ['owner is null', 6, 'owner = null'],
    ['owner IS NOT NULL', 6, 'owner != NULL'],
    ["lastName='O'Brien' and x=1", 9, `lastName="O'Brien" and x=1`],
    ['x > 2025-01-01T10:00:00Z', 4, 'x > [2025-01-01T10:00:00Z]'],
    ['status/name = In Progress and a=1', 14, 'status/name = "In Progress" and a=1'],
    ['status.name = "New"', 0, 'status/name = "New"'],
    ['closedFlag', 10, 'closedFlag = true'],
    ['a=1,b=2', 3, 'a=1 and b=2'],
    ['a=1 b=2', 4, 'a=1 and b=2'],
    ['((a=1)', 0, '((a=1))'],
    ['a=1)', 3, 'a=1'],
    ['a=1 and', 4, 'a=1'],
    ['or a=1', 0, 'a=1'],
    ["summary startswith 'VPN'", 8, 'summary like "VPN%"'],
    ['d between [2025-01-01] and [2025-02-01]', 0, '(d >= [2025-01-01] and d <= [2025-02-01])'],
    ['id in [1,2]', 6, 'id in (1,2)'],
    ['id in 1, 2 and a=1', 6, 'id in (1, 2) and a=1'],
    ['id=(1,2)', 2, 'id in (1,2)'],
    ['status%2Fname%3D%22New%22', 6, 'status/name="New"'],
    ['conditions=a=1', 0, 'a=1'],
    ['name = “New”', 7, 'name = "New"'],
    ['name = "New and closedFlag = false', 7, 'name = "New" and closedFlag = false'],
    [`name = "New' and closedFlag = false`, 7, 'name = "New" and closedFlag = false'],
    ["name = New'", 10, 'name = "New"'],
    ["(name = 'New)", 8, '(name = "New")'],
    ['a like null', 2, 'a = null'],
    ['a not contains null', 2, 'a != null'],
    ['summary like 123', 13, 'summary like "123"'],
    ["x > ['2025-01-01']", 4, 'x > [2025-01-01]'],
    ['a = 1\u00a0and b = 2', 5, 'a = 1 and b = 2'],
  ])('refuses %s at %i and corrects it', (text, position, corrected) => {
    const { code, details } = refusal(text);
    expect({ code, ...details }).toEqual({ code: 'invalid_conditions', position, corrected });
    expect(() => parseConditions(corrected)).not.toThrow();
  });

  it.each([
    ['', 0, /empty/],
    ['   ', 0, /empty/],
    ['a = ', 4, /value is missing after "="/],
    ['a = [yesterday]', 4, /\[yesterday\] is not a date/],
    ['a = [2025-02-30]', 4, /not a date/],
    ['a = [2025-01-01', 4, /no closing \]/],
    ['a in ()', 5, /at least one value/],
    ['()', 0, /no condition/],
    ['a = "1" # b', 8, /Expected "and"/],
    ['a = "x\0y"', 6, /control character/],
    ['a = "\ud800"', 5, /surrogate/],
    ['a contains [2025-01-01]', 11, /not a datetime/],
  ])('refuses %j at %i with a reason', (text, position, reason) => {
    const { message, details } = refusal(text);
    expect(details.position).toBe(position);
    expect(message).toMatch(reason);
    expect(message.length).toBeLessThan(300);
  });

  it.each([
    ['parentheses', `${'('.repeat(101)}a=1${')'.repeat(101)}`, 101, /nested more than 100 deep/],
    ['not', `${'not '.repeat(60)}a=1`, 0, /nested more than 50 deep/],
    ['open parentheses', '('.repeat(100_000), 101, /nested more than/],
  ])('refuses too deep a nesting of %s', (_, text, position, reason) => {
    expect(refusal(text)).toMatchObject({ details: { position }, message: expect.stringMatching(reason) });
  });

  it('gives spans that cut the words out of the text', () => {
    const text = ' status/name  =  "New"  and id in (1, 2)';
    const tree = parseConditions(text);
    const cut = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
    expect(cut(tree.span)).toBe(text.trim());
    if (tree.kind !== 'and') throw new Error('expected and');
    expect(tree.operands.map(({ span }) => cut(span))).toEqual(['status/name  =  "New"', 'id in (1, 2)']);
  });

  it('reads a string of 100,000 characters', () => {
    const value = `"${'y'.repeat(100_000)}"`;
    expect(printConditions(parseConditions(`x=${value}`))).toBe(`x = ${value}`);
  });

  it('reads a chain of 20,000 conditions', () => {
    const tree = parseConditions(Array.from({ length: 20_000 }, (_, id) => `id=${id}`).join(' or '));
    expect(tree.kind === 'or' && tree.operands.length).toBe(20_000);
  });

  it('throws nothing but GatewayError, and corrects only to what it accepts', () => {
    const piece = fc.constantFrom(
      ...'a status/name and or not like contains in is null true ( ) , = != < [2025-01-01] [ ] " \' \\ 1 -2.5 && %20 . / ! “ 2025-01-01'.split(
        ' ',
      ),
    );
    const soup = fc
      .array(fc.tuple(piece, fc.constantFrom('', ' ')), { maxLength: 14 })
      .map((pairs) => pairs.flat().join(''));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 40 })), (text) => {
        try {
          parseConditions(text);
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          expect(error.code).toBe('invalid_conditions');
          if (error.details.corrected !== undefined) parseConditions(error.details.corrected);
        }
      }),
      { numRuns: manyRuns },
    );
  });
});
