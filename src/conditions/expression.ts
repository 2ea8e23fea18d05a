/** The typed tree of a `conditions` string. Grammar: docs/connectwise.md. */

/** Half-open range of UTF-16 offsets in the text that was parsed. */
export interface Span {
  start: number;
  end: number;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Value =
  | { kind: 'string'; value: string; span: Span }
  | { kind: 'number'; value: number; text: string; span: Span }
  | { kind: 'boolean'; value: boolean; span: Span }
  | { kind: 'null'; span: Span }
  /** `text` is the part between the brackets. */
  | { kind: 'datetime'; text: string; span: Span };

/** `board/name` is `['board', 'name']`, spelt as written: ConnectWise ignores case here. */
export interface Path {
  segments: readonly string[];
  span: Span;
}

export type Predicate =
  | { kind: 'compare'; path: Path; operator: Comparison; value: Value; span: Span }
  | { kind: 'like'; path: Path; negated: boolean; pattern: Value; span: Span }
  | { kind: 'contains'; path: Path; negated: boolean; text: Value; span: Span }
  | { kind: 'in'; path: Path; negated: boolean; values: readonly Value[]; span: Span };

export type Expression =
  | { kind: 'or'; operands: readonly Expression[]; span: Span }
  | { kind: 'and'; operands: readonly Expression[]; span: Span }
  | { kind: 'not'; operand: Expression; span: Span }
  | Predicate;

/** The predicates of a tree, from left to right. */
export function predicatesOf(expression: Expression): readonly Predicate[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.flatMap(predicatesOf);
    case 'not':
      return predicatesOf(expression.operand);
    default:
      return [expression];
  }
}

/** The literals of a predicate, in the order in which they are written. */
export function valuesOf(predicate: Predicate): readonly Value[] {
  switch (predicate.kind) {
    case 'compare':
      return [predicate.value];
    case 'like':
      return [predicate.pattern];
    case 'contains':
      return [predicate.text];
    case 'in':
      return predicate.values;
  }
}

/** A copy of the tree in which `change` gives what each predicate becomes. */
export function mapPredicates(expression: Expression, change: (predicate: Predicate) => Expression): Expression {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { ...expression, operands: expression.operands.map((operand) => mapPredicates(operand, change)) };
    case 'not':
      return { ...expression, operand: mapPredicates(expression.operand, change) };
    default:
      return change(expression);
  }
}

/**
 * A copy of the tree with other literals. `change` gets the literals of each predicate, from left to right, and returns
 * the new ones; only `in` takes more than the first, and the others compare with null where there is none.
 */
export function mapValues(
  expression: Expression,
  change: (values: readonly Value[], predicate: Predicate) => readonly Value[],
): Expression {
  return mapPredicates(expression, (predicate) => {
    const values = change(valuesOf(predicate), predicate);
    const [first = { kind: 'null', span: predicate.span }] = values;
    switch (predicate.kind) {
      case 'compare':
        return { ...predicate, value: first };
      case 'like':
        return { ...predicate, pattern: first };
      case 'contains':
        return { ...predicate, text: first };
      case 'in':
        return { ...predicate, values };
    }
  });
}
