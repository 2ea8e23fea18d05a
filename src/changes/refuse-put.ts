import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import type { WriteRequest } from './change.ts';

/** A longer corrected call would not fit an error; then the path alone is given. */
const maxCorrectedLength = 400;

/** The error for a PUT where PATCH exists: what a PUT does not name is emptied (CW 5.3.1). */
export function refusePut({ path, body }: WriteRequest): GatewayError {
  const members = isRecord(body)
    ? Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'id' && name !== '_info'))
    : {};
  const patch = `PATCH ${path} ${JSON.stringify(members)}`;
  const corrected = patch.length > maxCorrectedLength ? `PATCH ${path}` : patch;
  return new GatewayError(
    'invalid_argument',
    `PUT ${path} is refused: it would empty every member that it does not name.`,
    {
      details: { field: 'method', corrected },
      hint: 'Use PATCH on the same path, with an object of only the members to change.',
    },
  );
}
