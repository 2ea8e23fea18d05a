import { findDateRange } from '../core/date-words.ts';
import { type IsoTime, readIsoTime } from '../core/iso-time.ts';
import { editDistance } from '../core/nearest.ts';
import { simplified } from '../core/text.ts';
import { clockOf, dayMs, instantOfClock, toUtcSeconds } from '../core/zone.ts';
import { type Comparison, type Predicate, type Value, valuesOf } from './expression.ts';
import { findMember, type Target } from './member-path.ts';
import type { Edit } from './mistake.ts';
import { quote, withLiteralBrackets } from './print-conditions.ts';
import { type CheckContext, isBare, pathEdit, sourceOf } from './report.ts';

type ValueTarget = Extract<Target, { kind: 'value' }>;

/** Checks the values that a member is compared with against its type. */
export function checkValues(context: CheckContext, predicate: Predicate, target: ValueTarget): void {
  if (refuseNullOrder(context, predicate)) return;
  switch (target.type) {
    case 'date':
    case 'datetime':
      checkDatePredicate(context, predicate, target.type);
      return;
    case 'enum':
      checkEnumPredicate(context, predicate, target.values);
      return;
    case 'boolean':
    case 'number':
      if (refuseTextTest(context, predicate, target.type)) return;
      for (const value of valuesOf(predicate)) {
        if (target.type === 'boolean') checkBoolean(context, value);
        else checkNumber(context, predicate, value);
      }
      return;
    case 'string':
      for (const value of valuesOf(predicate)) checkString(context, predicate, value);
      noteWildcards(context, predicate);
      return;
    case 'any':
      for (const value of valuesOf(predicate)) checkAny(context, predicate, value);
      noteWildcards(context, predicate);
  }
}

/** `owner > null` is never true; "has an owner" is `!=`. */
export function refuseNullOrder({ report }: CheckContext, predicate: Predicate): boolean {
  if (predicate.kind !== 'compare' || predicate.value.kind !== 'null') return false;
  if (predicate.operator === '=' || predicate.operator === '!=') return false;
  const span = { start: predicate.path.span.end, end: predicate.value.span.end };
  const edits = [{ span, replacement: ' != null' }];
  report.fault({ position: span.start, reason: 'null can only be compared with = and !=', edits });
  return true;
}

function refuseTextTest({ report }: CheckContext, predicate: Predicate, type: 'boolean' | 'number'): boolean {
  if (predicate.kind !== 'like' && predicate.kind !== 'contains') return false;
  const value = predicate.kind === 'like' ? predicate.pattern : predicate.text;
  const text = value.kind === 'string' ? value.value.trim() : '';
  const fits = type === 'number' ? numberPattern.test(text) : /^(?:true|false)$/i.test(text);
  const span = { start: predicate.path.span.end, end: value.span.end };
  const replacement = ` ${predicate.negated ? '!=' : '='} ${text.toLowerCase()}`;
  const name = predicate.path.segments.join('/');
  const reason = `"${predicate.kind}" is for text, and ${name} is a ${type}`;
  report.fault({ position: span.start, reason, edits: fits ? [{ span, replacement }] : [] });
  return true;
}

/** Repairs `"null"` where text cannot be meant. */
export function repairNull({ report }: CheckContext, value: Value): boolean {
  if (value.kind !== 'string' || value.value.toLowerCase() !== 'null') return false;
  report.repair([{ span: value.span, replacement: 'null' }], 'null is written without quotes');
  return true;
}

const numberPattern = /^[+-]?\d+(?:\.\d+)?$/;

const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Booleans are the words true and false, neither quoted nor 1 and 0 (CW 2.2.9). */
function checkBoolean(context: CheckContext, value: Value): void {
  if (value.kind === 'boolean' || value.kind === 'null' || repairNull(context, value)) return;
  const written = sourceOf(context, value.span);
  const text = (value.kind === 'string' ? value.value : written).trim().toLowerCase();
  const meant = booleanWords.get(text);
  if (meant !== undefined) {
    context.report.repair([{ span: value.span, replacement: String(meant) }], `${written} is the boolean ${meant}`);
    return;
  }
  const spoken = /^(?:yes|y|on)$/.test(text) ? 'true' : /^(?:no|n|off)$/.test(text) ? 'false' : undefined;
  const reason = `expected true or false, not ${written.slice(0, 40)}`;
  const edits = spoken === undefined ? [] : [{ span: value.span, replacement: spoken }];
  context.report.fault({ position: value.span.start, reason, edits });
}

/** Numbers are digits only (CW 2.2.9): no quotes, thousands separators or currency signs. */
function checkNumber(context: CheckContext, predicate: Predicate, value: Value): void {
  if (value.kind === 'number' || value.kind === 'null' || repairNull(context, value)) return;
  const written = sourceOf(context, value.span);
  const text = (value.kind === 'string' ? value.value : written).trim();
  const plain = text.replace(/^[$€£]\s*|^#|,(?=\d{3}(?:\D|$))/g, '');
  if (numberPattern.test(plain)) {
    context.report.repair([{ span: value.span, replacement: plain }], `${written} is the number ${plain}`);
    return;
  }
  const reason = `${predicate.path.segments.join('/')} is a number, not ${written.slice(0, 40)}`;
  const edits = value.kind === 'string' ? namedInstead(context, predicate, value) : [];
  context.report.fault({ position: value.span.start, reason, edits });
}

/** `status/id = "New"`: the name of the reference is what the text is compared with. */
function namedInstead(context: CheckContext, { path }: Predicate, value: Value & { kind: 'string' }) {
  const { segments } = path;
  if (segments.length < 2 || segments.at(-1)?.toLowerCase() !== 'id') return [];
  const edit = pathEdit(path, [...segments.slice(0, -1), 'name']);
  return isBare(context, value) ? [edit, { span: value.span, replacement: quote(value.value) }] : [edit];
}

function checkString(context: CheckContext, predicate: Predicate, value: Value): void {
  const { report } = context;
  const written = sourceOf(context, value.span);
  if (value.kind === 'string') {
    checkQuotes(context, predicate, value);
    return;
  }
  if (value.kind === 'null') return;
  // The definition calls some dates and flags text: the catalog is not sure enough to refuse.
  if (value.kind === 'datetime' || value.kind === 'boolean') {
    report.note(
      `${predicate.path.segments.join('/')} is text in the catalog, and compared with ${written.slice(0, 40)}`,
    );
    return;
  }
  const { segments } = predicate.path;
  // `board/name = 1`: boards are not named 1, so it is the id; other texts (zip, serial numbers) are often digits.
  if (segments.length > 1 && segments.at(-1)?.toLowerCase() === 'name') {
    const edits = [pathEdit(predicate.path, [...segments.slice(0, -1), 'id'])];
    report.fault({ position: value.span.start, reason: `a name is text; ${written} looks like an id`, edits });
    return;
  }
  report.repair([{ span: value.span, replacement: quote(written) }], `${written} is text here: ${quote(written)}`);
}

type StringValue = Extract<Value, { kind: 'string' }>;

/** Words without quotes: most likely text, unless they name a member or are a placeholder. */
function refuseBare({ report, scope }: CheckContext, { value, span }: StringValue): void {
  const position = span.start;
  const isMember = scope !== undefined && findMember(scope.schema, value.split('/')[0] ?? '') !== undefined;
  if (isMember) {
    report.fault({ position, reason: 'a member is compared with a value, not with another member' });
  } else if (/[{}]/.test(value)) {
    report.fault({ position, reason: `${value.slice(0, 60)} is a placeholder: replace it with a value` });
  } else {
    report.fault({ position, reason: 'text must be quoted', edits: [{ span, replacement: quote(value) }] });
  }
}

/** Strings are quoted so that they need no escape, since no way of escaping is proven (CW 2.2.8). */
function checkQuotes(context: CheckContext, predicate: Predicate, value: StringValue): void {
  const { report } = context;
  if (isBare(context, value)) {
    refuseBare(context, value);
    return;
  }
  const written = sourceOf(context, value.span);
  const meant = predicate.kind === 'like' ? withLiteralBrackets(value.value) : value.value;
  if (meant !== value.value) {
    const shown = written.slice(0, 60);
    const reason = `${shown}: brackets are a set of characters after "like"; as text, [ is written [[] (CW 2.2.15)`;
    report.repair([{ span: value.span, replacement: quote(meant) }], reason);
  }
  const both = value.value.includes('"') && value.value.includes("'");
  const escaped = value.value !== written.slice(1, -1);
  // Without the escape, a backslash at the end would be read as one that escapes the quote.
  if ((!escaped && !both) || value.value.endsWith('\\')) return;
  const edits = both
    ? asPattern(predicate, { ...value, value: meant })
    : [{ span: value.span, replacement: quote(meant) }];
  if (edits.length > 0) report.repair(edits, `${written.slice(0, 60)} is written without an escaped quote`);
}

/** Text with both kinds of quotes fits into neither: with `like`, the wildcard `_` replaces one of them (CW 2.2.8). */
function asPattern(predicate: Predicate, { value, span }: StringValue): readonly Edit[] {
  const text = value.replaceAll('"', '_');
  if (predicate.kind === 'like') return [{ span, replacement: quote(text) }];
  const equal = predicate.kind === 'compare' && (predicate.operator === '=' || predicate.operator === '!=');
  // These characters are literal for `=` and `contains`, and wildcards for `like`.
  if ((!equal && predicate.kind !== 'contains') || /[%*_[]/.test(value)) return [];
  const negated = predicate.kind === 'compare' ? predicate.operator === '!=' : predicate.negated;
  const operator = { start: predicate.path.span.end, end: span.start };
  return [
    { span: operator, replacement: negated ? ' not like ' : ' like ' },
    { span, replacement: quote(equal ? text : `%${text}%`) },
  ];
}

/** Wildcards work only in `like`, and `like` without one is `=` (CW 2.2.15). */
function noteWildcards(context: CheckContext, predicate: Predicate): void {
  const [value] = valuesOf(predicate);
  if (value?.kind !== 'string' || predicate.kind === 'in') return;
  const wild = /[*%]/.test(value.value);
  const shown = sourceOf(context, predicate.span).slice(0, 80);
  if (predicate.kind === 'like' && !wild && !/[_[]/.test(value.value)) {
    context.report.note(`${shown} has no * or %, so it equals "="; "contains" finds text anywhere`);
  } else if (predicate.kind === 'like' && value.value.replace(/\[[^\]]*\]/g, '').includes('_')) {
    context.report.note(`${shown}: after "like", _ is any one character (CW 2.2.15)`);
  } else if (predicate.kind !== 'like' && wild) {
    context.report.note(`${shown}: * and % are wildcards only after "like"`);
  }
}

/** A member of unknown type: dates are checked as date-times, words must be quoted. */
function checkAny(context: CheckContext, predicate: Predicate, value: Value): void {
  const words = isBare(context, value) && value.kind === 'string' ? value.value : undefined;
  const inBrackets = value.kind === 'datetime' ? value.text : undefined;
  const dated = words ?? inBrackets;
  if (dated !== undefined && boundsOf(context, dated, 'datetime') !== undefined) {
    checkDatePredicate(context, predicate, 'datetime');
  } else if (value.kind === 'datetime') checkDateValue(context, value, 'datetime');
  else if (value.kind === 'string') checkQuotes(context, predicate, value);
}

/** How many values an error lists; of the rest it says the number. */
const maxListed = 20;

/** A member with fixed values takes `=`, `!=` and `in` with their spelling (CW 2.2.19). */
function checkEnumPredicate(context: CheckContext, predicate: Predicate, values: readonly string[]): void {
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
    edits: near === undefined ? undefined : [{ span: value.span, replacement: quote(near) }],
  });
}

/** The one value that begins with the text, or one that is a typing error of at most a third of the letters away. */
function nearestValue(text: string, values: readonly string[]): string | undefined {
  const wanted = simplified(text);
  // Only from the beginning: "Non-Billable" contains "Billable" and means the opposite.
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
    edits: meant.length === 0 ? undefined : [{ span: predicate.span, replacement }],
  });
}

type DateType = 'date' | 'datetime';

interface Bounds {
  start: string;
  end: string;
  /** For `next 60 days`, which begins now: `<` such a range means before its end. */
  ahead: boolean;
}

/** A date member: words become bounds, literals whole seconds of UTC, and days of date-only members are never shifted. */
function checkDatePredicate(context: CheckContext, predicate: Predicate, type: DateType): void {
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
  const bounds = words === undefined ? boundsOfDay(context, predicate, type) : boundsOf(context, words, type);
  if (bounds === undefined) {
    checkDateValue(context, value, type);
    if (type === 'datetime' && operator === '>' && isWholeDay(value)) {
      context.report.note(`> ${sourceOf(context, value.span)} begins at its midnight: >= the next day leaves it out`);
    }
    return;
  }
  const replacement = isHalfOfBetween(predicate)
    ? boundOf(operator, bounds)
    : comparisonWith(predicate.path.segments.join('/'), operator, bounds);
  context.report.repair(
    [{ span: predicate.span, replacement }],
    `${words ?? sourceOf(context, value.span)} (${context.zone.name}): ${replacement}`,
  );
}

/** Whether it is one half of `between`, whose span is its bound only (see `parseBetween`). */
export function isHalfOfBetween({ span, path }: Predicate): boolean {
  return span.start !== path.span.start;
}

/** The bound of a range in one half of `between`: for `<=` its last second. */
function boundOf(operator: Comparison, { start, end }: Bounds): string {
  if (operator !== '<=' || start === end) return `[${start}]`;
  return `[${toUtcSeconds(Date.parse(end) - 1000)}]`;
}

/** A date word means its whole range; with `<` or `>`, the end of the range that the comparison needs. */
function comparisonWith(path: string, operator: Comparison, { start, end, ahead }: Bounds): string {
  // `now` is an instant and not a range.
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

/** Date words may be written without quotes, in quotes or in brackets. */
function wordsOf(context: CheckContext, value: Value): string | undefined {
  const text = value.kind === 'string' ? value.value : value.kind === 'datetime' ? value.text : undefined;
  return text === undefined || findDateRange(text, context.nowMs, context.zone) === undefined ? undefined : text;
}

/** Date-time members take instants, date-only members the midnights of days (CW 6.11). */
function boundsOf({ nowMs, zone }: CheckContext, words: string, type: DateType): Bounds | undefined {
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

/** A day as people mean it: with `=`, `!=` and `<=` on an instant all of it. As text it would be its midnight only. */
function boundsOfDay(
  { zone }: CheckContext,
  { operator, value }: Predicate & { kind: 'compare' },
  type: DateType,
): Bounds | undefined {
  const clockMs = dayOf(value);
  if (type !== 'datetime' || clockMs === undefined || !['=', '!=', '<='].includes(operator)) return undefined;
  const [start, end] = [clockMs, clockMs + dayMs].map((clock) => toUtcSeconds(instantOfClock(clock, zone)));
  return start === undefined || end === undefined ? undefined : { start, end, ahead: false };
}

/** The clock at the start of a day that is written without a time: `2025-01-31`, `1/31/2025`. */
function dayOf(value: Value): number | undefined {
  const text = value.kind === 'datetime' ? value.text : value.kind === 'string' ? value.value : '';
  const days = slashDates(text);
  const time = readIsoTime(days.length === 1 ? (days[0] ?? text) : text);
  return time?.hasTime === false ? time.clockMs : undefined;
}

const isWholeDay = (value: Value) => dayOf(value) !== undefined;

/** A literal that a date member is compared with. */
function checkDateValue(context: CheckContext, value: Value, type: DateType): void {
  if (value.kind === 'null') return;
  const text =
    value.kind === 'string' ? value.value : value.kind === 'datetime' ? value.text : sourceOf(context, value.span);
  const days = slashDates(text);
  const time = readIsoTime(days.length === 1 ? (days[0] ?? text) : text);
  if (time === undefined) {
    const examples = days.length > 1 ? days : ['2025-01-31', '2025-01-31T09:00:00Z'];
    const problem = days.length > 1 ? 'may be either of two days' : 'is not a date';
    const reason = `${sourceOf(context, value.span).slice(0, 60)} ${problem}: write [${examples.join('] or [')}]`;
    context.report.fault({ position: value.span.start, reason, candidates: days.map((day) => `[${day}]`) });
    return;
  }
  const replacement = `[${literalOf(context, text, time, type)}]`;
  const written = sourceOf(context, value.span);
  if (replacement === written) return;
  const shown =
    type === 'date' ? ', a calendar day' : time.offsetMinutes === undefined ? ` (${context.zone.name})` : '';
  context.report.repair([{ span: value.span, replacement }], `${written}${shown}: ${replacement}`);
}

function literalOf({ zone }: CheckContext, text: string, time: IsoTime, type: DateType): string {
  if (type === 'date') {
    if (readIsoTime(text) === undefined) return toUtcSeconds(time.clockMs).slice(0, 10);
    const written = text.trim().replace(' ', 'T');
    const { clockMs, offsetMinutes = 0 } = time;
    if (time.offsetMinutes === undefined || isEdgeOfDay(clockMs))
      return offsetMinutes === 0 ? written : toUtcSeconds(clockMs);
    // Days are midnights of UTC, so an instant is compared by the clock of the user, whose first instant begins the day.
    const instantMs = clockMs - offsetMinutes * 60_000;
    const clock = clockOf(instantMs, zone);
    const startMs = Math.floor(clock / dayMs) * dayMs;
    return toUtcSeconds(instantOfClock(startMs, zone) === instantMs ? startMs : clock);
  }
  const instant =
    time.offsetMinutes === undefined ? instantOfClock(time.clockMs, zone) : time.clockMs - time.offsetMinutes * 60_000;
  // ConnectWise reads a text without a zone as UTC (CW 2.2.10); where that is meant, the text is left as written.
  const plain = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ?)?$/.test(text);
  return plain && instant === time.clockMs ? text : toUtcSeconds(instant);
}

/** Whether a clock shows the first or last second of a day: then the day is meant that is written. */
const isEdgeOfDay = (clockMs: number) => [0, dayMs - 1000].includes(((clockMs % dayMs) + dayMs) % dayMs);

/** The days that `1/31/2025` or `31.1.2025` may mean: one or two. */
function slashDates(text: string): readonly string[] {
  const [, a = '', b = '', year = ''] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text.trim()) ?? [];
  const iso = (month: string, day: string) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return [...new Set([iso(a, b), iso(b, a)])].filter((day) => readIsoTime(day) !== undefined);
}

/** `like "2025-01%"` means the month; dates cannot be matched as text. */
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
