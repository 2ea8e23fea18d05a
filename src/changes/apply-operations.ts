import { isRecord } from '../core/json.ts';
import { type Operation, segmentsOf } from './to-operations.ts';

/** What names a referenced record (CW 5.1.4); one of them given, the others are those of the old record. */
const referenceNames: ReadonlySet<string> = new Set(['id', 'identifier', 'name']);

export interface Applied {
  /** The record as ConnectWise should answer it. */
  record: Record<string, unknown>;
  /** Members at the top that the operations name, once each. */
  touched: readonly string[];
  warnings: readonly string[];
}

/** Applies operations to a copy of a record, for the preview; ConnectWise alone decides what happens. */
export function applyOperations(record: Readonly<Record<string, unknown>>, operations: readonly Operation[]): Applied {
  const copy = structuredClone(record) as Record<string, unknown>;
  const warnings: string[] = [];
  for (const operation of operations) {
    if (!applyTo(copy, segmentsOf(operation), operation)) {
      warnings.push(`${operation.path} leads to nothing in the record as it is: ConnectWise may refuse it.`);
    }
  }
  const touched = new Set(operations.map((operation) => segmentsOf(operation)[0] ?? ''));
  return { record: copy, touched: [...touched], warnings };
}

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
