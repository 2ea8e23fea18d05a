import { GatewayError } from '../core/errors.ts';
import { cleanText } from '../core/text.ts';

/** One line in a list, and small enough that many descriptions fit one reply. */
const maxDescriptionLength = 200;

/**
 * A description as one clean line. It comes back in later chats as quoted data, so it is no place for a text.
 * @throws GatewayError `invalid_argument` when nothing is left, or when it is too long: cutting would change it
 */
export function parseDescription(text: string): string {
  const line = cleanText(text.replace(/[\s\u0085]+/g, ' '))
    .replace(/ {2,}/g, ' ')
    .trim();
  const length = [...line].length;
  if (length === 0) {
    throw new GatewayError('invalid_argument', 'description is empty: it is what the query is found by later.', {
      details: { field: 'description' },
      hint: 'Say in one line what the query answers, such as "open tickets of high priority".',
    });
  }
  if (length > maxDescriptionLength) {
    throw new GatewayError(
      'invalid_argument',
      `description has ${length} characters; ${maxDescriptionLength} are allowed.`,
      { details: { field: 'description' }, hint: 'Say in one line what the query answers.' },
    );
  }
  return line;
}
