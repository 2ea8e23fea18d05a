import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manyRuns } from '../../tests/support/depth.ts';
import { expressions, withoutSpans } from '../../tests/support/expressions.ts';
import { parseConditions } from './parse-conditions.ts';
import { printConditions } from './print-conditions.ts';

describe('printConditions', () => {
  it('writes what parses to the same tree', () => {
    fc.assert(
      fc.property(expressions, (tree) => {
        expect(withoutSpans(parseConditions(printConditions(tree)))).toEqual(withoutSpans(tree));
      }),
      { numRuns: manyRuns },
    );
  });

  it('prints its own output unchanged', () => {
    fc.assert(
      fc.property(expressions, (tree) => {
        const printed = printConditions(tree);
        expect(printConditions(parseConditions(printed))).toBe(printed);
      }),
    );
  });

  it('stays parsable at the deepest nesting that is accepted', () => {
    const deep = `${'not ('.repeat(49)}a=1 and b=2 or c=3${')'.repeat(49)}`;
    expect(() => parseConditions(deep)).toThrow(/nested more than 50 deep/);
    const allowed = `${'not ('.repeat(48)}a=1 and b=2 or c=3${')'.repeat(48)}`;
    expect(() => parseConditions(printConditions(parseConditions(allowed)))).not.toThrow();
  });
});
