import type { Schema } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import type { Zone } from '../core/zone.ts';
import { checkChildPredicate, checkCustomFieldPredicate, checkPredicate } from './check-predicate.ts';
import { type Expression, predicatesOf } from './expression.ts';
import type { FindSchema, Scope } from './member-path.ts';
import { hintLength, type Mistake, withCorrection } from './mistake.ts';
import { checkFields, checkOrderBy } from './order-and-fields.ts';
import { readConditions } from './parse-conditions.ts';
import { type CheckContext, type ConditionKind, Report, refuse } from './report.ts';

export interface CheckOptions {
  kind: ConditionKind | 'orderBy' | 'fields' | 'columns';
  /** The schema of the records that are filtered; without it only the language is checked. */
  schema?: Schema | undefined;
  findSchema: FindSchema;
  /** The user's zone, in which dates without one are read. */
  zone: Zone;
  /** The instant that `today` is read at. */
  nowMs: number;
  /** Forward-only pagination has an order of its own (CW 3). */
  forwardOnly?: boolean;
}

export interface Checked {
  /** What to send. */
  text: string;
  /** The tree of `text`; absent for lists of names. */
  expression?: Expression;
  /** What was repaired, one sentence each. */
  repairs: readonly string[];
  /** What may be wrong, and is sent anyway. */
  notes: readonly string[];
}

/** A correction may uncover the next fault. How many in a row are corrected before a person has to look. */
const settleRounds = 4;

/**
 * Parses and checks one parameter before it is sent: certain mistakes are repaired and reported, likely ones refused,
 * and what the catalog does not know passes with a note.
 * @throws GatewayError `invalid_conditions` with `details.position`, and where certain `details.corrected` and
 *   `details.move` (texts for other parameters)
 */
export function checkConditions(text: string, options: CheckOptions): Checked {
  return check(text, options, settleRounds);
}

function check(text: string, options: CheckOptions, rounds: number): Checked {
  const settle = (corrected: string) => settled(corrected, options, rounds - 1);
  const { kind, schema, findSchema } = options;
  const scope = schema === undefined ? undefined : { schema, findSchema };
  const report = new Report(text);
  if (kind === 'orderBy' || kind === 'fields' || kind === 'columns') {
    settlingSyntax(kind, settle, () => {
      if (kind === 'orderBy') checkOrderBy(report, scope, options.forwardOnly ?? false);
      else checkFields(report, scope);
    });
    if (report.faults.length > 0) throw refuse({ kind, report, settle });
    return { text: report.edited(), repairs: report.repairs, notes: report.notes };
  }
  const { expression, mistakes } = settlingSyntax(kind, settle, () => readConditions(text));
  inspect(report, expression, mistakes, kind, scope, options);
  if (report.faults.length > 0) throw refuse({ kind, report, expression, settle });
  const { repairs, notes } = report;
  if (repairs.length === 0) return { text, expression, repairs, notes };
  const repaired = report.edited().trim();
  return { text: repaired, expression: readConditions(repaired).expression, repairs, notes };
}

/** The corrected text as it passes, after further repairs and corrections. */
function settled(corrected: string, options: CheckOptions, rounds: number): string | undefined {
  if (rounds <= 0) return undefined;
  try {
    return check(corrected, options, rounds).text;
  } catch (error) {
    if (error instanceof GatewayError && error.details.move === undefined) return error.details.corrected;
    return undefined;
  }
}

/** A text that cannot be read has a correction only if the corrected text passes as a whole. */
function settlingSyntax<T>(kind: string, settle: (corrected: string) => string | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { corrected, position = 0 } = error.details;
    const better = corrected === undefined ? undefined : settle(corrected);
    const shown = better !== undefined && better.length <= hintLength;
    throw withCorrection(shown ? `Write \`${kind}=${better}\`. ${error.message}` : error.message, position, better);
  }
}

/** `a or b and c` gets the parentheses that it is read with: who wrote it may have meant others (CW 2.2.5). */
function groupAnds(report: Report, expression: Expression): void {
  if (expression.kind === 'not') groupAnds(report, expression.operand);
  if (expression.kind !== 'and' && expression.kind !== 'or') return;
  for (const operand of expression.operands) {
    groupAnds(report, operand);
    // In parentheses a chain begins before its first condition.
    const isBare = operand.kind === 'and' && operand.span.start === operand.operands[0]?.span.start;
    if (expression.kind === 'and' || !isBare) continue;
    const { start, end } = operand.span;
    const text = report.text.slice(start, end);
    const shown = text.length > 100 ? `${text.slice(0, 100).toWellFormed()}…` : text;
    const edits = [
      { span: { start, end: start }, replacement: '(' },
      { span: { start: end, end }, replacement: ')' },
    ];
    report.repair(edits, `"and" is read before "or": (${shown})`);
  }
}

/** A company that was merged into another keeps its status, so a filter by status alone finds it too. */
function noteMerged(report: Report, expression: Expression): void {
  const paths = predicatesOf(expression).map(({ path }) => path.segments.join('/').toLowerCase());
  if (!paths.some((path) => path.startsWith('status/')) || paths.includes('deletedflag')) return;
  report.note(
    'Companies that were merged into others keep their status: deletedFlag=false leaves them out (CW 5.7.9, 5.7.12)',
  );
}

function inspect(
  report: Report,
  expression: Expression,
  mistakes: readonly Mistake[],
  kind: ConditionKind,
  scope: Scope | undefined,
  { nowMs, zone }: CheckOptions,
): void {
  const bare = new Map<number, Mistake>();
  for (const mistake of mistakes) {
    const { span, replacement = '', reason } = mistake;
    if (mistake.kind === 'spelling' || mistake.kind === 'quotes') report.repair([{ span, replacement }], reason);
    else bare.set(span.start, mistake);
  }
  groupAnds(report, expression);
  if (kind === 'conditions' && scope?.schema.name === 'Company') noteMerged(report, expression);
  const context: CheckContext = { text: report.text, kind, scope, report, bare, nowMs, zone };
  for (const predicate of predicatesOf(expression)) {
    if (kind === 'conditions') checkPredicate(context, predicate);
    else if (kind === 'childConditions') checkChildPredicate(context, predicate);
    else checkCustomFieldPredicate(context, predicate);
  }
  for (const { span, replacement, reason, kind: mistake } of bare.values()) {
    if (report.isSettled(span)) continue;
    const edits = replacement === undefined ? [] : [{ span, replacement }];
    if (mistake === 'bareDate') report.repair(edits, reason);
    else report.fault({ position: span.start, reason, edits });
  }
}
