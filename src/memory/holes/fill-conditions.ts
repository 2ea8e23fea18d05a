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
import { GatewayError } from '../../core/errors.ts';
import { type Hole, isHole, parseHoles } from './parse-holes.ts';
import { asReferenceMember, type Fill, type HoleType, type Place, type Scalar } from './place.ts';

/** Stands for a hole while the text is parsed. Private use characters: no text of ConnectWise holds them. */
const marker = (index: number) => `\u{e000}${index}\u{e001}`;
const markerPattern = /\u{e000}(\d+)\u{e001}/gu;

const nowhere = { start: 0, end: 0 };

interface Marked {
  text: string;
  holes: readonly Hole[];
}

/**
 * A condition with its holes filled. The text is parsed with its holes in it and the values are placed in the tree, so
 * that no value can be anything but a value. A text without holes comes back as it is.
 * @throws GatewayError `invalid_conditions`, `invalid_argument`, and what `fill` throws
 */
export function fillConditions(text: string, field: string, scope: Scope | undefined, fill: Fill): string {
  const parts = parseHoles(text, { field });
  if (!parts.some(isHole)) return parts.join('');
  const marked = markHoles(parts, field);
  const filling = { ...marked, scope, fill };
  const filled = mapValues(parseMarked(marked), (values, predicate) =>
    values.flatMap((value) => fillValue(value, predicate, filling)),
  );
  return printConditions(filled);
}

/**
 * A condition in one spelling, its holes as written.
 * @throws GatewayError `invalid_conditions`, `invalid_argument`
 */
export function canonicalConditions(text: string): string {
  const marked = markHoles(parseHoles(text, { field: 'conditions' }), 'conditions');
  const printed = printConditions(parseMarked(marked));
  return printed.replace(markerPattern, (whole, index) => marked.holes[Number(index)]?.source ?? whole);
}

/** Puts a marker for each hole: in a string as part of it, elsewhere as a string of its own. */
function markHoles(parts: readonly (string | Hole)[], field: string): Marked {
  const holes: Hole[] = [];
  let text = '';
  for (const part of parts) {
    if (!isHole(part)) {
      if (part.includes('\u{e000}')) throw strangeText(field);
      text += part;
      continue;
    }
    text += `${marker(holes.length)}`;
    holes.push(part);
  }
  return { text: quoteMarkers(text), holes };
}

function quoteMarkers(text: string): string {
  let quoted = '';
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? '';
    const string = character === '"' || character === "'" ? readQuoted(text, at) : undefined;
    // `[{since}]` is the date that the value is, whatever brackets it brings itself.
    const bracket = /^\[\s*\u{e000}(\d+)\u{e001}\s*\]/u.exec(text.slice(at, at + 40));
    const bare = /^\u{e000}(\d+)\u{e001}/u.exec(text.slice(at, at + 20));
    const mark = bracket ?? bare;
    const end = string?.end ?? at + (mark?.[0].length ?? 1);
    quoted += mark === null ? text.slice(at, end) : `"${marker(Number(mark[1]))}"`;
    at = end;
  }
  return quoted;
}

function parseMarked({ text, holes }: Marked): Expression {
  try {
    return readConditions(text).expression;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const plain = (marked: string) =>
      marked.replace(/(["']?)\u{e000}(\d+)\u{e001}\1/gu, (_whole, _quote, index) => holes[Number(index)]?.source ?? '');
    const { corrected, ...details } = error.details;
    throw new GatewayError(error.code, plain(error.message), {
      hint: plain(error.hint),
      details: { ...details, ...(corrected === undefined ? {} : { corrected: plain(corrected) }) },
    });
  }
}

interface Filling extends Marked {
  scope: Scope | undefined;
  fill: Fill;
}

function fillValue(value: Value, predicate: Predicate, filling: Filling): readonly Value[] {
  if (value.kind !== 'string' || !value.value.includes('\u{e000}')) return [value];
  const { holes, fill } = filling;
  const alone = /^\u{e000}(\d+)\u{e001}$/u.exec(value.value);
  const hole = alone === null ? undefined : holes[Number(alone[1])];
  if (hole === undefined) return [textValue(fillText(value.value, holes, fill))];
  const type = typeOfPlace(predicate, filling.scope);
  const place: Place = {
    ...{ hole, type, whole: true },
    ...(predicate.kind === 'in' ? { list: true as const } : {}),
    ...(predicate.kind === 'compare' ? { operator: predicate.operator } : {}),
  };
  const filled = fill(place);
  return (Array.isArray(filled) ? filled : [filled]).map((one: Scalar) => toValue(one, type));
}

function fillText(text: string, holes: readonly Hole[], fill: Fill): string {
  return text.replace(markerPattern, (whole, index) => {
    const hole = holes[Number(index)];
    return hole === undefined ? whole : String(fill({ hole, type: { kind: 'text' }, whole: false }));
  });
}

/** What the member on the left says of the value on the right. */
function typeOfPlace(predicate: Predicate, scope: Scope | undefined): HoleType {
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

function findReference(segments: readonly string[], scope: Scope): HoleType | undefined {
  const member = asReferenceMember(segments.at(-1) ?? '');
  if (member === undefined || segments.length < 2) return undefined;
  const target = resolvePath(segments.slice(0, -1), scope);
  return target.kind === 'reference' ? { kind: 'reference', schema: target.schema.name, member } : undefined;
}

function toValue(filled: Scalar, type: HoleType): Value {
  if (type.kind === 'datetime' || type.kind === 'date')
    return { kind: 'datetime', text: String(filled), span: nowhere };
  if (typeof filled === 'number') return { kind: 'number', value: filled, text: String(filled), span: nowhere };
  if (typeof filled === 'boolean') return { kind: 'boolean', value: filled, span: nowhere };
  return textValue(filled);
}

function textValue(text: string): Value {
  // Checked on the whole text: a quote of the template and one of a value meet here.
  if (text.includes('"') && text.includes("'")) {
    const shown = JSON.stringify(text.slice(0, 60));
    throw new GatewayError('invalid_argument', `The value ${shown} holds both kinds of quotes, ' and ".`, {
      hint: 'How ConnectWise escapes a quote is not known (CW 2.2.8): leave one kind out, or search with a part of the text.',
    });
  }
  return { kind: 'string', value: text, span: nowhere };
}

function strangeText(field: string): GatewayError {
  return new GatewayError('invalid_argument', `${field} holds a character for private use (U+E000).`, {
    details: { field },
  });
}
