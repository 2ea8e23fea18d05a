import { GatewayError } from '../core/errors.ts';
import type { Expression } from './expression.ts';
import { type Edit, hintLength, renderPlace } from './mistake.ts';
import type { Fault, Move, Report } from './report.ts';

/** The expression with the moved predicates taken out; undefined where one stands inside `or` or `not`. */
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

interface Refusal {
  /** Name of the parameter that was checked. */
  kind: string;
  report: Report;
  /** Absent for lists of names, where nothing is ever moved. */
  expression?: Expression;
  /** Checks the corrected text in its turn, and gives it as it passes; undefined where it does not. */
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
    details: {
      field: kind,
      position: first.position,
      ...(corrected === undefined ? {} : { corrected }),
      ...(Object.keys(moved).length === 0 ? {} : { move: moved }),
      ...(candidates === undefined ? {} : { candidates: candidates.slice(0, 30) }),
    },
  });
}
