import { type Expression, parseConditions } from '../src/conditions/index.ts';
import { GatewayError } from '../src/core/errors.ts';
import type { ListQuery } from './list-query.ts';
import { refusal } from './refusal.ts';
import type { World } from './world.ts';

/**
 * Plays the time-out of searches of text in a large table that nothing else narrows (CW 2.2.16, 4.2.26), where the
 * sandbox was told to.
 * @throws GatewayError 500 `A timeout has occured. Please try again.`
 */
export function refuseSlowText(world: World, query: ListQuery, rows: number): void {
  const most = world.slowTextRows();
  if (most === undefined || rows <= most || !searchesTextAlone(query)) return;
  throw refusal(500, { code: 'ConnectWiseApi', message: 'A timeout has occured. Please try again.' });
}

function searchesTextAlone({ conditions = '', childconditions = '' }: ListQuery): boolean {
  const bound = isBounded(conditions);
  // Children are looked at one by one, so they are slow without `contains`, too (CW 2.4).
  return bound === false || (childconditions.trim() !== '' && bound !== true);
}

/** Whether each record has to meet something quicker than text; undefined where nothing is asked of text. */
function isBounded(conditions: string): boolean | undefined {
  if (conditions.trim() === '') return undefined;
  try {
    return boundOf(parseConditions(conditions));
  } catch (error) {
    // Whatever is wrong with the words has its own answer.
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
