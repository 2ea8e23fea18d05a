import type { Values, WriteRequest } from '../change.ts';
import type { Target } from '../target.ts';

/** What a change sets off besides what it says. Workflow rules are not to be seen, so nothing here says "will not". */
export interface Effects {
  /** Somebody outside may get mail, or see it. */
  reachesCustomer: boolean;
  /** What is invoiced may change. */
  bills: boolean;
  warnings: string[];
}

export const noEffects = (): Effects => ({ reachesCustomer: false, bills: false, warnings: [] });

export function joinEffects(parts: readonly Effects[]): Effects {
  return {
    reachesCustomer: parts.some(({ reachesCustomer }) => reachesCustomer),
    bills: parts.some(({ bills }) => bills),
    warnings: [...new Set(parts.flatMap(({ warnings }) => warnings))],
  };
}

/** A checked write, as far as it says what it sets off. */
export interface Write {
  request: WriteRequest;
  target: Target;
  /** The record as it is. */
  record?: Values | undefined;
  /** The record as it is going to be, or the body of a new one. */
  after: Values;
  /** Members that get another value. */
  members: readonly string[];
}
