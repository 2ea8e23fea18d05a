import { GatewayError } from '../core/errors.ts';

const pattern = /^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,59}$/u;

/**
 * A name that a query is called by: words, no sentence. Digits alone are an id.
 * @throws GatewayError `invalid_argument`
 */
export function parseName(text: string): string {
  const name = text.trim().replace(/\s+/g, ' ');
  if (pattern.test(name) && !/^\d+$/.test(name)) return name;
  throw new GatewayError('invalid_argument', `name ${JSON.stringify(name.slice(0, 80))} cannot be used.`, {
    details: { field: 'name' },
    hint: 'Give up to 60 letters, digits, spaces, dots, - or _, and not digits alone, such as open-tickets.',
  });
}
