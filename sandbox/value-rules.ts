import type { Member } from '../src/catalog/index.ts';
import type { Predicate, Value } from '../src/conditions/index.ts';
import { findCondition } from './refusal.ts';
import { isDate } from './schemas.ts';

/** The fixed paragraph that ends every message about the type of a value (CW 2.7). */
export const valueRules =
  ' String values must be in double or single quotes. DateTime values must be in square brackets. ' +
  'Numeric values may hold only digits with an optional decimal point and sign. ' +
  'Boolean values are given by the keywords true or false. Null values are given by the keyword null.';

const spokenKinds: Readonly<Record<Value['kind'], string>> = {
  string: 'string',
  number: 'numeric',
  boolean: 'boolean',
  datetime: 'datetime',
  null: 'null',
};

/**
 * Refuses a predicate whose literal does not fit the member, as the real server does (CW 2.2.9, 2.2.19, 2.7).
 * @throws GatewayError 400 `ApiFindCondition`
 */
export function refuseMismatch(predicate: Predicate, member: Member): void {
  const values = valuesOf(predicate);
  if (member.enum !== undefined) {
    refuseEnumMisuse(predicate, member.enum, values);
    return;
  }
  const expected = expectedKinds(member);
  for (const { kind } of values) {
    if (kind !== 'null' && !expected.includes(kind)) throw mismatch(expected[0] ?? 'null', kind);
  }
  // LIKE and CONTAINS are text matching; on numbers, dates and flags nothing is known to accept them.
  const isText = predicate.kind === 'like' || predicate.kind === 'contains';
  if (isText && !expected.includes('string')) throw mismatch(expected[0] ?? 'null', 'string');
}

function valuesOf(predicate: Predicate): readonly Value[] {
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

/** Enums take `=`, `!=` and `in`, with the spelling of the definition (CW 2.2.19). */
function refuseEnumMisuse(predicate: Predicate, allowed: readonly string[], values: readonly Value[]): void {
  const operator = predicate.kind === 'compare' ? predicate.operator : predicate.kind;
  const isFitting = operator === '=' || operator === '!=' || operator === 'in';
  const isKnown = values.every(
    (value) => value.kind === 'null' || (value.kind === 'string' && allowed.includes(value.value)),
  );
  if (!isFitting || !isKnown) throw findCondition('Enum value supplied was invalid');
}

function expectedKinds(member: Member): readonly Value['kind'][] {
  if (member.type === 'boolean') return ['boolean'];
  if (member.type === 'integer' || member.type === 'number') return ['number'];
  // A date that the definition types as plain text may be compared either way.
  if (isDate(member)) return member.format === 'date-time' ? ['datetime'] : ['datetime', 'string'];
  // A reference itself can only be compared with null: `owner = null` (CW 2.2.11).
  return member.type === 'string' ? ['string'] : [];
}

function mismatch(expected: Value['kind'], given: Value['kind']) {
  return findCondition(`Expected a ${spokenKinds[expected]} value, not a ${spokenKinds[given]}.${valueRules}`);
}
