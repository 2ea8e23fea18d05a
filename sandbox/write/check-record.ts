import type { Member } from '../../src/catalog/index.ts';
import { isDate, isPostOnly, type Schemas } from '../definitions.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { FieldError } from '../server/refusal.ts';

/** The only form that every date takes; offsets, days alone and milliseconds are refused somewhere (CW 4.2, 5.6). */
const wholeSecondUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** How a record is written, which decides which of its members are required. */
export type Origin = { kind: 'post' } | { kind: 'put' } | { kind: 'patch'; before: JsonObject };

/** Every error of a record that its schema alone shows: required, type, enum, length, date format (CW 4.2). */
export function checkRecord(schemas: Schemas, schema: string, record: JsonObject, origin: Origin): FieldError[] {
  const errors: FieldError[] = [];
  for (const member of schemas.find(schema)?.members ?? []) {
    const value = record[member.name];
    const isGiven = value !== undefined && value !== null && value !== '';
    if (!isGiven && isNeeded(member, origin)) errors.push(missing(member));
    else if (isGiven && member.name !== '_info') errors.push(...checkValue(schemas, member, value, member.name));
  }
  return errors;
}

/** "Required on updates" matters for PUT; a PATCH starts from what is stored and may only not take it away (CW 5.2). */
function isNeeded({ name, required, requiredOnUpdate }: Member, origin: Origin): boolean {
  if (name === 'id') return false;
  if (required === true) return true;
  if (requiredOnUpdate !== true || origin.kind === 'post') return false;
  return origin.kind === 'put' || origin.before[name] !== undefined;
}

/** References are missed by their id: `The assignTo/id field is required.` (CW 4.2). */
export function missing({ name, schema }: { name: string; schema?: string | undefined }): FieldError {
  const field = schema?.endsWith('Reference') ? `${name}/id` : name;
  return { code: 'MissingRequiredField', message: `The ${field} field is required.`, field };
}

function checkValue(schemas: Schemas, member: Member, value: JsonValue, field: string): FieldError[] {
  if (member.type === 'array') {
    if (!Array.isArray(value)) return [invalid(field)];
    const element: Member = { ...member, type: member.schema === undefined ? (member.itemType ?? 'object') : 'object' };
    return value.flatMap((one, index) => checkValue(schemas, element, one, `${field}[${index}]`));
  }
  if (member.type === 'object') return checkObject(schemas, member, value, field);
  if (member.type === 'boolean') return typeof value === 'boolean' ? [] : [invalid(field)];
  if (member.type === 'integer') return Number.isInteger(value) ? [] : [invalid(field)];
  if (member.type === 'number') return typeof value === 'number' ? [] : [invalid(field)];
  return checkText(member, value, field);
}

function checkObject(schemas: Schemas, { schema }: Member, value: JsonValue, field: string): FieldError[] {
  // Free-form members, such as the value of a custom field, take anything.
  if (schema === undefined) return [];
  if (!isObject(value)) return [invalid(field)];
  if (schema.endsWith('Reference')) return [];
  return (schemas.find(schema)?.members ?? []).flatMap((member) => {
    const inner = value[member.name];
    return inner === undefined || inner === null ? [] : checkValue(schemas, member, inner, `${field}/${member.name}`);
  });
}

function checkText(member: Member, value: JsonValue, field: string): FieldError[] {
  if (typeof value !== 'string') return [invalid(field)];
  if (member.enum !== undefined) return member.enum.includes(value) ? [] : [invalid(field)];
  if (isDate(member) && !wholeSecondUtc.test(value)) {
    return [{ code: 'UnsupportedFormat', message: `Unsupported format applied to ${field}`, field }];
  }
  const { maxLength } = member;
  if (maxLength === undefined || value.length <= maxLength) return [];
  const message = `The field ${field} must be a string with a maximum length of ${maxLength}.`;
  return [{ code: 'MaxLengthField', message, field }];
}

/** The real text for a wrong type or enum is not known; code and shape are those of CW 4.2. */
function invalid(field: string): FieldError {
  return { code: 'InvalidField', message: `The field ${field} is invalid.`, field };
}

/** Members that a change may not name because they only make sense when a record is made (CW 4.2, 5.3). */
export function createOnlyErrors(
  schemas: Schemas,
  schema: string,
  names: Iterable<string>,
  resource: string,
): FieldError[] {
  return [...names].flatMap((field) => {
    const member = schemas.member(schema, field);
    if (member === undefined || !isPostOnly(member)) return [];
    return [{ code: 'InvalidField', message: `${field} can only be used when creating a new ${resource}.`, field }];
  });
}
