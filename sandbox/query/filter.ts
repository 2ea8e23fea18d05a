import type { Member } from '../../src/catalog/index.ts';
import {
  compileConditions,
  type Expression,
  type Path,
  type Predicate,
  parseConditions,
  predicatesOf,
  type Value,
  valuesOf,
} from '../../src/conditions/index.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Context } from '../context.ts';
import { isDate } from '../definitions.ts';
import type { ListQuery } from '../server/call.ts';
import { findCondition, refusal, unrecognizedName } from '../server/refusal.ts';
import { type Field, findArray, findElementField, findField, type Source } from './field.ts';

/** Whether a record passes. */
export type Filter = (source: Source) => boolean;

/**
 * Compiles the three kinds of conditions of a list for records of one schema; they combine by AND (CW 2.4).
 * @throws GatewayError 400 `ApiFindCondition` with ConnectWise's words (CW 2.7)
 */
export function compileFilter(context: Context, schema: string, query: ListQuery): Filter {
  const filters: Filter[] = [];
  if (isGiven(query.conditions)) filters.push(compileOwn(context, schema, query.conditions));
  if (isGiven(query.childconditions)) filters.push(compileChild(context, schema, query.childconditions));
  if (isGiven(query.customfieldconditions))
    filters.push(compileCustomField(context, schema, query.customfieldconditions));
  const [only] = filters;
  if (filters.length === 1 && only !== undefined) return only;
  return (source) => filters.every((filter) => filter(source));
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

function compileOwn(context: Context, schema: string, text: string): Filter {
  return compileOver(parse(text), (path) => findField(context, schema, path.segments));
}

/**
 * `childConditions`: one element of the array must satisfy the whole expression. Whether clauses may hold on
 * different elements is not stated; the same one is the stricter reading (CW 2.4).
 */
function compileChild(context: Context, schema: string, text: string): Filter {
  const expression = parse(text);
  const predicates = predicatesOf(expression);
  // `in` is documented for conditions only (CW 2.2.2).
  if (predicates.some(({ kind }) => kind === 'in'))
    throw findCondition(`The operator in is not supported in childConditions.${valueRules}`);
  const first = predicates[0]?.path.segments[0] ?? '';
  const array = findArray(context, schema, first);
  const filter = compileOver(expression, ({ segments }) => {
    const [head = '', ...inner] = segments;
    if (array?.member.schema === undefined || head.toLowerCase() !== first.toLowerCase()) return undefined;
    return findElementField(context, array.member.schema, inner);
  });
  return (source) => array?.elements(source).some((element) => filter(element)) === true;
}

/** `customFieldConditions`: `caption` and `value` of one row of a record's custom fields (CW 2.5). */
function compileCustomField(context: Context, schema: string, text: string): Filter {
  const rows = findArray(context, schema, 'customFields');
  const filter = compileOver(
    parse(text),
    ({ segments }) => {
      const name = segments.length === 1 ? segments[0]?.toLowerCase() : undefined;
      if (rows === undefined || (name !== 'caption' && name !== 'value')) return undefined;
      // The type of `value` is that of the field, which differs from row to row.
      return { member: { name, type: 'object' }, read: ({ value }) => value[name] };
    },
    { isUntyped: true },
  );
  return (source) => rows?.elements(source).some((row) => filter(row)) === true;
}

/**
 * Compiles conditions over names that `find` knows.
 * @throws GatewayError 400 `ApiFindCondition`
 */
export function compileConditionsOver(text: string | undefined, find: (path: Path) => Field | undefined): Filter {
  return isGiven(text) ? compileOver(parse(text), find) : () => true;
}

function compileOver(
  expression: Expression,
  find: (path: Path) => Field | undefined,
  { isUntyped = false } = {},
): Filter {
  const fields = new Map<Path, Field>();
  for (const predicate of predicatesOf(expression)) {
    const field = find(predicate.path);
    if (field === undefined) throw unrecognizedName(predicate.path.segments.join('/'));
    if (!isUntyped) refuseMismatch(predicate, field.member);
    fields.set(predicate.path, field);
  }
  const holds = compileConditions(expression);
  // One function for all records: making one for each costs more than what it does.
  let current: Source | undefined;
  const resolve = (path: Path) => (current === undefined ? undefined : fields.get(path)?.read(current));
  return (source) => {
    current = source;
    return holds(resolve);
  };
}

function parse(text: string): Expression {
  try {
    return parseConditions(text);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw findCondition(`${error.message}.${valueRules}`);
  }
}

/** The fixed paragraph that ends every message about the type of a value (CW 2.7). */
const valueRules =
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
function refuseMismatch(predicate: Predicate, member: Member): void {
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

/**
 * Times out searches of text in a large table that no other condition narrows (CW 2.2.16, 4.2.26), where the settings
 * ask for it.
 * @throws GatewayError 500 `A timeout has occured. Please try again.`
 */
export function refuseSlowText(context: Context, query: ListQuery, rows: number): void {
  const most = context.slowTextRows();
  if (most === undefined || rows <= most || !searchesTextAlone(query)) return;
  throw refusal(500, { code: 'ConnectWiseApi', message: 'A timeout has occured. Please try again.' });
}

function searchesTextAlone({ conditions = '', childconditions = '' }: ListQuery): boolean {
  const bound = isBounded(conditions);
  // Children are looked at one by one, so they are slow without `contains`, too (CW 2.4).
  return bound === false || (childconditions.trim() !== '' && bound !== true);
}

/** Whether a condition other than text narrows the records; undefined where no text is searched. */
function isBounded(conditions: string): boolean | undefined {
  if (conditions.trim() === '') return undefined;
  try {
    return boundOf(parseConditions(conditions));
  } catch (error) {
    // Errors in the conditions have an answer of their own.
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

function boundOf(expression: Expression): boolean | undefined {
  switch (expression.kind) {
    case 'contains':
      return false;
    // The beginning of a text can be looked up in an index.
    case 'like':
      return expression.pattern.kind === 'string' && !/^[%*_[]/.test(expression.pattern.value);
    case 'not':
      return boundOf(expression.operand);
    // One quick condition narrows what the slow ones have to read; in an OR each has to be quick.
    case 'and':
      return expression.operands.map(boundOf).some((bound) => bound !== false);
    case 'or':
      return expression.operands.map(boundOf).every((bound) => bound !== false);
    default:
      return true;
  }
}
