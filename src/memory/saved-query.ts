import type { Method } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import { cleanText } from '../core/text.ts';

/** One entry of Fast Memory. */
export interface SavedQuery {
  id: number;
  /** What it is called by, unique within a tenant. */
  name?: string;
  description: string;
  path: string;
  method: Method;
  params?: Readonly<Record<string, string>>;
  data?: unknown;
  /** Makes a report of the rows. */
  sql?: string;
  /** Seconds since 1970 of the last use, or of saving. */
  timestamp: number;
  usageCount: number;
  /** Part of the program, not of the user's file. */
  builtIn?: true;
  /** From an imported file. */
  imported?: true;
  /** Imported, and not accepted yet: neither found nor run. */
  waiting?: true;
}

export type NewSavedQuery = Pick<SavedQuery, 'name' | 'description' | 'path' | 'method' | 'params' | 'data' | 'sql'>;

/** What a saved query sends. */
export type CallOfQuery = Pick<SavedQuery, 'method' | 'path' | 'params' | 'data'>;

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,59}$/u;

/**
 * A name that a query is called by: a few words. Digits alone are an id.
 * @throws GatewayError `invalid_argument`
 */
export function parseName(text: string): string {
  const name = text.trim().replace(/\s+/g, ' ');
  if (namePattern.test(name) && !/^\d+$/.test(name)) return name;
  throw new GatewayError('invalid_argument', `name ${JSON.stringify(name.slice(0, 80))} cannot be used.`, {
    details: { field: 'name' },
    hint: 'Give up to 60 letters, digits, spaces, dots, - or _, and not digits alone, such as open-tickets.',
  });
}

/** One line in a list, and small enough that many descriptions fit one reply. */
const maxDescriptionLength = 200;

/**
 * A description as one clean line. It is shown in later conversations as quoted data, so it must stay short.
 * @throws GatewayError `invalid_argument` when nothing is left, or when it is too long: cutting would change it
 */
export function parseDescription(text: string): string {
  const line = cleanText(text.replace(/[\s\u0085]+/g, ' '))
    .replace(/ {2,}/g, ' ')
    .trim();
  const length = [...line].length;
  const refuse = (problem: string, hint: string) =>
    new GatewayError('invalid_argument', `description ${problem}`, { details: { field: 'description' }, hint });
  if (length === 0) {
    const hint = 'Say in one line what the query answers, such as "open tickets of high priority".';
    throw refuse('is empty: the query is found by it later.', hint);
  }
  if (length > maxDescriptionLength) {
    const problem = `has ${length} characters; ${maxDescriptionLength} are allowed.`;
    throw refuse(problem, 'Say in one line what the query answers.');
  }
  return line;
}
