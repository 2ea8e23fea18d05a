import type { Catalog } from '../catalog/catalog.ts';
import type { Endpoint } from '../catalog/endpoint.ts';
import type { ConnectWiseClient } from '../connectwise/client.ts';
import type { Uploads } from '../connectwise/documents/uploads.ts';
import { GatewayError } from '../errors.ts';
import { isRecord } from '../results/record-text.ts';
import type { Zone } from '../time/zone.ts';
import { applyOperations } from './apply-operations.ts';
import { type BodyContext, createFindings, type Purpose } from './body/findings.ts';
import type { MemberDifference, WriteForm, WriteRequest } from './change.ts';
import { checkBody, purposeOf, refuseUpload } from './check-body.ts';
import { checkOperations } from './check-operations.ts';
import { compareMembers, ownValue } from './differences.ts';
import { planUpload, takesForm } from './plan-upload.ts';
import { nameReferences } from './reference-names.ts';
import { refusePut } from './refuse-put.ts';
import { parseTarget, type Target } from './target.ts';
import { type Operation, toOperations } from './to-operations.ts';
import { renderValue } from './wording.ts';

/** A write that was checked: what would be sent, and what is known of what it does. */
export interface Plan {
  request: WriteRequest;
  target: Target;
  /** The record as it is, for PATCH and DELETE. */
  record?: Record<string, unknown>;
  differences?: readonly MemberDifference[];
  warnings: readonly string[];
  /** Where a form goes in the place of JSON. */
  form?: WriteForm;
  /** What happens, where it is not said by the members alone. */
  sentence?: string;
}

export interface PlanContext {
  client: ConnectWiseClient;
  uploads: Uploads;
  catalog: Catalog;
  now(): Date;
  /** The user's, in which dates without one are meant. */
  zone(): Promise<Zone>;
}

/**
 * Checks a write against the catalog, and reads the record that a PATCH or DELETE changes.
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
  if (endpoint !== undefined && takesForm(endpoint)) return planUpload({ ...context, request, target });
  const warnings = endpoint === undefined ? [`${method} ${path} is not in the catalog: its body was not checked.`] : [];
  if (request.strict === false && request.body !== undefined)
    warnings.push('strict is false: the body was not checked.');
  if (method === 'PATCH') return planPatch(context, { request, target, warnings }, endpoint, signal);
  const checked = await checkWhole(context, request, endpoint);
  warnings.push(...checked.warnings);
  if (method === 'PUT') warnings.push('PUT replaces the whole record: what is not given becomes empty.');
  if (method !== 'DELETE') return { request: checked.request, target, warnings };
  const record = await readRecord(context, path, signal);
  if (record !== undefined) return { request, target, warnings, record };
  return {
    request,
    target,
    warnings: [...warnings, `${path} cannot be read as one record, so what goes is not known.`],
  };
}

/** A body that is sent as it was given, but for what was repaired. */
async function checkWhole(context: PlanContext, request: WriteRequest, endpoint: Endpoint | undefined) {
  if (endpoint === undefined) return { request, warnings: [] };
  if (request.strict === false) {
    refuseUpload(endpoint);
    return { request, warnings: [] };
  }
  const check = await bodyContext(context, purposeOf(endpoint));
  const body = checkBody(check, request.body, endpoint);
  return { request: body === undefined ? request : { ...request, body }, warnings: renderFindings(check) };
}

async function bodyContext({ catalog, zone, now }: PlanContext, purpose: Purpose): Promise<BodyContext> {
  const nowMs = now().getTime();
  const findSchema = (name: string) => catalog.findSchema(name);
  return { purpose, findSchema, zone: await zone(), nowMs, findings: createFindings() };
}

/** Repairs first: they change what was asked for. */
function renderFindings({ findings: { repairs, warnings } }: BodyContext): string[] {
  return [...(repairs.length === 0 ? [] : [`Repaired: ${repairs.join('; ')}.`]), ...warnings];
}

async function planPatch(
  context: PlanContext,
  { request, target, warnings: given }: Plan,
  endpoint: Endpoint | undefined,
  signal?: AbortSignal,
): Promise<Plan> {
  const { path, body } = request;
  const wanted = toOperations(body);
  if (endpoint !== undefined) refuseUpload(endpoint);
  const schema = request.strict === false ? undefined : recordSchema(context.catalog, path, endpoint);
  const check = await bodyContext(context, 'change');
  const operations = schema === undefined ? wanted : checkOperations(check, wanted, schema, path);
  const warnings = [...given, ...renderFindings(check)];
  const plan = { request: { ...request, body: operations }, target };
  const record = await readRecord(context, path, signal);
  if (record === undefined) {
    return { ...plan, warnings: [...warnings, `${path} cannot be read, so what it holds now is not known.`] };
  }
  const previewed = preview(record, operations);
  const named = await nameReferences(context, record, previewed.differences, signal);
  return {
    ...plan,
    record,
    differences: named.differences,
    warnings: [...warnings, ...previewed.warnings, ...named.warnings],
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
  return { differences, warnings };
}

function dropsRows(before: unknown, after: unknown): boolean {
  return Array.isArray(before) && Array.isArray(after) && after.length < before.length;
}

/** The body of a PATCH is operations everywhere; what they change is what the endpoint answers. */
function recordSchema(catalog: Catalog, path: string, endpoint: Endpoint | undefined) {
  const name = endpoint?.response?.schema ?? catalog.findEndpoint('GET', path)?.endpoint.response?.schema;
  return name === undefined ? undefined : catalog.findSchema(name);
}

/** Undefined where there is no such reading, or no single record. A record that is missing throws. */
async function readRecord({ client, catalog }: PlanContext, path: string, signal?: AbortSignal) {
  const isKnown = catalog.methodsOf(path).length > 0;
  if (isKnown && catalog.findEndpoint('GET', path) === undefined) return undefined;
  const { body } = await client.send({ method: 'GET', path }, signal);
  return isRecord(body) ? body : undefined;
}
