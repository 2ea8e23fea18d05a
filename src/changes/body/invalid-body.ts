import { GatewayError } from '../../core/errors.ts';
import type { Fault } from './findings.ts';

/** Bytes of the faults in an error of at most 300 tokens, which names the call and the next step besides. */
const maxFaultBytes = 850;

/** `what` without its full stop, such as `The body of POST /service/tickets is wrong`; as many faults as an error holds. */
export function invalidBody(what: string, faults: readonly Fault[] = []): GatewayError {
  const kept = fittingFaults(faults);
  const count = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  const more = kept.length < faults.length ? `, the first ${kept.length} are named` : '';
  return new GatewayError('invalid_body', faults.length === 0 ? `${what}.` : `${what}: ${count}${more}.`, {
    details: { field: 'data', ...(faults.length > 0 ? { faults: kept } : {}) },
    hint: 'get_api_endpoint_details names the members and their types.',
  });
}

/** That a member is wrong matters more than all that it may hold. */
function fittingFaults(faults: readonly Fault[]): Fault[] {
  const bytes = (list: readonly Fault[]) => Buffer.byteLength(list.map(render).join('\n'));
  if (bytes(faults) <= maxFaultBytes) return [...faults];
  const short = faults.map(({ allowed, ...fault }) =>
    allowed === undefined ? fault : { ...fault, allowed: clip(allowed) },
  );
  while (short.length > 1 && bytes(short) > maxFaultBytes) short.pop();
  return short;
}

const clip = (text: string) => (text.length > 70 ? `${text.slice(0, 69).toWellFormed()}…` : text);

/** As the reply writes it. */
const render = ({ path, problem, allowed }: Fault) => `- ${path}: ${problem}${allowed ? ` (allowed: ${allowed})` : ''}`;
