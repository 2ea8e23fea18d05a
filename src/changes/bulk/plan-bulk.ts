import { readByIds } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import type { WriteRequest } from '../change.ts';
import { type Effects, joinEffects } from '../effects/effects.ts';
import { settleBody } from '../names/settle-references.ts';
import type { Plan, PlanContext } from '../plan.ts';
import { planChange } from '../plan-change.ts';
import { parseTargetOfMany, type Target } from '../target.ts';
import { oneLine } from '../wording.ts';

/** One of the records, with what is sent for it. */
export interface Part {
  id: string;
  plan: Plan;
}

export interface BulkPlan {
  request: WriteRequest;
  target: Target;
  parts: readonly Part[];
  leftOut: readonly { id: string; reason: string }[];
  effects: Effects;
  warnings: readonly string[];
  /** The list that its records are read from. */
  listPath: string;
}

const hole = /\{[^}]*\}/;

/**
 * The plan of one write for many records. They are read 100 at a time; which of them cannot be changed, or need not be,
 * is left out and said.
 * @throws GatewayError where all of them are left out: the first reason
 */
export async function planBulk(context: PlanContext, request: WriteRequest, signal?: AbortSignal): Promise<BulkPlan> {
  const { forEach = [], bodies, ...each } = request;
  const listPath = listPathOf(context, request.path);
  const records = await readRecords(context, listPath, forEach, signal);
  const parts: Part[] = [];
  const leftOut: { id: string; reason: string }[] = [];
  let first: GatewayError | undefined;
  for (const given of forEach) {
    const id = String(given);
    try {
      const record = records.get(id);
      const path = request.path.replace(hole, id);
      if (record === undefined)
        throw new GatewayError('record_not_found', `There is no ${listPath}/${oneLine(id, 40)}.`);
      const prefetched = { ...context, client: prefetchedClient(context, `${listPath}/${id}`, record), isPart: true };
      parts.push({ id, plan: await planChange(prefetched, { ...each, path, ...bodyOf(bodies, id) }, signal) });
    } catch (error) {
      if (!(error instanceof GatewayError) || !isOfRecord(error)) throw error;
      // That one of them needs no change says nothing of why the others are refused.
      if (first === undefined || first.details.nothingChanges === true) first = error;
      leftOut.push({
        id: oneLine(id, 40),
        reason: error.details.nothingChanges === true ? 'is as wanted already' : error.message,
      });
    }
  }
  const [one] = parts;
  if (one === undefined) throw first ?? new GatewayError('invalid_argument', 'for_each gives no ids.');
  const effects = joinEffects(parts.map(({ plan }) => plan.effects));
  const endpoint = context.catalog.findEndpoint(request.method, request.path)?.endpoint;
  const findSchema = (name: string) => context.catalog.findSchema(name);
  const { body } = settleBody({ findSchema }, request, one.plan.schema);
  return {
    ...{ parts, leftOut, effects, listPath },
    request: body === undefined ? request : { ...request, body },
    target: parseTargetOfMany(request.method, request.path, parts.length, endpoint),
    warnings: countWarnings(parts),
  };
}

const bodyOf = (bodies: WriteRequest['bodies'], id: string): { body?: unknown } =>
  bodies === undefined || !Object.hasOwn(bodies, id) ? {} : { body: bodies[id] };

/** What concerns one record leaves that one out; all else, such as a lost connection, ends the planning. */
function isOfRecord({ code }: GatewayError): boolean {
  return code === 'invalid_body' || code === 'record_not_found';
}

function listPathOf({ catalog }: PlanContext, path: string): string {
  const listPath = path.slice(0, path.search(hole)).replace(/\/+$/, '');
  if (hole.test(path) && catalog.findEndpoint('GET', listPath) !== undefined) return listPath;
  throw new GatewayError(
    'invalid_argument',
    `${path} cannot be changed for many records: they are not to be read as a list.`,
    {
      details: { field: 'for_each' },
      hint: 'Write {id} where the ids belong, as in /service/tickets/{id}, or prepare the changes one by one.',
    },
  );
}

async function readRecords(
  { client }: PlanContext,
  path: string,
  given: readonly (number | string)[],
  signal?: AbortSignal,
): Promise<Map<string, Record<string, unknown>>> {
  const ids = given.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
  const { rows } = await readByIds(client, { path, ids, ...(signal === undefined ? {} : { signal }) });
  return new Map(rows.filter(isRecord).map((record) => [String(record.id), record]));
}

/** The client with the record at hand, so that planning asks for nothing that was read. */
function prefetchedClient(
  { client }: PlanContext,
  path: string,
  record: Readonly<Record<string, unknown>>,
): PlanContext['client'] {
  return {
    send: async (request, signal) =>
      request.method === 'GET' && request.path === path
        ? { status: 200, body: structuredClone(record), contentType: 'application/json' }
        : client.send(request, signal),
  };
}

/** Each warning once, with the number of records it is about. */
function countWarnings(parts: readonly Part[]): string[] {
  const ids = new Map<string, string[]>();
  for (const { id, plan } of parts) {
    for (const warning of new Set(plan.warnings)) ids.set(warning, [...(ids.get(warning) ?? []), id]);
  }
  return [...ids].map(([warning, of]) => {
    if (of.length === parts.length) return warning;
    return of.length <= 3 ? `${of.join(', ')}: ${warning}` : `${of.length} of them: ${warning}`;
  });
}

/** The records of a plan, read again. */
export async function readAgain(
  context: PlanContext,
  { listPath }: BulkPlan,
  ids: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  return readRecords(context, listPath, ids);
}
