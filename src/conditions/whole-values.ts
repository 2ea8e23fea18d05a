import { type Expression, mapPredicates, type Path, type Predicate, type Span } from './expression.ts';

/** A condition as it is sent, where ConnectWise keeps a value in a form that people do not ask for. */
export interface WholeValues {
  expression: Expression;
  /** What a text is taken for, one sentence each; empty where the tree is as it was given. */
  notes: readonly string[];
}

/**
 * Asks for whole values where a member is a text of several or is spelt in several ways:
 * - `resources` of a ticket is one text of identifiers, `jdoe, asmith` (CW 2.2.17), so that `contains "ann"` would find
 *   `joann`. It becomes the four places that a whole identifier can have.
 * - Telephone numbers are kept as they were typed. One becomes a pattern of its digits, whatever is between them.
 *
 * A `like` on `resources`, and a few digits of a number, stay as they are: they ask for a part.
 * @param schema the records that are filtered
 */
export function askForWholeValues(expression: Expression, schema: string | undefined): WholeValues {
  const notes = new Set<string>();
  const replace = (predicate: Predicate): Expression => {
    const whole = findWhole(predicate, schema);
    if (whole === undefined) return predicate;
    notes.add(whole.note);
    return whole.expression;
  };
  return { expression: mapPredicates(expression, replace), notes: [...notes] };
}

interface Whole {
  expression: Expression;
  note: string;
}

function findWhole(predicate: Predicate, schema: string | undefined): Whole | undefined {
  const { path } = predicate;
  const [first = ''] = path.segments;
  const last = path.segments.at(-1) ?? '';
  if (path.segments.length === 1 && first.toLowerCase() === 'resources' && lists.has(schema ?? ''))
    return wholeIdentifier(predicate);
  return isNumberMember(path, last) ? wholeNumber(predicate) : undefined;
}

// Identifiers in one text.

/** The schemas whose `resources` are such a text. */
const lists: ReadonlySet<string> = new Set(['Ticket', 'ProjectTicket']);

function wholeIdentifier(predicate: Predicate): Whole | undefined {
  if (predicate.kind !== 'contains' || predicate.text.kind !== 'string') return undefined;
  const name = predicate.text.value.trim();
  // Several identifiers, or a part with a separator: a part of the text is meant.
  if (name === '' || /[\s,%*]/.test(name)) return undefined;
  const literal = name.replace(/[[_]/g, '[$&]');
  const patterns = [`${literal},%`, `%, ${literal}`, `%, ${literal},%`];
  const { path, negated, span } = predicate;
  const alone: Predicate = { kind: 'compare', path, operator: negated ? '!=' : '=', value: text(name, span), span };
  return {
    expression: join([alone, ...patterns.map((pattern) => like(predicate, pattern, negated))], negated, span),
    note: `${path.segments.join('/')} lists identifiers: ${JSON.stringify(name)} was looked for as a whole one; like "%${name}%" finds parts (CW 2.2.17)`,
  };
}

// Telephone numbers.

/** Values of communication items may be addresses: the value decides. */
const isNumberMember = ({ segments }: Path, last: string): boolean =>
  segments.join('/').toLowerCase() === 'communicationitems/value' || /(?:phone(?:number|nbr)?|faxnumber)$/i.test(last);

function wholeNumber(predicate: Predicate): Whole | undefined {
  const asked = textOf(predicate);
  const patterns = asked === undefined ? undefined : findNumberPatterns(asked.text);
  if (asked === undefined || patterns === undefined) return undefined;
  const { negated } = asked;
  return {
    expression: join(
      patterns.map((pattern) => like(predicate, pattern, negated)),
      negated,
      predicate.span,
    ),
    note: `${JSON.stringify(asked.text)} was looked for by its digits, however they are written`,
  };
}

function textOf(predicate: Predicate): { text: string; negated: boolean } | undefined {
  switch (predicate.kind) {
    case 'compare': {
      const { operator, value } = predicate;
      const isEqual = operator === '=' || operator === '!=';
      return isEqual && value.kind === 'string' ? { text: value.value, negated: operator === '!=' } : undefined;
    }
    case 'like': {
      const { pattern, negated } = predicate;
      const inner = pattern.kind === 'string' ? /^[%*]*([^%*]*)[%*]*$/.exec(pattern.value)?.[1] : undefined;
      return inner === undefined ? undefined : { text: inner, negated };
    }
    case 'contains':
      return predicate.text.kind === 'string' ? { text: predicate.text.value, negated: predicate.negated } : undefined;
    case 'in':
      return undefined;
  }
}

const separators = ['', '-', ' ', '.'];

/**
 * Patterns that find a telephone number in any spelling; undefined for a text that is none, or for less than seven
 * digits. Of a number with its country only what follows is certain to be stored.
 */
export function findNumberPatterns(written: string): readonly string[] | undefined {
  const bare = written.trim().replace(/\s*(?:x|ext\.?|extension)\s*\d{1,6}$/i, '');
  if (!/^\+?[\d\s().\-/–]+$/.test(bare)) return undefined;
  const digits = bare.replace('(0)', '').replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15) return undefined;
  const [, area, exchange, line] = /^1?([2-9]\d\d)([2-9]\d\d)(\d{4})$/.exec(digits) ?? [];
  if (line !== undefined) return [`%${area}%${exchange}%${line}%`];
  // So many digits in this order are one number, though it may be written with a 0 or a country in front.
  const [, national] = /^\+\d{1,3}[^\d]+(\d.*)$/.exec(bare.replace('(0)', '')) ?? [];
  const known = national?.replace(/\D/g, '') ?? digits;
  if (known.length >= (national === undefined ? 9 : 8)) return [`%${[...known.slice(-9)].join('%')}%`];
  const groups = bare.match(/\d+/g) ?? [];
  const split = groups.length > 1 ? groups : [digits.slice(0, -4), digits.slice(-4)];
  return separators.map((separator) => `%${split.join(separator)}%`);
}

// Parts of a tree.

const text = (value: string, span: Span) => ({ kind: 'string', value, span }) as const;

const like = ({ path, span }: Predicate, pattern: string, negated: boolean): Predicate => ({
  kind: 'like',
  path,
  negated,
  pattern: text(pattern, span),
  span,
});

function join(operands: readonly Expression[], negated: boolean, span: Span): Expression {
  const [only] = operands;
  return only !== undefined && operands.length === 1 ? only : { kind: negated ? 'and' : 'or', operands, span };
}
