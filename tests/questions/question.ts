import type { JsonValue } from '../../sandbox/json.ts';
import type { Provider } from './provider.ts';

/** What a technician or a manager wants to know, and the one right answer. */
export interface Question {
  id: string;
  /** In their words. */
  asks: string;
  /** What the words mean where they could mean several things; all times are UTC. */
  means: string;
  /** Collections that the answer comes from, the first of which is asked about. */
  reads: readonly [string, ...string[]];
  answer(provider: Provider): Answer;
}

export interface Answer {
  /** Plain rows or numbers, in the order that `means` says, else by number or name. */
  answer: JsonValue;
  /** How many records of the first collection the answer rests on. */
  chosen: number;
}
