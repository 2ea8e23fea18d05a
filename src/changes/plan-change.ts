import { type Endpoint, type Schema, unlistedNote } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined, isRecord } from '../core/json.ts';
import { showDays } from '../results/index.ts';
import { checkBody, checkOperations, purposeOf, refuseUpload } from './body/check-body.ts';
import { findSpelling } from './body/find-member.ts';
import type { MemberDifference, Values, WriteRequest } from './change.ts';
import { compareMembers, isSame, ownValue } from './differences.ts';
import { isPersonal, readEffects } from './effects/read-effects.ts';
import { type CompletedBody, type Completing, completeBody } from './names/complete-body.ts';
import { type NamedMembers, type Naming, nameMembers, withNames } from './names/name-members.ts';
import { beginNumbered, describeClients, type NumberedWrite, readNumbered } from './names/named-records.ts';
import { isOfRecord, ownersOf, parentsOf } from './names/names.ts';
import { settleOperations, settleReferences } from './names/settle-references.ts';
import {
  applyOperations,
  givenMembers,
  isOperations,
  memberOf,
  type Operation,
  segmentsOf,
  toOperations,
  touchedBy,
} from './operations.ts';
import {
  bodyContext,
  findUser,
  type Plan,
  type PlanContext,
  type PlanStart,
  readRecord,
  renderFindings,
} from './plan.ts';
import { planUpload, takesForm } from './plan-upload.ts';
import { parseTarget } from './target.ts';
import { oneLine, renderValue } from './wording.ts';

/**
 * Checks a write against the catalog, makes ids of the names in its body, and reads the record that a PATCH or DELETE
 * changes, and what the change causes.
 * @throws GatewayError `invalid_path`, `invalid_argument`, `invalid_body`, or what reading met
 */
export async function planChange(context: PlanContext, request: WriteRequest, signal?: AbortSignal): Promise<Plan> {
  const { method, path } = request;
  const placeholder = /\{[^}]*\}/.exec(path)?.[0];
  if (placeholder !== undefined) {
    throw new GatewayError('invalid_path', `${method} ${path} cannot be prepared: ${placeholder} has no value.`, {
      details: { field: 'path' },
      hint: `Replace ${placeholder} with the number of the record.`,
    });
  }
  const endpoint = context.catalog.findEndpoint(method, path)?.endpoint;
  if (method === 'PUT' && context.catalog.methodsOf(path).includes('PATCH')) throw refusePut(request);
  const target = parseTarget(method, path, endpoint);
  if (endpoint !== undefined && takesForm(endpoint)) return planUpload(context, request, target, signal);
  const warnings = endpoint === undefined ? [`${method} ${path} is not in the catalog: its body was not checked.`] : [];
  if (endpoint?.unlisted) warnings.push(unlistedNote);
  if (request.strict === false && request.body !== undefined)
    warnings.push('strict is false: the body was not checked.');
  const start = { request, target, endpoint, warnings };
  return method === 'PATCH' ? planPatch(context, start, signal) : planWhole(context, start, signal);
}

/** A longer corrected call would not fit an error; then the path alone is given. */
const maxCorrectedLength = 400;

/** The error for a PUT where PATCH exists: what a PUT does not name is emptied (CW 5.3.1). */
function refusePut({ path, body }: WriteRequest): GatewayError {
  const { id, _info, ...members }: Values = isRecord(body) ? body : {};
  const patch = `PATCH ${path} ${JSON.stringify(members)}`;
  const corrected = patch.length > maxCorrectedLength ? `PATCH ${path}` : patch;
  return new GatewayError(
    'invalid_argument',
    `PUT ${path} is refused: it would empty every member that it does not name.`,
    {
      details: { field: 'method', corrected },
      hint: 'Use PATCH on the same path, with an object of only the members to change.',
    },
  );
}

/** The plan of a PATCH: what it changes in the record as it is. */
async function planPatch(context: PlanContext, start: PlanStart, signal?: AbortSignal): Promise<Plan> {
  const { target, endpoint } = start;
  const { path, body, strict } = start.request;
  // Before anything is read: a body of the wrong form costs no request.
  toOperations(body);
  if (endpoint !== undefined) refuseUpload(endpoint);
  const schema = recordSchema(context, path, endpoint);
  const checkedBy = strict === false ? undefined : schema;
  const record = await readRecord(context, path, signal);
  const check = await bodyContext(context, 'change');
  const above = await readAbove(context, start.request, { schema: checkedBy, record }, signal);
  const completing = { request: start.request, schema: checkedBy, record, above, signal };
  const completed = await completeBody(context, check, completing);
  const wanted = toOperations(completed.body);
  const checked = checkedBy === undefined ? wanted : checkOperations(check, wanted, checkedBy, path);
  const { body: settled, claims, references } = settleOperations(check, checked, schema);
  const { after, differences, unchanged, isApplied, replaced, warnings } = preview(path, record, settled, {
    schema,
    findSchema: context.findSchema,
  });
  // ConnectWise's own operations are sent as given; of an object of new values, those that the record has are not sent.
  const isAsGiven = isOperations(body) || strict === false;
  const operations = isAsGiven ? settled : settled.filter((operation) => !unchanged.includes(memberOf(operation)));
  const isAllSo =
    strict !== false && isApplied && settled.every((operation) => unchanged.includes(memberOf(operation)));
  if (operations.length === 0 || isAllSo) throw nothingChanges(path, warnings);
  const request = { ...start.request, body: operations };
  const members = touchedBy(operations).filter((member) => !unchanged.includes(member));
  const write = { request, endpoint, schema, after, record, above, members, names: completed.names, signal };
  const [{ named, alerts, names, warnings: said }, effects] = await Promise.all([
    readNamed(context, write, { claims, references }),
    readEffects(context, { request, record, after: record === undefined ? {} : after, members }, signal),
  ]);
  return defined<Plan>({
    request,
    target,
    schema,
    record,
    differences: differences && withNames(differences, names),
    names,
    named: named.length > 0 ? named : undefined,
    alerts,
    effects,
    warnings: [
      ...replaced,
      ...start.warnings,
      ...completed.notes,
      ...renderFindings(check),
      ...warnings,
      ...said,
      ...effects.warnings,
    ],
  });
}

/** Every existing record that a write names, by a reference or by a number, and whether they are of one client. */
async function readNamed(
  context: PlanContext,
  write: NumberedWrite,
  { claims, references }: Pick<Naming, 'claims' | 'references'>,
): Promise<NamedMembers & Pick<Plan, 'alerts'>> {
  const { request, schema, after, record, above, members, names: known, signal } = write;
  const refuses = request.strict !== false;
  const naming = { schema, path: request.path, after, record, above, known, claims, references, refuses, signal };
  const [byNumber, byReference] = await Promise.all([
    readNumbered(context, write),
    nameMembers(context, members, naming),
  ]);
  const named = [...byNumber, ...byReference.named];
  const clients = describeClients(named, { after, record, names: byReference.names });
  return defined({ ...byReference, named, alerts: clients === undefined ? undefined : [clients] });
}

/** The body of every PATCH is operations; the record that they change is what the endpoint answers. */
function recordSchema({ catalog }: PlanContext, path: string, endpoint: Endpoint | undefined): Schema | undefined {
  const name = endpoint?.response?.schema ?? catalog.findEndpoint('GET', path)?.endpoint.response?.schema;
  return name === undefined ? undefined : catalog.findSchema(name);
}

interface Preview {
  after: Values;
  differences?: readonly MemberDifference[];
  unchanged: readonly string[];
  /** What arrays lose and gain. */
  replaced: readonly string[];
  /** Whether every operation fits the record. */
  isApplied: boolean;
  warnings: readonly string[];
}

/** The record after these operations; without a readable record, what they set is all that is known. */
function preview(
  path: string,
  record: Values | undefined,
  operations: readonly Operation[],
  schemas: Parameters<typeof showDays>[1],
): Preview {
  const applied = applyOperations(record ?? {}, operations);
  const after = applied.record;
  if (record === undefined) {
    return {
      after,
      unchanged: [],
      replaced: [],
      isApplied: false,
      warnings: [`${path} cannot be read, so its current values are not known.`],
    };
  }
  const before = showDays(record, schemas);
  const { differences, unchanged } = compareMembers(before, showDays(after, schemas), applied.touched);
  const warnings = [...applied.warnings];
  for (const member of unchanged) {
    warnings.push(`${member} is already ${renderValue(member, ownValue(before, member))}.`);
  }
  // Whether rows that are left out keep their values is contested (CW 5.2.7).
  if (dropsRows(record.customFields, after.customFields)) {
    warnings.push('customFields: rows that are not given may lose their values; give all of them.');
  }
  const replaced = operations.flatMap((operation) => describeReplaced(operation, record, after));
  const isApplied = applied.warnings.length === 0;
  return { after, differences, unchanged, isApplied, replaced, warnings };
}

/** An array is replaced whole: what the new one does not list is gone. Rows of custom fields are filled in (CW 5.2.7). */
function describeReplaced(operation: Operation, record: Values, after: Values): string[] {
  const member = memberOf(operation);
  if (segmentsOf(operation).length > 1 || member === 'customFields') return [];
  const [before, wanted] = [ownValue(record, member), ownValue(after, member) ?? []];
  if (!Array.isArray(before) || !Array.isArray(wanted) || before.length === 0) return [];
  const isIn = (list: readonly unknown[], one: unknown) =>
    list.some((other) => isOfRecord(one, other) || isSame(one, other));
  const removed = before.filter((one) => !isIn(wanted, one)).length;
  const added = wanted.filter((one) => !isIn(before, one)).length;
  if (removed + added === 0) return [];
  const count = `${removed} of its ${before.length} ${before.length === 1 ? 'entry' : 'entries'} removed`;
  return [`${member} is replaced whole: ${count}, ${added} added.`];
}

function dropsRows(before: unknown, after: unknown): boolean {
  return Array.isArray(before) && Array.isArray(after) && after.length < before.length;
}

function nothingChanges(path: string, said: readonly string[]): GatewayError {
  return new GatewayError('invalid_body', `Nothing to change at ${path}: ${said.join(' ')}`, {
    details: { field: 'data', nothingChanges: true },
    hint: 'The record already has these values; nothing needs to be sent.',
  });
}

/** The plan of a POST, PUT or DELETE: its body is sent as given, except for names and repairs. */
async function planWhole(context: PlanContext, start: PlanStart, signal?: AbortSignal): Promise<Plan> {
  const { target, endpoint } = start;
  const { method, path } = start.request;
  // The schema says what the members are, whether the body is checked or not.
  const schema = endpoint?.body?.schema === undefined ? undefined : context.findSchema(endpoint.body.schema);
  const given = isRecord(start.request.body) ? Object.keys(start.request.body) : [];
  beginNumbered(context, { ...start, schema, after: start.request.body, members: given, names: new Map(), signal });
  const above = await readAbove(context, start.request, { schema }, signal);
  const checked = await checkWhole(context, start, { schema, above }, signal);
  const { body, claims, references } = settleReferences(context, checked.body, schema);
  const request = defined<WriteRequest>({ ...start.request, body });
  const record = method === 'DELETE' ? await readRecord(context, path, signal) : undefined;
  const after = method === 'DELETE' ? (record ?? {}) : isRecord(body) ? body : {};
  const members = method === 'DELETE' ? [] : Object.keys(after);
  const write = {
    request,
    endpoint,
    schema,
    after: body,
    record,
    above,
    members: isRecord(body) ? Object.keys(body) : [],
    names: checked.names,
    signal,
  };
  const [{ named, alerts, names, warnings: said }, effects] = await Promise.all([
    readNamed(context, write, { claims, references }),
    readEffects(context, { request, record, after, members }, signal),
  ]);
  const warnings = [...start.warnings, ...checked.notes];
  if (method === 'PUT') warnings.push('PUT replaces the whole record: members that are not given become empty.');
  warnings.push(...said);
  if (method === 'DELETE' && record === undefined) {
    warnings.push(`${path} cannot be read as one record, so what is deleted is not known.`);
  }
  warnings.push(...effects.warnings);
  return defined<Plan>({
    request,
    target,
    schema,
    record,
    names,
    named: named.length > 0 ? named : undefined,
    alerts,
    effects,
    warnings,
  });
}

/**
 * The record that a request is under, such as the ticket of a merge, where the body has members that belong to a board,
 * company or project and neither it, the record nor the path names that one.
 */
async function readAbove(
  context: PlanContext,
  { method, path, body }: WriteRequest,
  { schema, record }: { schema: Schema | undefined; record?: Values | undefined },
  signal?: AbortSignal,
): Promise<Values | undefined> {
  const [, above] = /^(.*\/\d+)\/[^/]+(?:\/\d+)?$/.exec(path) ?? [];
  if (above === undefined || schema === undefined) return undefined;
  const given = Object.fromEntries(givenMembers(method, body));
  const isNeeded = Object.keys(given).some((name) => {
    const member = findSpelling(schema, name);
    const parent = member?.schema === undefined ? undefined : context.lookups.findKind(member.schema)?.parent;
    if (member === undefined || parent === undefined) return false;
    const isGiven = ownersOf(member.name, parent).some((owner) => Object.hasOwn(given, owner));
    return !isGiven && parentsOf(member.name, { schema: schema.name, path, body: {}, record })[parent] === undefined;
  });
  if (!isNeeded) return undefined;
  try {
    return await readRecord(context, above, signal);
  } catch (error) {
    // Without the right to read it, the names are looked up as far as they can be.
    if (error instanceof GatewayError && error.code === 'permission_denied') return undefined;
    throw error;
  }
}

/** The body of a new or whole record as it is sent, with the notes on what was repaired. */
async function checkWhole(
  context: PlanContext,
  { request, endpoint }: PlanStart,
  given: Pick<Completing, 'schema' | 'above'>,
  signal: AbortSignal | undefined,
): Promise<CompletedBody> {
  const asGiven = { body: request.body, names: new Map(), notes: [] };
  if (endpoint === undefined) return asGiven;
  if (request.strict === false) {
    refuseUpload(endpoint);
    return asGiven;
  }
  const check = await bodyContext(context, purposeOf(endpoint));
  // A list of records is checked, but names in it are not looked up.
  const schema = endpoint.body?.array ? undefined : given.schema;
  const own = await asUser(context, request, schema);
  const completing = { ...given, request: { ...request, body: own.body }, schema, signal };
  const { body, names, notes } = await completeBody(context, check, completing);
  const checked = checkBody(check, body, endpoint);
  return { body: checked, names, notes: [...own.notes, ...notes, ...renderFindings(check)] };
}

/** A note, time entry, expense or booking without a member is the user's; ConnectWise takes the API member (CW 5.6.4). */
async function asUser(
  context: PlanContext,
  { method, path, body }: WriteRequest,
  schema: Schema | undefined,
): Promise<{ body: unknown; notes: string[] }> {
  const member = schema === undefined ? undefined : findSpelling(schema, 'member');
  const isGiven = (given: string) => schema !== undefined && findSpelling(schema, given) === member;
  const identifier =
    method === 'POST' && isPersonal(path) && isRecord(body) && member !== undefined && !Object.keys(body).some(isGiven)
      ? await findUser(context)
      : undefined;
  if (identifier === undefined || !isRecord(body)) return { body, notes: [] };
  // By its identifier, which is sent where this login may not list the members.
  const notes = [`No member is given: it will be recorded as yours (${oneLine(identifier, 40)}).`];
  return { body: { ...body, member: { identifier } }, notes };
}
