import type { Expression } from '../conditions/expression.ts';
import { readConditions } from '../conditions/parse-conditions.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import { endpointKey } from './meaning.ts';
import { isConditionName } from './placeholders/fill-conditions.ts';
import type { CallOfQuery } from './saved-query.ts';

/** Parameters that choose the page and the members shown: two calls that differ in these ask the same. */
const showing = new Set(['page', 'pagesize', 'pageid', 'fields', 'orderby', 'columns']);

export const isShowing = (name: string): boolean => showing.has(name.toLowerCase());

/** Equal for two calls that differ in values alone: ids in the path, values in conditions and in the body. */
export function shapeOf({ method, params = {}, data }: CallOfQuery, template: string): string {
  const members = Object.entries(params)
    .filter(([name]) => !isShowing(name))
    .map(([name, text]) => [name.toLowerCase(), isConditionName(name) ? shapeOfText(text) : 'value'])
    .sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  return JSON.stringify([endpointKey(method, template), members, shapeOfData(data)]);
}

function shapeOfText(text: string): string {
  const expression = findExpression(text);
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

function shapeOfData(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(shapeOfData);
  if (!isRecord(data)) return data === undefined ? 'none' : 'value';
  return Object.entries(data)
    .map(([name, value]) => [
      name,
      typeof value === 'string' && isConditionName(name) ? shapeOfText(value) : shapeOfData(value),
    ])
    .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
}
