import type { Schema } from '../catalog/index.ts';
import { isRecord } from '../core/json.ts';
import { checkBody, purposeOf, refuseUpload } from './check-body.ts';
import { readEffects } from './effects/read-effects.ts';
import { completeBody } from './names/complete-body.ts';
import { nameMembers } from './names/name-differences.ts';
import { settleReferences } from './names/settle-references.ts';
import { bodyContext, type Plan, type PlanContext, type PlanStart, readRecord, renderFindings } from './plan.ts';

/** The plan of a POST, PUT or DELETE: its body goes as it is given, but for names and what was repaired. */
export async function planWhole(context: PlanContext, start: PlanStart, signal?: AbortSignal): Promise<Plan> {
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
