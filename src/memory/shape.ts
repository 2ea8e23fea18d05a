import { type Expression, readConditions } from '../conditions/index.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import { endpointKey } from './meaning.ts';
import { isConditionName } from './placeholders/fill-conditions.ts';
import type { CallOfQuery } from './saved-query.ts';

/** Parameters that choose the page and the members shown: two calls that differ in these ask the same. */
const showing = new Set(['page', 'pagesize', 'pageid', 'fields', 'orderby', 'columns']);

export const isShowing = (name: string): boolean => showing.has(name.toLowerCase());

/** What conditions mean, by their texts, where they were parsed before. */
export type Parsed = ReadonlyMap<string, Expression>;

/** Equal for two calls that differ in values alone: ids in the path, values in conditions and in the body. */
export function shapeOf(
  { method, params = {}, data }: CallOfQuery,
  template: string,
  parsed: Parsed = new Map(),
): string {
  const members = Object.entries(params)
    .filter(([name]) => !isShowing(name))
    .map(([name, text]) => [name.toLowerCase(), isConditionName(name) ? shapeOfText(text, parsed) : 'value'])
    .sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  return JSON.stringify([endpointKey(method, template), members, shapeOfData(data, parsed)]);
}

function shapeOfText(text: string, parsed: Parsed): string {
  const expression = parsed.get(text) ?? findExpression(text);
  return expression === undefined ? text : JSON.stringify(shapeOfTree(expression));
}

/** The tree of a condition; undefined where the text is not one. */
export function findExpression(text: string): Expression | undefined {
  try {
    return readConditions(text).expression;
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

function shapeOfTree(expression: Expression): unknown {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [expression.kind, ...expression.operands.map(shapeOfTree)];
    case 'not':
      return ['not', shapeOfTree(expression.operand)];
    default: {
      const how = expression.kind === 'compare' ? expression.operator : `${expression.kind} ${expression.negated}`;
      return [expression.path.segments.join('/').toLowerCase(), how];
    }
  }
}

function shapeOfData(data: unknown, parsed: Parsed): unknown {
  if (Array.isArray(data)) return data.map((item) => shapeOfData(item, parsed));
  if (!isRecord(data)) return data === undefined ? 'none' : 'value';
  return Object.entries(data)
    .map(([name, value]) => [
      name,
      typeof value === 'string' && isConditionName(name) ? shapeOfText(value, parsed) : shapeOfData(value, parsed),
    ])
    .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
}
