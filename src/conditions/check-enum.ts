import { editDistance } from '../core/nearest.ts';
import { simplified } from '../core/text.ts';
import { type CheckContext, sourceOf } from './check-context.ts';
import type { Predicate, Value } from './expression.ts';
import { quote } from './quote.ts';

/** More values than this are counted rather than listed. */
const maxListed = 20;

/** A member with fixed values takes `=`, `!=` and `in` with their spelling (CW 2.2.19). */
export function checkEnumPredicate(context: CheckContext, predicate: Predicate, values: readonly string[]): void {
  if (predicate.kind === 'like' || predicate.kind === 'contains') {
    refusePattern(context, predicate, values);
    return;
  }
  if (predicate.kind === 'in') for (const value of predicate.values) checkEnumValue(context, value, values);
  else checkEnumValue(context, predicate.value, values);
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, maxListed).join(', ');
  return values.length > maxListed ? `${shown} and ${values.length - maxListed} more` : shown;
}

function checkEnumValue(context: CheckContext, value: Value, values: readonly string[]): void {
  if (value.kind === 'null') return;
  const written = sourceOf(context, value.span);
  const text = value.kind === 'string' ? value.value : written;
  const same = values.find((known) => simplified(known) === simplified(text) && simplified(text) !== '');
  if (same !== undefined) {
    if (value.kind === 'string' && same === text && /^["']/.test(written)) return;
    context.report.repair([{ span: value.span, replacement: quote(same) }], `${written} is spelt ${quote(same)}`);
    return;
  }
  const near = nearestValue(text, values);
  context.report.fault({
    position: value.span.start,
    reason: `${written.slice(0, 60)} is not among the values: ${listed(values)}`,
    candidates: values,
    ...(near === undefined ? {} : { edits: [{ span: value.span, replacement: quote(near) }] }),
  });
}

/** A typing error of at most a third of the letters, or the one value that begins so. */
function nearestValue(text: string, values: readonly string[]): string | undefined {
  const wanted = simplified(text);
  // Never the other way round: "Non-Billable" holds "Billable" and means the opposite.
  const within = values.filter((value) => wanted.length > 2 && simplified(value).startsWith(wanted));
  if (within.length === 1) return within[0];
  const limit = Math.min(2, Math.floor(wanted.length / 3));
  const scored = values.map((value) => ({ value, distance: editDistance(wanted, simplified(value), limit) }));
  const [best] = scored.filter(({ distance }) => distance <= limit).sort((a, b) => a.distance - b.distance);
  return best?.value;
}

function refusePattern(
  context: CheckContext,
  predicate: Predicate & { kind: 'like' | 'contains' },
  values: readonly string[],
): void {
  const value = predicate.kind === 'like' ? predicate.pattern : predicate.text;
  const wanted = value.kind === 'string' ? simplified(value.value) : '';
  let meant = values.filter((known) => simplified(known) === wanted);
  if (meant.length === 0 && wanted !== '') meant = values.filter((known) => simplified(known).includes(wanted));
  const near = meant.length === 0 && value.kind === 'string' ? nearestValue(value.value, values) : undefined;
  if (near !== undefined) meant = [near];
  const path = predicate.path.segments.join('/');
  const list = meant.map(quote).join(', ');
  const replacement =
    meant.length === 1
      ? `${path} ${predicate.negated ? '!=' : '='} ${list}`
      : `${path} ${predicate.negated ? 'not in' : 'in'} (${list})`;
  context.report.fault({
    position: predicate.span.start,
    reason: `${path} has fixed values, which take =, != and in, not "${predicate.kind}": ${listed(values)}`,
    candidates: values,
    ...(meant.length === 0 ? {} : { edits: [{ span: predicate.span, replacement }] }),
  });
}
