import * as z from 'zod';
import { type Method, methods } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord, isTooDeep, maxLevels } from '../../core/json.ts';

/** Arguments that several tools share, with the limits of the surface. */

export const maxQueryLength = 2_000;
export const maxRequestBytes = 1_000_000;

export const querySchema = z.string().trim().min(1).max(maxQueryLength);

export const resultCountSchema = (fallback: number) => z.int().min(1).max(100).default(fallback);

export const pathSchema = z.string().trim().min(1).max(20_000);

export const methodSchema = z.string().max(20).default('GET').describe('GET, POST, PUT, PATCH or DELETE');

export const paramsSchema = z.looseObject({});

export const dataSchema = z.union([z.looseObject({}), z.array(z.looseObject({}))]);

export const sqlSchema = z.string().trim().min(1).max(20_000);

/** Of a reply to a list; for reading long texts. */
export const maxTokensSchema = z.int().min(200).max(8_000);

/** @throws GatewayError `invalid_argument` naming the methods there are */
export function parseMethod(text: string): Method {
  const upper = text.trim().toUpperCase();
  const method = methods.find((known) => known === upper);
  if (method) return method;
  throw new GatewayError('invalid_argument', `method ${JSON.stringify(text)} is unknown.`, {
    details: { field: 'method', candidates: methods },
    hint: `method is one of ${methods.join(', ')}.`,
  });
}

/**
 * Query members as text: numbers and booleans as written, lists joined by commas, empty ones left out.
 * @throws GatewayError `invalid_argument` for a value that is an object
 */
export function parseParams(params: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined || value === '') continue;
    if (isRecord(value) || (Array.isArray(value) && value.some((item) => typeof item === 'object'))) {
      throw new GatewayError(
        'invalid_argument',
        `params/${name} is an object; a query member is text, number or true/false.`,
        {
          details: { field: `params/${name}` },
          hint: 'A filter is one text, such as conditions: "status/name=\'Open\' and board/id=1". A body goes into data.',
        },
      );
    }
    texts[name] = Array.isArray(value) ? value.join(',') : String(value);
  }
  return texts;
}

/** @throws GatewayError `invalid_argument` for an argument with too many levels of objects and arrays */
export function checkDepth(given: Readonly<Record<string, unknown>>): void {
  const field = Object.keys(given).find((name) => isTooDeep(given[name]));
  if (field === undefined) return;
  throw new GatewayError('invalid_argument', `${field} is nested deeper than ${maxLevels} levels.`, {
    details: { field },
    hint: 'No body of ConnectWise has more than a few levels: correct it and call again.',
  });
}

/** @throws GatewayError `invalid_argument` for params or a body over the limit */
export function checkSize(given: { params?: unknown; data?: unknown }): void {
  for (const [name, value] of Object.entries(given)) {
    const bytes = value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
    if (bytes <= maxRequestBytes) continue;
    throw new GatewayError(
      'invalid_argument',
      `${name} holds ${bytes} bytes; at most ${maxRequestBytes} are allowed.`,
      {
        details: { field: name },
      },
    );
  }
}
