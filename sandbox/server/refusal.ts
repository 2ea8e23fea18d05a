import { GatewayError } from '../../src/core/errors.ts';
import type { JsonObject } from '../json.ts';

/** One entry of `errors[]` in ConnectWise's error body (CW 4.1). */
export interface FieldError {
  code: string;
  message: string;
  field: string;
}

/** The gateway's error code for each status that the sandbox answers. */
const codesByStatus = {
  400: 'request_rejected',
  401: 'credentials_rejected',
  403: 'permission_denied',
  404: 'record_not_found',
  405: 'request_rejected',
  409: 'conflict',
  414: 'request_rejected',
  415: 'request_rejected',
  500: 'connectwise_failed',
  501: 'unknown_endpoint',
} as const;

export type RefusedStatus = keyof typeof codesByStatus;

/** An error response, thrown from anywhere below `sandbox.fetch`, which sends it. */
export function refusal(status: RefusedStatus, body: JsonObject | string): GatewayError {
  const message = typeof body === 'string' ? body : String(body.message);
  return new GatewayError(codesByStatus[status], message, { details: { status, body } });
}

/** What `refusal` put into an error; undefined for any other error. */
export function readRefusal(error: unknown): { status: number; body: JsonObject | string } | undefined {
  if (!(error instanceof GatewayError)) return undefined;
  const { status, body } = error.details as { status?: number; body?: JsonObject | string };
  return status === undefined || body === undefined ? undefined : { status, body };
}

export function unrecognizedName(name: string): GatewayError {
  return findCondition(`${name} is not a recognized name.`);
}

/** CW 2.7: errors of conditions carry no `errors` member. */
export function findCondition(message: string): GatewayError {
  return refusal(400, { code: 'ApiFindCondition', message });
}

/** CW 4.2: every error of a record at once. */
export function invalidObject(resource: string, errors: readonly FieldError[]): GatewayError {
  return refusal(400, {
    code: 'InvalidObject',
    message: `${resource} object is invalid`,
    errors: errors.map(({ code, message, field }) => ({ code, message, resource, field })),
  });
}

/** CW 4.2.31: a PATCH that is no valid list of operations, or whose path or value does not fit. */
export function invalidPatch(resource: string, message: string, field: string): GatewayError {
  const code = 'InvalidPatch';
  return refusal(400, { code, message, errors: [{ code, message, resource, field }] });
}

export function outOfRange(field: string, least: number, most: number): GatewayError {
  return invalidObject(field, [
    { code: 'OutOfRange', message: `The field ${field} must be between ${least} and ${most}.`, field },
  ]);
}

export function recordNotFound(kind: string, id: number | string): GatewayError {
  return refusal(404, { code: 'NotFound', message: `${kind} ${id} not found` });
}

/** The router's answer to a wrong company or address, in plain text (CW 1.1). */
export function cannotRoute(): GatewayError {
  return refusal(400, 'Cannot route. Codebase/company is invalid');
}

export function endpointMissing(): GatewayError {
  return refusal(404, { code: 'ConnectWiseApi', message: 'The endpoint does not exist.' });
}

/** An endpoint that the sandbox does not emulate. The text says so, as ConnectWise would not answer this. */
export function notEmulated(method: string, template: string): GatewayError {
  return refusal(501, { code: 'NotEmulated', message: `The sandbox does not emulate ${method} ${template}.` });
}
