import { isObject, type JsonObject, type JsonValue } from '../json.ts';

export interface PatchOperation {
  op: 'add' | 'replace' | 'remove';
  /** Members and array positions from the record down. */
  path: readonly string[];
  /** As it was written. */
  pathText: string;
  value?: JsonValue;
}

/** Why a patch cannot be applied; the words go into a error. */
export class PatchError {
  readonly message: string;
  readonly field: string;

  constructor(message: string, field: string) {
    this.message = message;
    this.field = field;
  }
}

/** Reads the operation array of a PATCH body; a bare object is none (CW 5.2). */
export function readPatch(body: JsonValue): PatchOperation[] | PatchError {
  if (!Array.isArray(body)) return new PatchError('The body must be an array of patch operations.', 'body');
  const operations: PatchOperation[] = [];
  for (const entry of body) {
    const read = readOperation(entry);
    if (read instanceof PatchError) return read;
    operations.push(read);
  }
  return operations;
}

function readOperation(entry: JsonValue): PatchOperation | PatchError {
  if (!isObject(entry)) return new PatchError('A patch operation must be an object with op and path.', 'body');
  const { op, path, value } = entry;
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    return new PatchError(`op ${JSON.stringify(op ?? null)} is not valid; it must be add, replace or remove`, 'op');
  }
  if (typeof path !== 'string' || path.replace(/^\//, '') === '') {
    return new PatchError(`path ${JSON.stringify(path ?? null)} is not valid`, 'path');
  }
  // With or without a slash in front (CW 5.2).
  const operation = { op, path: path.replace(/^\//, '').split('/'), pathText: path } as const;
  return value === undefined ? operation : { ...operation, value };
}

/**
 * Applies operations to a copy of a record as ConnectWise does (CW 5.2): whole references, arrays by index, custom
 * fields merged by id. Which first members exist is for the caller to check.
 */
export function applyPatch(record: JsonObject, operations: readonly PatchOperation[]): JsonObject | PatchError {
  const result = structuredClone(record);
  for (const operation of operations) {
    const error = applyOperation(result, operation);
    if (error !== undefined) return error;
  }
  return result;
}

function applyOperation(record: JsonObject, operation: PatchOperation): PatchError | undefined {
  const { op, path, pathText, value = null } = operation;
  const [first = '', ...rest] = path;
  if (first === 'customFields' && rest.length === 0) {
    record.customFields = mergeRows(record.customFields, op === 'remove' ? [] : value);
    return undefined;
  }
  if (rest.length === 0) return setMember(record, first, op, value);
  // A reference's own members identify it: a new one replaces the whole.
  if (rest.length === 1 && ['id', 'identifier', 'name'].includes(rest[0] ?? '') && !Array.isArray(record[first])) {
    return setMember(record, first, op, { [rest[0] ?? '']: value });
  }
  let holder: JsonValue | undefined = record[first] ?? (/^\d+$/.test(rest[0] ?? '') ? [] : {});
  record[first] = holder;
  for (const name of rest.slice(0, -1)) {
    holder = Array.isArray(holder) ? holder[Number(name)] : isObject(holder) ? holder[name] : undefined;
  }
  const last = rest.at(-1) ?? '';
  if (Array.isArray(holder)) return setElement(holder, last, operation);
  if (isObject(holder)) return setMember(holder, last, op, value);
  return new PatchError(`path ${pathText} is not valid`, pathText);
}

function setMember(holder: JsonObject, name: string, op: PatchOperation['op'], value: JsonValue): undefined {
  if (op === 'remove' || value === null) delete holder[name];
  else holder[name] = value;
  return undefined;
}

function setElement(
  array: JsonValue[],
  position: string,
  { op, pathText, value = null }: PatchOperation,
): PatchError | undefined {
  const index = position === '-' ? array.length : Number(position);
  const most = op === 'add' ? array.length : array.length - 1;
  if (!/^(\d+|-)$/.test(position) || index > most) return new PatchError(`path ${pathText} is not valid`, pathText);
  if (op === 'add') array.splice(index, 0, value);
  else if (op === 'remove') array.splice(index, 1);
  else array[index] = value;
  return undefined;
}

/** Rows that are not listed keep their value, an empty array clears nothing, `{ id, value }` is enough (CW 5.2). */
export function mergeRows(stored: JsonValue | undefined, given: JsonValue): JsonValue[] {
  const rows = Array.isArray(stored) ? stored : [];
  const changes = Array.isArray(given) ? given.filter(isObject) : [];
  return rows.map((row) => {
    const change = isObject(row) ? changes.find(({ id }) => Number(id) === row.id) : undefined;
    return isObject(row) && change !== undefined && 'value' in change ? { ...row, value: change.value ?? null } : row;
  });
}
