import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';

const kinds = ['add', 'replace', 'remove'] as const;

/** One element of ConnectWise's PATCH array (CW 5.2.1). */
export interface Operation {
  op: (typeof kinds)[number];
  /** With or without a leading slash, as given: ConnectWise takes both (CW 5.2.2). */
  path: string;
  value?: unknown;
}

/**
 * A PATCH body as ConnectWise wants it: its own array as it is, a plain object of wished values as one `replace`
 * for each member. References are replaced whole, for a sub-path may be answered 200 and change nothing (CW 5.2.3).
 * @throws GatewayError `invalid_body` with every fault
 */
export function toOperations(body: unknown): Operation[] {
  const given = readForm(body);
  if (given.length === 0) throw invalid('The body of a PATCH changes nothing: it is empty.', []);
  const faults = given.flatMap(findFaults);
  if (faults.length > 0) {
    throw invalid(
      `The operations of the PATCH have ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}.`,
      faults,
    );
  }
  return given as Operation[];
}

/** Whether a body is ConnectWise's own form; a single operation that lacks its array can only mean that operation. */
export function isOperations(body: unknown): boolean {
  return Array.isArray(body) || (isRecord(body) && 'op' in body && 'path' in body);
}

function readForm(body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  if (!isRecord(body)) throw invalid('A PATCH needs a body: an object of the members to change, or operations.', []);
  if (isOperations(body)) return [body];
  return Object.entries(body).map(([path, value]) => ({ op: 'replace', path, value }));
}

interface Fault {
  path: string;
  problem: string;
  allowed?: string;
}

function findFaults(operation: unknown, index: number): Fault[] {
  const at = `operation ${index + 1}`;
  if (!isRecord(operation)) return [{ path: at, problem: 'must be an object', allowed: '{op, path, value}' }];
  const faults: Fault[] = [];
  const { op, path } = operation;
  if (!kinds.some((kind) => kind === op)) {
    faults.push({ path: `${at}, op`, problem: `is ${JSON.stringify(op) ?? 'missing'}`, allowed: kinds.join(', ') });
  }
  if (typeof path !== 'string' || path.replace(/^\//, '').trim() === '') {
    faults.push({ path: `${at}, path`, problem: 'must name a member', allowed: 'such as summary' });
  }
  if (op !== 'remove' && operation.value === undefined) faults.push({ path: `${at}, value`, problem: 'is missing' });
  return faults;
}

function invalid(message: string, faults: Fault[]): GatewayError {
  return new GatewayError('invalid_body', message, {
    details: { field: 'data', ...(faults.length > 0 ? { faults } : {}) },
    hint: 'Give what should be, such as {"summary": "New title", "status": {"id": 5}}, or [{op, path, value}].',
  });
}

/** The members that a body gives, each with what it is to be; `{}` where only a part of it is given. */
export function givenMembers(method: string, body: unknown): [string, unknown][] {
  if (!isRecord(body) && !Array.isArray(body)) return [];
  if (method !== 'PATCH' || !isOperations(body)) return Array.isArray(body) ? [] : Object.entries(body);
  const members = new Map<string, unknown>();
  for (const operation of toOperations(body)) {
    const [name = '', part, ...further] = segmentsOf(operation);
    if (part === undefined) members.set(name, operation.op === 'remove' ? null : operation.value);
    else if (part.toLowerCase() === 'id' && further.length === 0) members.set(name, { id: operation.value });
    else if (!members.has(name)) members.set(name, {});
  }
  return [...members];
}

/** Path of an operation as its members: `/communicationItems/1/value`. */
export function segmentsOf(operation: Operation): string[] {
  return operation.path.replace(/^\//, '').split('/');
}
