import type { Expression, Path, Value } from '../../conditions/index.ts';

/** `board/name = "Help Desk"`, wherever it stands in an expression that asks for it and does not exclude it. */
export interface Equality {
  /** As written: ConnectWise ignores case here (CW 2.2.4). */
  segments: readonly string[];
  value: string | number;
}

/** Every equality with a text or number; one for each value of an `in`. */
export function listEqualities(expression: Expression): Equality[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.flatMap(listEqualities);
    case 'compare':
      return expression.operator === '=' ? equalities(expression.path, [expression.value]) : [];
    case 'in':
      return expression.negated ? [] : equalities(expression.path, expression.values);
    case 'like':
      // Without a wildcard it is an equality (CW 2.2.15).
      return expression.negated || isPattern(expression.pattern)
        ? []
        : equalities(expression.path, [expression.pattern]);
    case 'not':
    case 'contains':
      return [];
  }
}

function equalities({ segments }: Path, values: readonly Value[]): Equality[] {
  return values.flatMap((value) =>
    value.kind === 'string' || value.kind === 'number' ? [{ segments, value: value.value }] : [],
  );
}

function isPattern(value: Value): boolean {
  return value.kind !== 'string' || /[%*_[]/.test(value.value);
}
