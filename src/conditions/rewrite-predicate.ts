import { type CheckContext, pathEdit, sourceOf } from './check-context.ts';
import { valuesOf } from './check-values.ts';
import type { Predicate, Value } from './expression.ts';
import { quote } from './quote.ts';
import type { Fault } from './report.ts';
import type { Suggestion } from './suggest-path.ts';

/** What a suggestion makes of a predicate: edits, or a move into another parameter; neither where it cannot say. */
export function rewritePredicate(
  context: CheckContext,
  predicate: Predicate,
  { segments, paths, rewrite }: Suggestion,
): Pick<Fault, 'edits' | 'move'> {
  if (segments === undefined) return {};
  const whole = (replacement: string) => ({ edits: [{ span: predicate.span, replacement }] });
  const [value] = valuesOf(predicate);
  const text = value?.kind === 'string' ? value.value : undefined;
  const path = segments.join('/');
  switch (rewrite) {
    case 'child': {
      const [, and] = paths;
      const move = { parameter: 'childConditions', predicate, path } as const;
      return { move: and === undefined ? move : { ...move, after: ` and ${and}` } };
    }
    case 'contains':
      return text === undefined ? {} : whole(asText(predicate, path));
    case 'personName':
      return text === undefined ? {} : whole(asPerson(context, predicate, text));
    case 'invert':
    case 'billable': {
      const truth = truthOf(predicate, value);
      // Compared with something else than a truth value, the name at least is right.
      if (truth === undefined) return { edits: [pathEdit(predicate.path, segments)] };
      return whole(rewrite === 'invert' ? `${path} = ${!truth}` : `${path} ${truth ? '=' : '!='} "Billable"`);
    }
    case 'rename':
      return { edits: [pathEdit(predicate.path, segments)] };
  }
}

/** Whether the predicate asks for true: `= true`, `!= false`, `= "yes"`. */
function truthOf(predicate: Predicate, value: Value | undefined): boolean | undefined {
  if (predicate.kind !== 'compare' || (predicate.operator !== '=' && predicate.operator !== '!=')) return undefined;
  const word = value?.kind === 'boolean' ? String(value.value) : value?.kind === 'number' ? value.text : undefined;
  const text = (value?.kind === 'string' ? value.value : word)?.toLowerCase();
  if (text === undefined || !['true', 'false', '1', '0', 'yes', 'no'].includes(text)) return undefined;
  return ['true', '1', 'yes'].includes(text) === (predicate.operator === '=');
}

function isNegated(predicate: Predicate): boolean {
  return predicate.kind === 'compare' ? predicate.operator === '!=' : predicate.negated;
}

/** A list in one text: each value is looked for inside it. */
function asText(predicate: Predicate, path: string): string {
  const tests = valuesOf(predicate).flatMap((value) =>
    value.kind === 'string'
      ? [`${path} ${isNegated(predicate) ? 'not ' : ''}contains ${quote(value.value.replace(/[*%]/g, ''))}`]
      : [],
  );
  const joined = tests.join(isNegated(predicate) ? ' and ' : ' or ');
  return tests.length > 1 ? `(${joined})` : joined;
}

function asPerson(context: CheckContext, predicate: Predicate, text: string): string {
  const [first, ...rest] = text.trim().split(/\s+/);
  const negated = isNegated(predicate);
  if (predicate.kind === 'compare' && first !== undefined && rest.length > 0) {
    const both = `firstName = ${quote(first)} and lastName = ${quote(rest.join(' '))}`;
    return negated ? `not (${both})` : `(${both})`;
  }
  // One word may be either name.
  const test = sourceOf(context, { start: predicate.path.span.end, end: predicate.span.end });
  return `(firstName${test} ${negated ? 'and' : 'or'} lastName${test})`;
}
