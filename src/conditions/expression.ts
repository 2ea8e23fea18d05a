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
  /** `text` is what stands between the brackets. */
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
