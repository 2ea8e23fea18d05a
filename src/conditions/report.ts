import type { Predicate, Span } from './expression.ts';
import { applyEdits, type Edit } from './mistake.ts';

/** A predicate that belongs into another parameter. */
export interface Move {
  parameter: 'conditions' | 'childConditions' | 'customFieldConditions';
  predicate: Predicate;
  /** The path it has there, and what is put before and after it. */
  path: string;
  before?: string;
  after?: string;
}

export interface Fault {
  position: number;
  reason: string;
  /** What makes it right; absent where that is not certain. */
  edits?: readonly Edit[];
  move?: Move;
  candidates?: readonly string[];
}

/** What was found in one text: repairs are made, notes go along, any fault refuses the whole. */
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
   * One saying for edits that belong together, such as the two halves of `between`. Of two edits of the same place the
   * later one holds: it was made knowing the earlier.
   */
  repair(edits: readonly Edit[], saying: string): void {
    const isSame = ({ span: a }: Edit) =>
      a.start < a.end && edits.some(({ span: b }) => a.start === b.start && a.end === b.end);
    this.#edits = [...this.#edits.filter((edit) => !isSame(edit)), ...edits];
    if (!this.repairs.includes(saying)) this.repairs.push(saying);
  }

  note(saying: string): void {
    if (!this.notes.includes(saying)) this.notes.push(saying);
  }

  fault(fault: Fault): void {
    this.faults.push(fault);
  }

  /** Whether an edit or a fault deals with this place already. */
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
