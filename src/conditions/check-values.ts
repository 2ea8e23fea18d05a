import { type CheckContext, isBare, pathEdit, sourceOf } from './check-context.ts';
import { boundsOf, checkDatePredicate, checkDateValue } from './check-dates.ts';
import { checkEnumPredicate } from './check-enum.ts';
import type { Predicate, Value } from './expression.ts';
import type { Target } from './member-path.ts';
import { findMember } from './member-path.ts';
import type { Edit } from './mistake.ts';
import { quote } from './quote.ts';

type ValueTarget = Extract<Target, { kind: 'value' }>;

/** The literals of a predicate. */
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

/** Checks what a member that has a value is compared with. */
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

/** `owner > null` is neither true nor false: "is there one" is `!=`. */
export function refuseNullOrder({ report }: CheckContext, predicate: Predicate): boolean {
  if (predicate.kind !== 'compare' || predicate.value.kind !== 'null') return false;
  if (predicate.operator === '=' || predicate.operator === '!=') return false;
  const span = { start: predicate.path.span.end, end: predicate.value.span.end };
  const edits = [{ span, replacement: ' != null' }];
  report.fault({ position: span.start, reason: 'null is compared with = and != alone', edits });
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

/** `"null"` where no text can stand. */
export function repairNull({ report }: CheckContext, value: Value): boolean {
  if (value.kind !== 'string' || value.value.toLowerCase() !== 'null') return false;
  report.repair([{ span: value.span, replacement: 'null' }], 'null stands without quotes');
  return true;
}

const numberPattern = /^[+-]?\d+(?:\.\d+)?$/;

const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Booleans are the bare words, neither quoted nor 0 and 1 (CW 2.2.9). */
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
  const reason = `a boolean stands here: true or false, not ${written.slice(0, 40)}`;
  const edits = spoken === undefined ? [] : [{ span: value.span, replacement: spoken }];
  context.report.fault({ position: value.span.start, reason, edits });
}

/** Numbers are digits alone (CW 2.2.9): no quotes, no thousands, no currency. */
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
  // `board/name = 1`: nobody calls a board 1, so it is the id; of other texts (zip, serial numbers) digits are common.
  if (segments.length > 1 && segments.at(-1)?.toLowerCase() === 'name') {
    const edits = [pathEdit(predicate.path, [...segments.slice(0, -1), 'id'])];
    report.fault({ position: value.span.start, reason: `a name is text; ${written} looks like an id`, edits });
    return;
  }
  report.repair([{ span: value.span, replacement: quote(written) }], `${written} is text here: ${quote(written)}`);
}

type StringValue = Extract<Value, { kind: 'string' }>;

/** Words without quotes: most likely text, unless they name a member or wait to be filled in. */
function refuseBare({ report, scope }: CheckContext, { value, span }: StringValue): void {
  const position = span.start;
  const isMember = scope !== undefined && findMember(scope.schema, value.split('/')[0] ?? '') !== undefined;
  if (isMember) {
    report.fault({ position, reason: 'a member is compared with a value, not with another member' });
  } else if (/[{}]/.test(value)) {
    report.fault({ position, reason: `${value.slice(0, 60)} is a placeholder: put the value there` });
  } else {
    report.fault({ position, reason: 'text stands in quotes', edits: [{ span, replacement: quote(value) }] });
  }
}

/** Strings stand in quotes that need no escape, since no way of escaping is proven (CW 2.2.8). */
function checkQuotes(context: CheckContext, predicate: Predicate, value: StringValue): void {
  const { report } = context;
  if (isBare(context, value)) {
    refuseBare(context, value);
    return;
  }
  const written = sourceOf(context, value.span);
  const both = value.value.includes('"') && value.value.includes("'");
  const escaped = value.value !== written.slice(1, -1);
  // A backslash at the end can be told from an escaped quote by the escape alone.
  if ((!escaped && !both) || value.value.endsWith('\\')) return;
  const edits = both ? asPattern(predicate, value) : [{ span: value.span, replacement: quote(value.value) }];
  if (edits.length > 0) report.repair(edits, `${written.slice(0, 60)} is written without an escaped quote`);
}

/** Text with both quotes cannot stand in either: under `like` the wildcard `_` takes the place of one (CW 2.2.8). */
function asPattern(predicate: Predicate, { value, span }: StringValue): readonly Edit[] {
  const text = value.replaceAll('"', '_');
  if (predicate.kind === 'like') return [{ span, replacement: quote(text) }];
  const equal = predicate.kind === 'compare' && (predicate.operator === '=' || predicate.operator === '!=');
  // What `=` and `contains` take literally would be wildcards under `like`.
  if ((!equal && predicate.kind !== 'contains') || /[%*_[]/.test(value)) return [];
  const negated = predicate.kind === 'compare' ? predicate.operator === '!=' : predicate.negated;
  const operator = { start: predicate.path.span.end, end: span.start };
  return [
    { span: operator, replacement: negated ? ' not like ' : ' like ' },
    { span, replacement: quote(equal ? text : `%${text}%`) },
  ];
}

/** Wildcards work in `like` alone, and `like` without one is `=` (CW 2.2.15). */
function noteWildcards(context: CheckContext, predicate: Predicate): void {
  const [value] = valuesOf(predicate);
  if (value?.kind !== 'string' || predicate.kind === 'in') return;
  const wild = /[*%]/.test(value.value);
  const shown = sourceOf(context, predicate.span).slice(0, 80);
  if (predicate.kind === 'like' && !wild && !/[_[]/.test(value.value)) {
    context.report.note(`${shown} has no * or %, so it equals "="; "contains" finds text anywhere`);
  } else if (predicate.kind !== 'like' && wild) {
    context.report.note(`${shown}: * and % are wildcards after "like" alone`);
  }
}

/** A member whose type is unknown: dates follow the rule of date-times, words need their quotes. */
function checkAny(context: CheckContext, predicate: Predicate, value: Value): void {
  const words = isBare(context, value) && value.kind === 'string' ? value.value : undefined;
  const inBrackets = value.kind === 'datetime' ? value.text : undefined;
  const dated = words ?? inBrackets;
  if (dated !== undefined && boundsOf(context, dated, 'datetime') !== undefined) {
    checkDatePredicate(context, predicate, 'datetime');
  } else if (value.kind === 'datetime') checkDateValue(context, value, 'datetime');
  else if (value.kind === 'string') checkQuotes(context, predicate, value);
}
