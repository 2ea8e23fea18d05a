import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import type { Fault } from './body/findings.ts';
import type { Values } from './change.ts';

const kinds = ['add', 'replace', 'remove'] as const;

/** One element of ConnectWise's PATCH array (CW 5.2.1). */
export interface Operation {
  op: (typeof kinds)[number];
  /** With or without a leading slash, as given: ConnectWise takes both (CW 5.2.2). */
  path: string;
  value?: unknown;
}

/**
 * A PATCH body as ConnectWise wants it: its own array as it is, an object of new values as one `replace` for each
 * member. References are replaced whole, for a sub-path may be answered 200 and change nothing (CW 5.2.3).
 * @throws GatewayError `invalid_body` with every fault
 */
export function toOperations(body: unknown): Operation[] {
  const given = readForm(body);
  if (given.length === 0) throw invalid('The body of a PATCH changes nothing: it is empty.', []);
  const faults = given.flatMap(findFaults);
  if (faults.length > 0) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    throw invalid(`The operations of the PATCH have ${count}.`, faults);
  }
  return given as Operation[];
}

/** Names that callers put around the body of a PATCH; no record has members of these names that are objects. */
const envelopes: ReadonlySet<string> = new Set(['operations', 'patch', 'value']);

/** The body of a PATCH without an envelope such as `{"operations": […]}`, and the name of the envelope. */
export function unwrapPatch(body: unknown): { body: unknown; envelope?: string } {
  const [entry, ...others] = isRecord(body) ? Object.entries(body) : [];
  if (entry === undefined || others.length > 0) return { body };
  const [name, inner] = entry;
  const isList = Array.isArray(inner) && inner.length > 0 && inner.every((one) => isRecord(one) && isOperations(one));
  return isList || (envelopes.has(name) && isRecord(inner)) ? { body: inner, envelope: name } : { body };
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
    details: faults.length > 0 ? { field: 'data', faults } : { field: 'data' },
    hint: 'Give the new values, such as {"summary": "New title", "status": {"id": 5}}, or [{op, path, value}].',
  });
}

/** Path of an operation as its members: `/communicationItems/1/value`. */
export function segmentsOf(operation: Operation): string[] {
  return operation.path.replace(/^\//, '').split('/');
}

/** The member of the record that an operation changes, whole or in part. */
export const memberOf = (operation: Operation): string => segmentsOf(operation)[0] ?? '';

/** The members that operations name, once each. */
export const touchedBy = (operations: readonly Operation[]): string[] => [...new Set(operations.map(memberOf))];

/** The members that a body gives, each with its new value; `{}` where the body gives only a part of it. */
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

export interface Applied {
  /** The record as ConnectWise should answer it. */
  record: Record<string, unknown>;
  /** Members at the top that the operations name, once each. */
  touched: readonly string[];
  warnings: readonly string[];
}

/** Applies operations to a copy of a record, for the preview; ConnectWise alone decides what happens. */
export function applyOperations(record: Values, operations: readonly Operation[]): Applied {
  const copy: Record<string, unknown> = structuredClone(record);
  const warnings: string[] = [];
  for (const operation of operations) {
    if (!applyTo(copy, segmentsOf(operation), operation)) {
      warnings.push(`${operation.path} does not exist in the record: ConnectWise may refuse it.`);
    }
  }
  return { record: copy, touched: touchedBy(operations), warnings };
}

/** What names a referenced record (CW 5.1.4). A new value for one of them makes the others wrong, so they are dropped. */
const referenceNames: ReadonlySet<string> = new Set(['id', 'identifier', 'name']);

function applyTo(holder: unknown, [segment = '', ...rest]: readonly string[], operation: Operation): boolean {
  if (Array.isArray(holder)) return applyToArray(holder, segment, rest, operation);
  if (!isRecord(holder)) return false;
  const [next] = rest;
  if (next === undefined) {
    setMember(holder, segment, operation.op === 'remove' ? undefined : operation.value);
    return true;
  }
  const inner = Object.hasOwn(holder, segment) ? holder[segment] : undefined;
  if (rest.length === 1 && referenceNames.has(next) && !Array.isArray(inner)) {
    setMember(holder, segment, operation.op === 'remove' ? undefined : { [next]: operation.value });
    return true;
  }
  return applyTo(inner, rest, operation);
}

/** Elements go by position, as on the communication items of a contact (CW 5.2.4). */
function applyToArray(array: unknown[], segment: string, rest: readonly string[], operation: Operation): boolean {
  const index = segment === '-' ? array.length : Number(segment);
  if (!/^(\d+|-)$/.test(segment)) return false;
  if (rest.length > 0) return applyTo(array[index], rest, operation);
  const isInside = index < array.length;
  if (operation.op === 'add' && index <= array.length) array.splice(index, 0, operation.value);
  else if (operation.op === 'replace' && isInside) array[index] = operation.value;
  else if (operation.op === 'remove' && isInside) array.splice(index, 1);
  else return false;
  return true;
}

/** Defined and not assigned, for a member can be called `__proto__`. */
function setMember(holder: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}
