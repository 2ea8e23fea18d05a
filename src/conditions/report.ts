import { type ErrorDetails, GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import type { Zone } from '../core/zone.ts';
import type { Expression, Path, Predicate, Span, Value } from './expression.ts';
import type { Scope } from './member-path.ts';
import { applyEdits, type Edit, hintLength, type Mistake, renderPlace } from './mistake.ts';

/** A predicate that belongs in another parameter. */
export interface Move {
  parameter: 'conditions' | 'childConditions' | 'customFieldConditions';
  predicate: Predicate;
  /** Its path there, and the text to put before and after it. */
  path: string;
  before?: string | undefined;
  after?: string | undefined;
}

export interface Fault {
  position: number;
  reason: string;
  /** The correction; absent where none is certain. */
  edits?: readonly Edit[] | undefined;
  move?: Move | undefined;
  candidates?: readonly string[] | undefined;
}

/** What was found in one text: repairs are made, notes are reported, and any fault refuses the whole text. */
export class Report {
  readonly text: string;
  readonly repairs: string[] = [];
  readonly notes: string[] = [];
  readonly faults: Fault[] = [];
  #edits: readonly Edit[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /**
   * One sentence for edits that belong together, such as the two halves of `between`. Of two edits of the same place
   * the later one wins: it was made with knowledge of the earlier.
   */
  repair(edits: readonly Edit[], sentence: string): void {
    const isSame = ({ span: a }: Edit) =>
      a.start < a.end && edits.some(({ span: b }) => a.start === b.start && a.end === b.end);
    this.#edits = [...this.#edits.filter((edit) => !isSame(edit)), ...edits];
    if (!this.repairs.includes(sentence)) this.repairs.push(sentence);
  }

  note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence);
  }

  fault(fault: Fault): void {
    this.faults.push(fault);
  }

  /** Whether an edit or a fault covers this place already. */
  isSettled({ start }: Span): boolean {
    const faulted = this.faults.flatMap(({ edits = [], position }) => [
      { start: position, end: position },
      ...edits.map(({ span }) => span),
    ]);
    const edited = this.#edits.map(({ span }) => span);
    return [...edited, ...faulted].some(
      (place) => place.start <= start && start < Math.max(place.end, place.start + 1),
    );
  }

  /** The text with the repairs; `extra` are the corrections of faults. */
  edited(span: Span = { start: 0, end: this.text.length }, extra: readonly Edit[] = []): string {
    const inside = [...this.#edits, ...extra]
      .filter((edit) => edit.span.start >= span.start && edit.span.end <= span.end)
      .map(({ span: { start, end }, replacement }) => ({
        span: { start: start - span.start, end: end - span.start },
        replacement,
      }));
    return applyEdits(this.text.slice(span.start, span.end), inside);
  }
}

export type ConditionKind = 'conditions' | 'childConditions' | 'customFieldConditions';

/** What the checks of one text share. */
export interface CheckContext {
  text: string;
  kind: ConditionKind;
  /** Absent where the catalog does not know what the endpoint answers. */
  scope: Scope | undefined;
  report: Report;
  /** Values without quotes or brackets, by their offset: the member's type decides what they are. */
  bare: ReadonlyMap<number, Mistake>;
  nowMs: number;
  zone: Zone;
}

export function sourceOf({ text }: CheckContext, { start, end }: Span): string {
  return text.slice(start, end);
}

export function pathEdit({ span }: Path, segments: readonly string[]): Edit {
  return { span, replacement: segments.join('/') };
}

/** Whether the value was written as plain words, without quotes. */
export function isBare({ bare }: CheckContext, { span }: Value): boolean {
  return bare.get(span.start)?.kind === 'bareWords';
}

interface Refusal {
  /** Name of the parameter that was checked. */
  kind: string;
  report: Report;
  /** Absent for lists of names, where nothing is ever moved. */
  expression?: Expression;
  /** Checks the corrected text, and returns it as it passes; undefined where it does not. */
  settle: (corrected: string) => string | undefined;
}

/** The error for a text with faults: the corrected text first, then what is wrong, then the place of the first. */
export function refuse({ kind, report, expression, settle }: Refusal): GatewayError {
  const { faults, text } = report;
  const first = faults.reduce((a, b) => (b.position < a.position ? b : a));
  const moves = faults.flatMap(({ move }) => (move === undefined ? [] : [move]));
  const certain = faults.every(({ edits, move }) => (edits !== undefined && edits.length > 0) || move !== undefined);
  const edits = faults.flatMap((fault) => fault.edits ?? []);
  const whole =
    moves.length === 0
      ? report.edited(undefined, edits)
      : expression && withoutMoved(report, expression, moves, faults);
  const corrected = certain && whole !== undefined ? (whole === '' ? '' : settle(whole)) : undefined;
  const moved = corrected === undefined ? {} : textsOf(report, moves, edits);
  const written = [
    ...(corrected === undefined || corrected === '' ? [] : [[kind, corrected]]),
    ...Object.entries(moved),
  ];
  const instruction = written.map(([name, value]) => `\`${name}=${value}\``).join(' and ');
  const start = instruction === '' || instruction.length > hintLength ? '' : `Write ${instruction}. `;
  const reasons = [...new Set(faults.map(({ reason }) => reason))].slice(0, 4).join('; ');
  const message = `${start}In ${kind}: ${reasons} (at character ${first.position + 1}: ${renderPlace(text, first.position)})`;
  const candidates = faults.find((fault) => fault.candidates !== undefined)?.candidates;
  return new GatewayError('invalid_conditions', message, {
    details: defined<ErrorDetails>({
      field: kind,
      position: first.position,
      corrected,
      move: Object.keys(moved).length === 0 ? undefined : moved,
      candidates: candidates?.slice(0, 30),
    }),
  });
}

/** The text without the moved predicates; undefined where one is inside `or` or `not`. */
function withoutMoved(
  report: Report,
  expression: Expression,
  moves: readonly Move[],
  faults: readonly Fault[],
): string | undefined {
  const edits = faults.flatMap((fault) => fault.edits ?? []);
  const moved = new Set<Expression>(moves.map(({ predicate }) => predicate));
  const operands = expression.kind === 'and' ? expression.operands : [expression];
  const kept = operands.filter((operand) => !moved.has(operand));
  if (operands.length - kept.length !== moved.size) return undefined;
  return kept.map((operand) => report.edited(operand.span, edits)).join(' and ');
}

function textsOf(report: Report, moves: readonly Move[], edits: readonly Edit[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { parameter, predicate, path, before = '', after = '' } of moves) {
    const test = report.edited({ start: predicate.path.span.end, end: predicate.span.end }, edits);
    const text = `${before}${path}${test}${after}`;
    const others = texts[parameter];
    texts[parameter] = others === undefined ? text : `${others} and ${text}`;
  }
  return texts;
}
