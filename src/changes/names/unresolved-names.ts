import { GatewayError } from '../../core/errors.ts';
import type { Fault } from '../body/findings.ts';
import { invalidBody } from '../body/invalid-body.ts';
import type { Failure } from './resolve-names.ts';

/** The error for names that mean no record or several: one in its own words, more as faults with their candidates. */
export function unresolvedNames(failures: readonly Failure[]): GatewayError {
  const [first, ...others] = failures;
  if (first === undefined || others.length > 0)
    return invalidBody('Names in the body are not clear', toFaults(failures));
  const { path, error } = first;
  return new GatewayError('invalid_body', `${path}: ${error.message}`, {
    hint: error.hint,
    details: { ...error.details, field: `data/${path}` },
    cause: error,
  });
}

function toFaults(failures: readonly Failure[]): Fault[] {
  return failures.map(({ path, error: { message, details } }) => {
    const candidates = (details.candidates ?? []).slice(0, 5).join(', ');
    return { path, problem: message.replace(/\.$/, ''), ...(candidates === '' ? {} : { allowed: candidates }) };
  });
}
