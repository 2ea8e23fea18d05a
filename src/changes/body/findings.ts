import type { FindSchema } from '../../conditions/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { Zone } from '../../core/zone.ts';
import { tidyRecord } from '../../results/record-text.ts';
import { oneLine } from '../wording.ts';

export interface Fault {
  path: string;
  problem: string;
  allowed?: string;
}

/** What checking a body found, besides the body as it is sent. */
export interface Findings {
  /** What ConnectWise is certain to refuse. */
  faults: Fault[];
  /** What was written another way than ConnectWise wants it, and is sent the right way. */
  repairs: string[];
  /** What it may refuse: live systems are newer than any definition. */
  warnings: string[];
}

/** What the body does: make a record, replace one (PUT), change one (PATCH), or ask for an action. */
export type Purpose = 'create' | 'replace' | 'change' | 'act';

export interface BodyContext {
  purpose: Purpose;
  findSchema: FindSchema;
  /** The user's: dates without a zone are meant in it. */
  zone: Zone;
  nowMs: number;
  findings: Findings;
}

export const createFindings = (): Findings => ({ faults: [], repairs: [], warnings: [] });

/** A value as a message shows it; what its path calls a secret stays one. */
export function shown(path: string, value: unknown): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const tidy = tidyRecord({ [name]: JSON.stringify(value) ?? 'nothing' }, { keepEmpty: true });
  return oneLine(String((isRecord(tidy) && Object.values(tidy)[0]) || ''), 40);
}

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
