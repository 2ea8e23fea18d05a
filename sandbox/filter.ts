import { type Expression, type Path, type Predicate, compileConditions, parseConditions } from '../src/conditions/index.ts';
import { GatewayError } from '../src/core/errors.ts';
import { type Field, findArray, findElementField, findField, type Source } from './field.ts';
import type { ListQuery } from './list-query.ts';
import { findCondition, unrecognizedName } from './refusal.ts';
import { refuseMismatch, valueRules } from './value-rules.ts';
import type { World } from './world.ts';

/** Whether a record passes. */
export type Filter = (source: Source) => boolean;

/**
 * Compiles the three kinds of conditions of a list for records of one schema; they combine by AND (CW 2.4).
 * @throws GatewayError 400 `ApiFindCondition` with ConnectWise's words (CW 2.7)
 */
export function compileFilter(world: World, schema: string, query: ListQuery): Filter {
  const filters: Filter[] = [];
  if (isGiven(query.conditions)) filters.push(compileOwn(world, schema, query.conditions));
  if (isGiven(query.childconditions)) filters.push(compileChild(world, schema, query.childconditions));
  if (isGiven(query.customfieldconditions))
    filters.push(compileCustomField(world, schema, query.customfieldconditions));
  const [only] = filters;
  if (filters.length === 1 && only !== undefined) return only;
  return (source) => filters.every((filter) => filter(source));
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

function compileOwn(world: World, schema: string, text: string): Filter {
  return compileOver(parse(text), (path) => findField(world, schema, path.segments));
}

/**
 * `childConditions`: one element of the array must satisfy the whole expression. Whether clauses may hold on
 * different elements is not stated; the same one is the stricter reading (CW 2.4).
 */
function compileChild(world: World, schema: string, text: string): Filter {
  const expression = parse(text);
  const predicates = listPredicates(expression);
  // `in` is documented for conditions only (CW 2.2.2).
  if (predicates.some(({ kind }) => kind === 'in'))
    throw findCondition(`The operator in is not supported in childConditions.${valueRules}`);
  const first = predicates[0]?.path.segments[0] ?? '';
  const array = findArray(world, schema, first);
  const filter = compileOver(expression, ({ segments }) => {
    const [head = '', ...inner] = segments;
    if (array?.member.schema === undefined || head.toLowerCase() !== first.toLowerCase()) return undefined;
    return findElementField(world, array.member.schema, inner);
  });
  return (source) => array?.elements(source).some((element) => filter(element)) === true;
}

/** `customFieldConditions`: `caption` and `value` of one row of a record's custom fields (CW 2.5). */
function compileCustomField(world: World, schema: string, text: string): Filter {
  const rows = findArray(world, schema, 'customFields');
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
  for (const predicate of listPredicates(expression)) {
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

function listPredicates(expression: Expression): Predicate[] {
  if (expression.kind === 'not') return listPredicates(expression.operand);
  if (expression.kind === 'and' || expression.kind === 'or') return expression.operands.flatMap(listPredicates);
  return [expression];
}

function parse(text: string): Expression {
  try {
    return parseConditions(text);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw findCondition(`${error.message}.${valueRules}`);
  }
}
