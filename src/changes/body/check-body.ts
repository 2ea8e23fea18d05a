import type { Endpoint, Member, Schema } from '../../catalog/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord } from '../../core/json.ts';
import { type Operation, segmentsOf, touchedBy } from '../operations.ts';
import {
  checkElement,
  checkMember,
  checkName,
  checkPart,
  checkRecord,
  elementOf,
  isEmpty,
  referenceSchema,
  refuseClosed,
} from './check-record.ts';
import { findMember } from './find-member.ts';
import { type BodyContext, invalidBody } from './findings.ts';
import type { Purpose } from './member-rules.ts';

/**
 * Checks the body of a POST, PUT or DELETE against the schema. What is sent comes back; what was repaired and what may
 * be wrong is added to the findings.
 * @throws GatewayError `invalid_body` with every fault; `invalid_argument` for endpoints that take no JSON
 */
export function checkBody(context: BodyContext, body: unknown, endpoint: Endpoint): unknown {
  const payload = endpoint.body;
  const call = `${endpoint.method} ${endpoint.path}`;
  if (payload === undefined) {
    if (body !== undefined) context.findings.warnings.push(`${call} takes no body; ConnectWise may ignore it.`);
    return body;
  }
  refuseUpload(endpoint);
  if (body === undefined) throw invalidBody(`${call} needs a body${payload.schema ? `: a ${payload.schema}` : ''}`);
  const schema = payload.schema === undefined ? undefined : context.findSchema(payload.schema);
  const checked = checkForm(context, body, endpoint, schema);
  const { faults } = context.findings;
  if (faults.length > 0) throw invalidBody(`The body of ${call} is wrong`, faults);
  return checked;
}

/** Refuses an endpoint that takes something other than JSON; uploads of documents are planned elsewhere. */
export function refuseUpload({ body, method, path }: Endpoint): void {
  if (body === undefined || body.mediaType.includes('json')) return;
  throw new GatewayError(
    'invalid_argument',
    `${method} ${path} takes ${body.mediaType}, which this gateway cannot send.`,
    {
      details: { field: 'path' },
      hint: 'Files go to POST /system/documents with data recordType, recordId and file.',
    },
  );
}

/** A POST that makes records is answered 201, or 207 where it takes many (CW 4.2.30); any other requests an action. */
export function purposeOf({ method, status }: Pick<Endpoint, 'method' | 'status'>): Purpose {
  if (method === 'PATCH') return 'change';
  if (method === 'PUT') return 'replace';
  return method === 'POST' && (status === 201 || status === 207) ? 'create' : 'act';
}

function checkForm(context: BodyContext, body: unknown, { body: payload, ...endpoint }: Endpoint, schema?: Schema) {
  const call = `${endpoint.method} ${endpoint.path}`;
  if (payload?.array) {
    if (!Array.isArray(body)) throw invalidBody(`The body of ${call} must be an array`);
    if (schema === undefined) return body;
    return body.map((record, index) => {
      if (isRecord(record)) return checkRecord(context, record, schema, { prefix: `${index}/`, depth: 0 });
      context.findings.faults.push({ path: `${index}`, problem: 'must be an object' });
      return record;
    });
  }
  if (payload?.schema === undefined && payload?.type !== 'object') return body;
  if (!isRecord(body)) throw invalidBody(`The body of ${call} must be an object`);
  return schema === undefined ? body : checkRecord(context, body, schema);
}

/** A position on the path of an operation. */
interface Step {
  schema: Schema;
  /** The names up to here, in their right spelling. */
  done: readonly string[];
  rest: readonly string[];
}

/** The path and value of an operation as they are sent. */
interface Checked {
  segments: readonly string[];
  value: unknown;
}

/**
 * Checks the operations of a PATCH against the schema of the record, and returns what is sent; repairs and warnings
 * are added to the findings.
 * @throws GatewayError `invalid_body` with every fault
 */
export function checkOperations(
  context: BodyContext,
  operations: readonly Operation[],
  schema: Schema,
  path: string,
): Operation[] {
  const siblings = new Set(touchedBy(operations));
  const checked = operations.map((operation) => {
    const start = { schema, done: [], rest: segmentsOf(operation) };
    const { segments, value } = checkStep(context, operation, start, siblings);
    const path = `${operation.path.startsWith('/') ? '/' : ''}${segments.join('/')}`;
    return defined<Operation>({ op: operation.op, path, value: operation.value === undefined ? undefined : value });
  });
  const { faults } = context.findings;
  if (faults.length > 0) throw invalidBody(`The body of PATCH ${path} is wrong`, faults);
  return checked;
}

/** Paths are case-sensitive (CW 5.2.2), so names are written as the definition has them. */
function checkStep(
  context: BodyContext,
  operation: Operation,
  { schema, done, rest }: Step,
  siblings: ReadonlySet<string>,
): Checked {
  const [given = '', ...further] = rest;
  const found = findMember(context, given, { path: [...done, given].join('/'), schema, siblings });
  const segments = [...done, found?.name ?? given];
  const { member } = found ?? {};
  const asGiven = { segments: [...segments, ...further], value: operation.value };
  if (member === undefined) return asGiven;
  const path = segments.join('/');
  if (done.length === 0 && refuseClosed(context, schema, member, path)) return asGiven;
  if (further.length > 0) return checkBelow(context, operation, member, { schema, done: segments, rest: further });
  const value = operation.op === 'remove' ? null : operation.value;
  // ConnectWise checks the whole record after an update, and refuses one that lacks a required value (CW 5.2.5, 5.2.6).
  if (isEmpty(value) && (member.required || member.requiredOnUpdate)) {
    context.findings.warnings.push(`${path} must have a value after an update: ConnectWise may refuse this.`);
  }
  if (operation.op === 'remove') return asGiven;
  return { segments, value: checkMember(context, member, value, { schema, path, depth: done.length }) };
}

/** A path that goes on: to an element of an array, or to a part of an object. */
function checkBelow(context: BodyContext, operation: Operation, member: Member, step: Step): Checked {
  const { done, rest } = step;
  const asGiven = { segments: [...done, ...rest], value: operation.value };
  if (member.type === 'array') return checkBelowArray(context, operation, member, step);
  if (member.type !== 'object') {
    context.findings.faults.push({ path: asGiven.segments.join('/'), problem: `${member.name} has no members` });
    return asGiven;
  }
  context.findings.warnings.push(
    `${operation.path}: ConnectWise may answer 200 and change nothing; replace the whole ${member.name} (CW 5.2.3).`,
  );
  const reference = referenceSchema(context, member.schema);
  if (reference === undefined) {
    const inner = member.schema === undefined ? undefined : context.findSchema(member.schema);
    if (inner === undefined || inner.members.length === 0) return asGiven;
    return checkStep(context, operation, { schema: inner, done, rest }, new Set());
  }
  const name = checkName(context, rest[0] ?? '', reference, { path: done.join('/'), siblings: {} });
  if (name === undefined || rest.length > 1 || operation.op === 'remove') return asGiven;
  const segments = [...done, name];
  return { segments, value: checkPart(context, name, operation.value, segments.join('/')) };
}

/** Elements are addressed by position (CW 5.2.4); whether the element exists shows when the record is read. */
function checkBelowArray(
  context: BodyContext,
  operation: Operation,
  member: Member,
  { schema, done, rest }: Step,
): Checked {
  const [index = '', ...further] = rest;
  const segments = [...done, index];
  const element = elementOf(member);
  const inner = element.schema === undefined ? undefined : context.findSchema(element.schema);
  if (further.length > 0 && inner !== undefined && referenceSchema(context, element.schema) === undefined) {
    return checkStep(context, operation, { schema: inner, done: segments, rest: further }, new Set());
  }
  const asGiven = { segments: [...segments, ...further], value: operation.value };
  if (further.length > 0 || operation.op === 'remove' || operation.value === null) return asGiven;
  const path = segments.join('/');
  return { segments, value: checkElement(context, element, operation.value, { schema, path, depth: 0 }) };
}
