import type { WriteRequest } from '../change.ts';
import type { Target } from '../target.ts';

type Values = Readonly<Record<string, unknown>>;

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
