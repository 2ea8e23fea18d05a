import type { Catalog, Endpoint, Schema } from '../catalog/index.ts';
import type { Named } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { applyOperations } from './apply-operations.ts';
import { refuseUpload } from './check-body.ts';
import { checkOperations } from './check-operations.ts';
import { compareMembers, ownValue } from './differences.ts';
import { readEffects } from './effects/read-effects.ts';
import { completeBody } from './names/complete-body.ts';
import { nameMembers, withNames } from './names/name-differences.ts';
import { type Claim, settleOperations } from './names/settle-references.ts';
import { bodyContext, type Plan, type PlanContext, type PlanStart, readRecord, renderFindings } from './plan.ts';
import { isOperations, type Operation, segmentsOf, toOperations } from './to-operations.ts';
import { renderValue } from './wording.ts';

/** The plan of a PATCH: what it changes in the record as it is. */
export async function planPatch(context: PlanContext, start: PlanStart, signal?: AbortSignal): Promise<Plan> {
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
  return describe(
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

async function describe(
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
