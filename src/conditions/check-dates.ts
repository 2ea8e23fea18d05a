import { findDateRange } from '../core/date-words.ts';
import { type IsoTime, readIsoTime } from '../core/iso-time.ts';
import { instantOfClock, toUtcSeconds } from '../core/zone.ts';
import { type CheckContext, isBare, sourceOf } from './check-context.ts';
import type { Comparison, Predicate, Value } from './expression.ts';

type DateType = 'date' | 'datetime';

interface Bounds {
  start: string;
  end: string;
  /** `next 60 days` lies ahead: what comes before it is meant to lie in it. */
  ahead: boolean;
}

/** Compares a date member: words become bounds, literals whole seconds of UTC, days stay the days they are. */
export function checkDatePredicate(context: CheckContext, predicate: Predicate, type: DateType): void {
  if (predicate.kind === 'like' || predicate.kind === 'contains') {
    refuseDatePattern(context, predicate, type);
    return;
  }
  if (predicate.kind === 'in') {
    for (const value of predicate.values) checkDateValue(context, value, type);
    return;
  }
  const { operator, value } = predicate;
  const words = wordsOf(context, value);
  const bounds = words === undefined ? undefined : boundsOf(context, words, type);
  if (words === undefined || bounds === undefined) {
    checkDateValue(context, value, type);
    // A day alone is its midnight: for >= and < that is what people mean, for these three it is not.
    if (type === 'datetime' && ['=', '<=', '>'].includes(operator) && isWholeDay(value)) {
      context.report.note(
        `${operator} ${sourceOf(context, value.span)} means its midnight: for whole days use >= and <`,
      );
    }
    return;
  }
  const replacement = isHalfOfBetween(predicate)
    ? boundOf(operator, bounds)
    : comparisonWith(predicate.path.segments.join('/'), operator, bounds);
  context.report.repair([{ span: predicate.span, replacement }], `${words} (${context.zone.name}): ${replacement}`);
}

/** The halves of `between` own their bound alone: see the parser. */
function isHalfOfBetween({ span, path }: Predicate): boolean {
  return span.start !== path.span.start;
}

/** The bound of a range whose comparison is written already: the upper one is its last second. */
function boundOf(operator: Comparison, { start, end }: Bounds): string {
  if (operator !== '<=' || start === end) return `[${start}]`;
  return `[${toUtcSeconds(Date.parse(end) - 1000)}]`;
}

/** A word stands for its whole range; as a bound, for the end of it that the comparison means. */
function comparisonWith(path: string, operator: Comparison, { start, end, ahead }: Bounds): string {
  // `now` is an instant: it has no range to lie in.
  if (start === end) return `${path} ${operator} [${start}]`;
  switch (operator) {
    case '=':
      return `(${path} >= [${start}] and ${path} < [${end}])`;
    case '!=':
      return `(${path} < [${start}] or ${path} >= [${end}])`;
    case '<=':
      return `${path} < [${end}]`;
    case '<':
      return `${path} < [${ahead ? end : start}]`;
    default:
      return `${path} ${operator} [${start}]`;
  }
}

/** Date words may stand bare, in quotes or in brackets. */
function wordsOf(context: CheckContext, value: Value): string | undefined {
  const text = value.kind === 'string' ? value.value : value.kind === 'datetime' ? value.text : undefined;
  return text === undefined || findDateRange(text, context.nowMs, context.zone) === undefined ? undefined : text;
}

/** Date-time members take instants, date-only members the midnights of days (CW 6.11). */
export function boundsOf({ nowMs, zone }: CheckContext, words: string, type: DateType): Bounds | undefined {
  const range = findDateRange(words, nowMs, zone);
  if (range === undefined) return undefined;
  const { ahead } = range;
  return type === 'date'
    ? {
        start: toUtcSeconds(range.startDayMs),
        end: toUtcSeconds(range.moment ? range.startDayMs : range.endDayMs),
        ahead,
      }
    : { start: toUtcSeconds(range.startMs), end: toUtcSeconds(range.endMs), ahead };
}

function isWholeDay(value: Value): boolean {
  const text = value.kind === 'datetime' ? value.text : value.kind === 'string' ? value.value : '';
  return readIsoTime(text)?.hasTime === false;
}

/** A literal that a date member is compared with. */
export function checkDateValue(context: CheckContext, value: Value, type: DateType): void {
  if (value.kind === 'null') return;
  const text =
    value.kind === 'string' ? value.value : value.kind === 'datetime' ? value.text : sourceOf(context, value.span);
  const days = slashDates(text);
  const time = readIsoTime(days.length === 1 ? (days[0] ?? text) : text);
  if (time === undefined) {
    const examples = days.length > 1 ? days : ['2025-01-31', '2025-01-31T09:00:00Z'];
    const problem = days.length > 1 ? 'is one of two days' : 'is no date';
    const reason = `${sourceOf(context, value.span).slice(0, 60)} ${problem}: write [${examples.join('] or [')}]`;
    context.report.fault({ position: value.span.start, reason, candidates: days.map((day) => `[${day}]`) });
    return;
  }
  const replacement = `[${literalOf(context, text, time, type)}]`;
  const written = sourceOf(context, value.span);
  if (replacement === written) return;
  const shown = type === 'datetime' && time.offsetMinutes === undefined ? ` (${context.zone.name})` : '';
  context.report.repair([{ span: value.span, replacement }], `${written}${shown}: ${replacement}`);
}

function literalOf({ zone }: CheckContext, text: string, time: IsoTime, type: DateType): string {
  if (type === 'date')
    return readIsoTime(text) === undefined ? toUtcSeconds(time.clockMs).slice(0, 10) : text.trim().replace(' ', 'T');
  const instant =
    time.offsetMinutes === undefined ? instantOfClock(time.clockMs, zone) : time.clockMs - time.offsetMinutes * 60_000;
  // ConnectWise takes a text without a zone for UTC (CW 2.2.10); where that is what it means, it stays as written.
  const plain = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ?)?$/.test(text);
  return plain && instant === time.clockMs ? text : toUtcSeconds(instant);
}

/** `1/31/2025` and `31.1.2025`: the days it may mean, one where only one reading is a date. */
function slashDates(text: string): readonly string[] {
  const [, a = '', b = '', year = ''] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text.trim()) ?? [];
  const iso = (month: string, day: string) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return [...new Set([iso(a, b), iso(b, a)])].filter((day) => readIsoTime(day) !== undefined);
}

/** `like "2025-01%"` means the month: dates have no text to match. */
function refuseDatePattern(
  context: CheckContext,
  predicate: Predicate & { kind: 'like' | 'contains' },
  type: DateType,
): void {
  const value = predicate.kind === 'like' ? predicate.pattern : predicate.text;
  const prefix = value.kind === 'string' ? value.value.replace(/[*%]/g, '') : '';
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?$/.exec(prefix) ?? [];
  const reason = `"${predicate.kind}" is for text, and ${predicate.path.segments.join('/')} is a date`;
  const position = predicate.span.start;
  if (year === undefined || isBare(context, value)) {
    context.report.fault({ position, reason });
    return;
  }
  const [y, m, d] = [Number(year), month === undefined ? 0 : Number(month) - 1, day === undefined ? 1 : Number(day)];
  const next =
    day !== undefined
      ? Date.UTC(y, m, d + 1)
      : Date.UTC(month === undefined ? y + 1 : y, month === undefined ? 0 : m + 1, 1);
  const bound = (clockMs: number) => toUtcSeconds(type === 'date' ? clockMs : instantOfClock(clockMs, context.zone));
  const path = predicate.path.segments.join('/');
  const range = { start: bound(Date.UTC(y, m, d)), end: bound(next), ahead: false };
  const replacement = comparisonWith(path, predicate.negated ? '!=' : '=', range);
  context.report.fault({ position, reason, edits: [{ span: predicate.span, replacement }] });
}
