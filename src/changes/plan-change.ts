import type { Catalog, Endpoint, Schema } from '../catalog/index.ts';
import type { Named } from '../connectwise/lookups/lookups.ts';
import { GatewayError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import { checkBody, checkOperations, purposeOf, refuseUpload } from './body/check-body.ts';
import type { WriteRequest } from './change.ts';
import { compareMembers, ownValue } from './differences.ts';
import { noEffects } from './effects/effect.ts';
import { readEffects } from './effects/read-effects.ts';
import { completeBody } from './names/complete-body.ts';
import { nameMembers, withNames } from './names/name-members.ts';
import { type Claim, settleOperations, settleReferences } from './names/settle-references.ts';
import { applyOperations, isOperations, type Operation, segmentsOf, toOperations } from './operations.ts';
import { bodyContext, type Plan, type PlanContext, type PlanStart, readRecord, renderFindings } from './plan.ts';
import { planUpload, takesForm } from './plan-upload.ts';
import { parseTarget } from './target.ts';
import { renderValue } from './wording.ts';

/**
 * Checks a write against the catalog, makes ids of the names in its body, reads the record that a PATCH or DELETE
 * changes, and what the change sets off.
 * @throws GatewayError `invalid_path`, `invalid_argument`, `invalid_body`, or what reading met
 */
export async function planChange(context: PlanContext, request: WriteRequest, signal?: AbortSignal): Promise<Plan> {
  const { method, path } = request;
  const placeholder = /\{[^}]*\}/.exec(path)?.[0];
  if (placeholder !== undefined) {
    throw new GatewayError('invalid_path', `${method} ${path} cannot be prepared: ${placeholder} has no value.`, {
      details: { field: 'path' },
      hint: `Put the number of the record in the place of ${placeholder}.`,
    });
  }
  const endpoint = context.catalog.findEndpoint(method, path)?.endpoint;
  if (method === 'PUT' && context.catalog.methodsOf(path).includes('PATCH')) throw refusePut(request);
  const target = parseTarget(method, path, endpoint);
  if (endpoint !== undefined && takesForm(endpoint)) {
    return { ...(await planUpload({ ...context, request, target })), effects: noEffects() };
  }
  const warnings = endpoint === undefined ? [`${method} ${path} is not in the catalog: its body was not checked.`] : [];
  if (request.strict === false && request.body !== undefined)
    warnings.push('strict is false: the body was not checked.');
  const start = { request, target, endpoint, warnings };
  return method === 'PATCH' ? planPatch(context, start, signal) : planWhole(context, start, signal);
}

/** A longer corrected call would not fit an error; then the path alone is given. */
const maxCorrectedLength = 400;

/** The error for a PUT where PATCH exists: what a PUT does not name is emptied (CW 5.3.1). */
function refusePut({ path, body }: WriteRequest): GatewayError {
  const members = isRecord(body)
    ? Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'id' && name !== '_info'))
    : {};
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

/** The plan of a POST, PUT or DELETE: its body goes as it is given, but for names and what was repaired. */
async function planWhole(context: PlanContext, start: PlanStart, signal?: AbortSignal): Promise<Plan> {
  const { target, endpoint } = start;
  const findSchema = (name: string) => context.catalog.findSchema(name);
  // Checked or not, the schema says what the members are.
  const schema = endpoint?.body?.schema === undefined ? undefined : findSchema(endpoint.body.schema);
  const checked = await checkWhole(context, start, schema, signal);
  const { body, claims } = settleReferences({ findSchema }, checked.request.body, schema);
  const request = body === undefined ? checked.request : { ...checked.request, body };
  const warnings = [...start.warnings, ...checked.warnings];
  if (request.method === 'PUT') warnings.push('PUT replaces the whole record: what is not given becomes empty.');
  const settled = { ...start, request };
  const naming = { schema, path: request.path, after: body, known: checked.names, claims, signal };
  const [named, read] = await Promise.all([
    nameMembers({ ...context, findSchema }, isRecord(body) ? Object.keys(body) : [], naming),
    request.method === 'DELETE' ? readDeleted(context, settled, signal) : readSetOff(context, settled, signal),
  ]);
  const all = [...warnings, ...named.warnings, ...read.warnings];
  return { request, target, schema, names: named.names, ...read, warnings: all };
}

type Read = Pick<Plan, 'record' | 'effects' | 'warnings'>;

/** What goes with a record that is deleted. */
async function readDeleted(context: PlanContext, { request, target }: PlanStart, signal?: AbortSignal): Promise<Read> {
  const record = await readRecord(context, request.path, signal);
  const after = record ?? {};
  const effects = await readEffects(context, { request, target, record, after, members: [] }, signal);
  const said = record === undefined ? [`${request.path} cannot be read as one record, so what goes is not known.`] : [];
  return { effects, warnings: [...said, ...effects.warnings], ...(record === undefined ? {} : { record }) };
}

async function readSetOff(context: PlanContext, { request, target }: PlanStart, signal?: AbortSignal): Promise<Read> {
  const after = isRecord(request.body) ? request.body : {};
  const effects = await readEffects(context, { request, target, after, members: Object.keys(after) }, signal);
  return { effects, warnings: effects.warnings };
}

/** A body that is sent as it was given, but for what was repaired. */
async function checkWhole(
  context: PlanContext,
  start: PlanStart,
  given: Schema | undefined,
  signal: AbortSignal | undefined,
) {
  const { request, endpoint } = start;
  const names: Plan['names'] = new Map();
  if (endpoint === undefined) return { request, names, warnings: [] };
  if (request.strict === false) {
    refuseUpload(endpoint);
    return { request, names, warnings: [] };
  }
  const check = await bodyContext(context, purposeOf(endpoint));
  // A list of records is not completed, and only checked.
  const schema = endpoint.body?.array ? undefined : given;
  const completed = await completeBody(context, check, { ...start, schema, signal });
  const body = checkBody(check, completed.body, endpoint);
  return {
    request: body === undefined ? request : { ...request, body },
    names: completed.names,
    warnings: [...completed.notes, ...renderFindings(check)],
  };
}

/** The plan of a PATCH: what it changes in the record as it is. */
async function planPatch(context: PlanContext, start: PlanStart, signal?: AbortSignal): Promise<Plan> {
  const { request, target, endpoint } = start;
  // Seen before anything is read: a body that is none costs no request.
  toOperations(request.body);
  if (endpoint !== undefined) refuseUpload(endpoint);
  const known = recordSchema(context.catalog, request.path, endpoint);
  const schema = request.strict === false ? undefined : known;
  const record = await readRecord(context, request.path, signal);
  const check = await bodyContext(context, 'change');
  const completed = await completeBody(context, check, { ...start, schema, record, signal });
  const wanted = toOperations(completed.body);
  const checked = schema === undefined ? wanted : checkOperations(check, wanted, schema, request.path);
  const { body: operations, claims } = settleOperations(check, checked, known);
  const warnings = [...start.warnings, ...completed.notes, ...renderFindings(check)];
  const plan = { request: { ...request, body: operations }, target, schema: known };
  if (record === undefined) {
    warnings.push(`${request.path} cannot be read, so what it holds now is not known.`);
    const { record: after } = applyOperations({}, operations);
    const naming = { schema: known, path: request.path, after, known: completed.names, claims, signal };
    const [named, effects] = await Promise.all([
      nameMembers({ ...context, findSchema: check.findSchema }, touchedBy(operations), naming),
      readEffects(context, { ...plan, after: {}, members: touchedBy(operations) }, signal),
    ]);
    return { ...plan, names: named.names, effects, warnings: [...warnings, ...named.warnings, ...effects.warnings] };
  }
  const previewed = preview(record, operations);
  // ConnectWise's own operations go as they are; of wishes, those that are fulfilled already need no sending.
  const isAsGiven = isOperations(request.body) || request.strict === false;
  const kept = isAsGiven ? operations : dropFulfilled(operations, previewed.unchanged);
  if (kept.length === 0) throw nothingChanges(request.path, previewed.warnings);
  return describePatch(
    context,
    { ...plan, request: { ...request, body: kept }, record, warnings },
    { previewed, schema: known, known: completed.names, claims, operations: kept },
    signal,
  );
}

interface Described {
  previewed: ReturnType<typeof preview>;
  schema: Schema | undefined;
  known: ReadonlyMap<string, Named>;
  claims: readonly Claim[];
  operations: readonly Operation[];
}

async function describePatch(
  context: PlanContext,
  plan: Omit<Plan, 'effects'> & { record: Record<string, unknown> },
  { previewed, schema, known, claims, operations }: Described,
  signal?: AbortSignal,
): Promise<Plan> {
  const { request, target, record } = plan;
  const after = previewed.after;
  const members = touchedBy(operations).filter((member) => !previewed.unchanged.includes(member));
  const naming = { schema, path: request.path, after, record, known, claims, signal };
  const findSchema = (name: string) => context.catalog.findSchema(name);
  const [named, effects] = await Promise.all([
    nameMembers({ ...context, findSchema }, members, naming),
    readEffects(context, { request, target, record, after, members }, signal),
  ]);
  return {
    ...plan,
    differences: withNames(previewed.differences, named.names),
    names: named.names,
    effects,
    warnings: [...plan.warnings, ...previewed.warnings, ...named.warnings, ...effects.warnings],
  };
}

function preview(record: Record<string, unknown>, operations: readonly Operation[]) {
  const applied = applyOperations(record, operations);
  const { differences, unchanged } = compareMembers(record, applied.record, applied.touched);
  const warnings = [...applied.warnings];
  for (const member of unchanged)
    warnings.push(`${member} is ${renderValue(member, ownValue(record, member))} already.`);
  // Whether rows that are left out keep their values is contested (CW 5.2.7).
  if (dropsRows(record.customFields, applied.record.customFields)) {
    warnings.push('customFields: rows that are not given may lose their values; give all of them.');
  }
  return { after: applied.record, differences, unchanged, warnings };
}

function dropsRows(before: unknown, after: unknown): boolean {
  return Array.isArray(before) && Array.isArray(after) && after.length < before.length;
}

function dropFulfilled(operations: readonly Operation[], unchanged: readonly string[]): Operation[] {
  return operations.filter((operation) => !unchanged.includes(segmentsOf(operation)[0] ?? ''));
}

const touchedBy = (operations: readonly Operation[]): string[] => [
  ...new Set(operations.map((operation) => segmentsOf(operation)[0] ?? '')),
];

function nothingChanges(path: string, said: readonly string[]): GatewayError {
  return new GatewayError('invalid_body', `Nothing is to be changed at ${path}: ${said.join(' ')}`, {
    details: { field: 'data', nothingChanges: true },
    hint: 'The record is as it is wanted; nothing needs to be sent.',
  });
}

/** The body of a PATCH is operations everywhere; what they change is what the endpoint answers. */
function recordSchema(catalog: Catalog, path: string, endpoint: Endpoint | undefined): Schema | undefined {
  const name = endpoint?.response?.schema ?? catalog.findEndpoint('GET', path)?.endpoint.response?.schema;
  return name === undefined ? undefined : catalog.findSchema(name);
}
