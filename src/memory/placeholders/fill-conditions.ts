import {
  type Expression,
  mapValues,
  type Predicate,
  printConditions,
  readConditions,
  readQuoted,
  resolvePath,
  type Scope,
  type Value,
} from '../../conditions/index.ts';
import { type ErrorDetails, GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { isPlaceholder, type Placeholder, parsePlaceholders } from './parse.ts';
import { asReferenceMember, type Fill, type Place, type PlaceholderType, type Scalar } from './types.ts';

/** Whether a parameter of this name, or a member of a POST search, holds a condition. */
export const isConditionName = (name: string): boolean => /^(child|customField)?conditions$/i.test(name);

/**
 * A condition with its placeholders filled. The text is parsed with its placeholders in it and the values are put into
 * the tree, so that a value can be nothing but a value. A text without placeholders comes back as it is.
 * @throws GatewayError `invalid_conditions`, `invalid_argument`, and what `fill` throws
 */
export function fillConditions(text: string, field: string, scope: Scope | undefined, fill: Fill): string {
  const parts = parsePlaceholders(text, { field });
  if (!parts.some(isPlaceholder)) return parts.join('');
  const marked = markPlaceholders(parts, field);
  const filling = { ...marked, scope, fill };
  const filled = mapValues(parseMarked(marked), (values, predicate) =>
    values.flatMap((value) => fillValue(value, predicate, filling)),
  );
  return printConditions(filled);
}

/**
 * A condition in one spelling, its placeholders as written.
 * @throws GatewayError `invalid_conditions`, `invalid_argument`
 */
export function canonicalConditions(text: string): string {
  const marked = markPlaceholders(parsePlaceholders(text, { field: 'conditions' }), 'conditions');
  const printed = printConditions(parseMarked(marked));
  return printed.replace(markerPattern, (whole, index) => marked.placeholders[Number(index)]?.source ?? whole);
}

// While the text is parsed, a marker is in the place of each placeholder. Private use characters: no text of
// ConnectWise holds them.

const marker = (index: number) => `\u{e000}${index}\u{e001}`;
const markerPattern = /\u{e000}(\d+)\u{e001}/gu;

interface Marked {
  text: string;
  placeholders: readonly Placeholder[];
  /** Those in brackets, which hold dates whatever they are compared with. */
  bracketed: ReadonlySet<number>;
}

/** Puts a marker for each placeholder: in a string as part of it, elsewhere as a string of its own. */
function markPlaceholders(parts: readonly (string | Placeholder)[], field: string): Marked {
  const placeholders: Placeholder[] = [];
  let text = '';
  for (const part of parts) {
    if (isPlaceholder(part)) {
      text += marker(placeholders.length);
      placeholders.push(part);
    } else if (part.includes('\u{e000}')) {
      throw new GatewayError('invalid_argument', `${field} holds a character for private use (U+E000).`, {
        details: { field },
      });
    } else {
      text += part;
    }
  }
  const bracketed = new Set<number>();
  return { text: quoteMarkers(text, bracketed), placeholders, bracketed };
}

function quoteMarkers(text: string, bracketed: Set<number>): string {
  let quoted = '';
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? '';
    const string = character === '"' || character === "'" ? readQuoted(text, at) : undefined;
    // The value of `[{since}]` is a date, with or without brackets of its own: those around the placeholder go.
    const bracket = /^\[\s*\u{e000}(\d+)\u{e001}\s*\]/u.exec(text.slice(at, at + 40));
    const bare = /^\u{e000}(\d+)\u{e001}/u.exec(text.slice(at, at + 20));
    const mark = bracket ?? bare;
    if (string === undefined && bracket !== null) bracketed.add(Number(bracket[1]));
    const end = string?.end ?? at + (mark?.[0].length ?? 1);
    quoted += mark === null ? text.slice(at, end) : `"${marker(Number(mark[1]))}"`;
    at = end;
  }
  return quoted;
}

/** Parses the marked text; an error shows the placeholders as they were written. */
function parseMarked({ text, placeholders }: Marked): Expression {
  try {
    return readConditions(text).expression;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const plain = (marked: string) =>
      marked.replace(
        /(["']?)\u{e000}(\d+)\u{e001}\1/gu,
        (_whole, _quote, index) => placeholders[Number(index)]?.source ?? '',
      );
    const { corrected } = error.details;
    throw new GatewayError(error.code, plain(error.message), {
      hint: plain(error.hint),
      details: defined<ErrorDetails>({ ...error.details, corrected: corrected && plain(corrected) }),
    });
  }
}

interface Filling extends Marked {
  scope: Scope | undefined;
  fill: Fill;
}

function fillValue(value: Value, predicate: Predicate, filling: Filling): readonly Value[] {
  if (value.kind !== 'string' || !value.value.includes('\u{e000}')) return [value];
  const { placeholders, bracketed, fill } = filling;
  const alone = /^\u{e000}(\d+)\u{e001}$/u.exec(value.value);
  const placeholder = alone === null ? undefined : placeholders[Number(alone[1])];
  if (placeholder === undefined) return [textValue(fillText(value.value, placeholders, fill))];
  const known = typeOfPlace(predicate, filling.scope);
  // A column of a report has no schema (CW 5.11.1), but brackets.
  const type = known.kind === 'any' && bracketed.has(Number(alone?.[1])) ? ({ kind: 'datetime' } as const) : known;
  const place = defined<Place>({
    placeholder,
    type,
    whole: true,
    list: predicate.kind === 'in' ? true : undefined,
    operator: predicate.kind === 'compare' ? predicate.operator : undefined,
  });
  const filled = fill(place);
  return (Array.isArray(filled) ? filled : [filled]).map((one: Scalar) => toValue(one, type));
}

function fillText(text: string, placeholders: readonly Placeholder[], fill: Fill): string {
  return text.replace(markerPattern, (whole, index) => {
    const placeholder = placeholders[Number(index)];
    return placeholder === undefined ? whole : String(fill({ placeholder, type: { kind: 'text' }, whole: false }));
  });
}

/** The type of a value, which follows from the member that it is compared with. */
function typeOfPlace(predicate: Predicate, scope: Scope | undefined): PlaceholderType {
  if (predicate.kind === 'like' || predicate.kind === 'contains') return { kind: 'text' };
  if (scope === undefined) return { kind: 'any' };
  const { segments } = predicate.path;
  const reference = findReference(segments, scope);
  if (reference !== undefined) return reference;
  const target = resolvePath(segments, scope);
  if (target.kind === 'reference') return { kind: 'text' };
  if (target.kind !== 'value') return { kind: 'any' };
  switch (target.type) {
    case 'string':
      return { kind: 'text' };
    case 'enum':
      return { kind: 'enum', values: target.values };
    default:
      return { kind: target.type };
  }
}

function findReference(segments: readonly string[], scope: Scope): PlaceholderType | undefined {
  const member = asReferenceMember(segments.at(-1) ?? '');
  if (member === undefined || segments.length < 2) return undefined;
  const target = resolvePath(segments.slice(0, -1), scope);
  return target.kind === 'reference' ? { kind: 'reference', schema: target.schema.name, member } : undefined;
}

function toValue(filled: Scalar, type: PlaceholderType): Value {
  if (type.kind === 'datetime' || type.kind === 'date')
    return { kind: 'datetime', text: String(filled), span: nowhere };
  if (typeof filled === 'number') return { kind: 'number', value: filled, text: String(filled), span: nowhere };
  if (typeof filled === 'boolean') return { kind: 'boolean', value: filled, span: nowhere };
  return textValue(filled);
}

function textValue(text: string): Value {
  // Checked on the whole text: the query may hold one kind of quote and the value the other.
  if (text.includes('"') && text.includes("'")) {
    const shown = JSON.stringify(text.slice(0, 60));
    throw new GatewayError('invalid_argument', `The value ${shown} holds both kinds of quotes, ' and ".`, {
      hint: 'How ConnectWise escapes a quote is not known (CW 2.2.8): leave one kind out, or search with a part of the text.',
    });
  }
  return { kind: 'string', value: text, span: nowhere };
}

const nowhere = { start: 0, end: 0 };
