import type { Schema } from '../catalog/index.ts';
import { isRecord } from '../core/json.ts';
import { checkBody, purposeOf, refuseUpload } from './check-body.ts';
import { readEffects } from './effects/read-effects.ts';
import { completeBody } from './names/complete-body.ts';
import { nameMembers } from './names/name-differences.ts';
import { bodyContext, type Plan, type PlanContext, type PlanStart, readRecord, renderFindings } from './plan.ts';

/** The plan of a POST, PUT or DELETE: its body goes as it is given, but for names and what was repaired. */
export async function planWhole(context: PlanContext, start: PlanStart, signal?: AbortSignal): Promise<Plan> {
  const { request, target } = start;
  const schema = bodySchema(context, start);
  const checked = await checkWhole(context, start, schema, signal);
  const warnings = [...start.warnings, ...checked.warnings];
  if (request.method === 'PUT') warnings.push('PUT replaces the whole record: what is not given becomes empty.');
  if (request.method === 'DELETE') return planDelete(context, { ...start, warnings }, signal);
  const after = isRecord(checked.request.body) ? checked.request.body : {};
  const members = Object.keys(after);
  const findSchema = (name: string) => context.catalog.findSchema(name);
  const naming = { schema, path: request.path, after, known: checked.names, signal };
  const [named, effects] = await Promise.all([
    nameMembers({ ...context, findSchema }, members, naming),
    readEffects(context, { request: checked.request, target, after, members }, signal),
  ]);
  const all = [...warnings, ...named.warnings, ...effects.warnings];
  return { request: checked.request, target, names: named.names, effects, warnings: all };
}

async function planDelete(
  context: PlanContext,
  { request, target, warnings }: PlanStart,
  signal?: AbortSignal,
): Promise<Plan> {
  const record = await readRecord(context, request.path, signal);
  const after = record ?? {};
  const effects = await readEffects(context, { request, target, record, after, members: [] }, signal);
  const said = record === undefined ? [`${request.path} cannot be read as one record, so what goes is not known.`] : [];
  const plan = { request, target, effects, warnings: [...warnings, ...said, ...effects.warnings] };
  return record === undefined ? plan : { ...plan, record };
}

function bodySchema({ catalog }: PlanContext, { request, endpoint }: PlanStart): Schema | undefined {
  const payload = endpoint?.body;
  if (payload?.schema === undefined || payload.array || request.strict === false) return undefined;
  return catalog.findSchema(payload.schema);
}

/** A body that is sent as it was given, but for what was repaired. */
async function checkWhole(
  context: PlanContext,
  start: PlanStart,
  schema: Schema | undefined,
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
  const completed = await completeBody(context, check, { ...start, schema, signal });
  const body = checkBody(check, completed.body, endpoint);
  return {
    request: body === undefined ? request : { ...request, body },
    names: completed.names,
    warnings: [...completed.notes, ...renderFindings(check)],
  };
}
