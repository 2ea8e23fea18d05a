import type { FindSchema } from '../../conditions/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { Zone } from '../../core/zone.ts';
import { tidyRecord } from '../../results/index.ts';
import { oneLine } from '../wording.ts';
import type { Purpose } from './member-rules.ts';

export interface Fault {
  path: string;
  problem: string;
  allowed?: string;
}

/** What checking a body found. */
export interface Findings {
  /** What ConnectWise is certain to refuse. */
  faults: Fault[];
  /** What was written in another form than ConnectWise accepts, and is sent in the right one. */
  repairs: string[];
  /** What it may refuse: live systems are newer than any definition. */
  warnings: string[];
}

export interface BodyContext {
  purpose: Purpose;
  findSchema: FindSchema;
  /** The user's zone, which dates without a zone are in. */
  zone: Zone;
  nowMs: number;
  findings: Findings;
}

export const createFindings = (): Findings => ({ faults: [], repairs: [], warnings: [] });

/** A value as a message shows it; secrets, by the name in the path, are redacted. */
export function shown(path: string, value: unknown): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const tidy = tidyRecord({ [name]: JSON.stringify(value) ?? 'nothing' }, { keepEmpty: true });
  return oneLine(String((isRecord(tidy) && Object.values(tidy)[0]) || ''), 40);
}

/** Bytes of the faults in an error of at most 300 tokens, which also holds the call and the next step. */
const maxFaultBytes = 850;

/** `what` without its full stop, such as `The body of POST /service/tickets is wrong`; as many faults as an error holds. */
export function invalidBody(what: string, faults: readonly Fault[] = []): GatewayError {
  const kept = fittingFaults(faults);
  const count = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  const more = kept.length < faults.length ? `, the first ${kept.length} are named` : '';
  return new GatewayError('invalid_body', faults.length === 0 ? `${what}.` : `${what}: ${count}${more}.`, {
    details: faults.length > 0 ? { field: 'data', faults: kept } : { field: 'data' },
    hint: { step: 'describe_endpoint' },
  });
}

/** Allowed values are cut before faults are left out: which members are wrong matters more. */
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
