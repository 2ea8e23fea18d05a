import { readByIds } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined, isRecord } from '../core/json.ts';
import type { ManyRecords, Setting, Values, WriteRequest } from './change.ts';
import { joinEffects } from './effects/effect.ts';
import { settleBody } from './names/settle-references.ts';
import type { Plan, PlanContext } from './plan.ts';
import { planChange } from './plan-change.ts';
import { renderTarget, settingsOf } from './sentence.ts';
import { parseTargetOfMany, type Target } from './target.ts';
import { oneLine, titleOf } from './wording.ts';

/** One of the records, with what is sent for it. */
export interface Part {
  id: string;
  plan: Plan;
}

/** The plan of all records as one, and of each. */
export interface BulkPlan extends Plan {
  parts: readonly Part[];
  /** They are sent at once, in any order. */
  inOrder?: false;
  /** The list that its records are read from; absent where they are new. */
  listPath?: string;
}

const placeholder = /\{[^}]*\}/;

/**
 * The plan of one write for many records. They are read 100 at a time; records that cannot be changed, or need no
 * change, are left out, with the reason.
 * @throws GatewayError where all of them are left out: the first reason
 */
export async function planBulk(context: PlanContext, request: WriteRequest, signal?: AbortSignal): Promise<BulkPlan> {
  const { forEach = [], bodies = {}, queries = {}, ...each } = request;
  const listPath = makesNew(request) ? undefined : listPathOf(context, request.path);
  const [records] = await Promise.all([
    readRecords(context, listPath, forEach, signal),
    listPath === undefined ? undefined : readParents(context, request.path, listPath, forEach, signal),
  ]);
  const parts: Part[] = [];
  const leftOut: { id: string; reason: string }[] = [];
  let first: GatewayError | undefined;
  for (const given of forEach) {
    const id = String(given);
    try {
      const record = records.get(id);
      const path = request.path.replace(placeholder, id);
      if (listPath !== undefined && record === undefined)
        throw new GatewayError('record_not_found', `There is no ${listPath}/${oneLine(id, 40)}.`);
      const client = record === undefined ? context.client : prefetchedClient(context, `${listPath}/${id}`, record);
      const body = Object.hasOwn(bodies, id) ? bodies[id] : each.body;
      const query = Object.hasOwn(queries, id) ? queries[id] : each.query;
      const write = defined<WriteRequest>({ ...each, path, body, query });
      parts.push({ id, plan: await planChange({ ...context, client, isPart: true }, write, signal) });
    } catch (error) {
      if (!(error instanceof GatewayError) || !isOfRecord(error)) throw error;
      // A record that needs no change does not explain why the others are refused.
      if (first === undefined || first.details.nothingChanges === true) first = error;
      const reason = error.details.nothingChanges === true ? 'already has these values' : error.message;
      leftOut.push({ id: oneLine(id, 40), reason });
    }
  }
  const [one] = parts;
  if (one === undefined) throw first ?? new GatewayError('invalid_argument', 'for_each gives no ids.');
  const endpoint = context.catalog.findEndpoint(request.method, request.path)?.endpoint;
  if (listPath === undefined && !one.plan.target.isNew) throw notForMany(request.path, 'it makes no new records');
  const target = parseTargetOfMany(request.method, request.path, parts.length, endpoint);
  const { body } = settleBody(context, request, one.plan.schema);
  const speaker = { zone: await context.zone(), nowMs: context.now().getTime(), findSchema: context.findSchema };
  const settings = parts.map(({ plan }) => settingsOf(plan, speaker));
  const many = describeMany(parts, settings, leftOut);
  const alerts = countWarnings(parts, ({ alerts = [] }) => alerts);
  return defined<BulkPlan>({
    request: defined<WriteRequest>({ ...each, body }),
    target,
    ...(alerts.length > 0 && { alerts }),
    warnings: countWarnings(parts, ({ warnings }) => warnings),
    effects: joinEffects(parts.map(({ plan }) => plan.effects)),
    many,
    statement: stateMany(request.method, target, settings, leftOut.length),
    parts,
    listPath,
  });
}

/** Whether it makes a new record for each of `forEach`, in one collection. */
const makesNew = ({ method, path }: WriteRequest): boolean => method === 'POST' && !placeholder.test(path);

/** Whether an error leaves out its record only; any other, such as a lost connection, ends the planning. */
function isOfRecord({ code }: GatewayError): boolean {
  return code === 'invalid_body' || code === 'record_not_found';
}

function listPathOf({ catalog }: PlanContext, path: string): string {
  const listPath = path.slice(0, path.search(placeholder)).replace(/\/+$/, '');
  if (placeholder.test(path) && catalog.findEndpoint('GET', listPath) !== undefined) return listPath;
  throw notForMany(path, 'its records cannot be listed');
}

function notForMany(path: string, reason: string): GatewayError {
  return new GatewayError('invalid_argument', `${path} cannot be changed for many records: ${reason}.`, {
    details: { field: 'for_each' },
    hint: 'Write {id} where the ids belong, as in /service/tickets/{id}, or prepare the changes one by one.',
  });
}

/** What changes are made beneath is read here at once, and then known to the plan of each. */
async function readParents(
  { lookups }: PlanContext,
  path: string,
  listPath: string | undefined,
  given: readonly (number | string)[],
  signal?: AbortSignal,
): Promise<void> {
  if (listPath === undefined || /\{[^}]*\}$/.test(path)) return;
  const ids = given.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
  await Promise.all(ids.map((id) => lookups.identify(listPath, id, signal)));
}

/** The records of these ids in a list, 100 at a time. */
export async function readRecords(
  { client }: PlanContext,
  path: string | undefined,
  given: readonly (number | string)[],
  signal?: AbortSignal,
): Promise<Map<string, Values>> {
  if (path === undefined) return new Map();
  const ids = given.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
  const { rows } = await readByIds(client, { path, ids, ...(signal && { signal }) });
  return new Map(rows.filter(isRecord).map((record) => [String(record.id), record]));
}

/** A client that answers with the record that was already read. */
function prefetchedClient({ client }: PlanContext, path: string, record: Values): PlanContext['client'] {
  return {
    send: async (request, signal) =>
      request.method === 'GET' && request.path === path
        ? { status: 200, body: structuredClone(record), contentType: 'application/json' }
        : client.send(request, signal),
  };
}

/** Each warning once, with the records it is about, or their number. */
function countWarnings(parts: readonly Part[], of: (plan: Plan) => readonly string[]): string[] {
  const ids = new Map<string, string[]>();
  for (const { id, plan } of parts) {
    for (const warning of new Set(of(plan))) ids.set(warning, [...(ids.get(warning) ?? []), id]);
  }
  return [...ids].map(([warning, which]) => {
    if (which.length === parts.length) return warning;
    return which.length <= 3 ? `${which.join(', ')}: ${warning}` : `${which.length} of them: ${warning}`;
  });
}

/** Kinds of differences with fewer records than this name them. */
const namedIds = 3;
const maxKinds = 4;
/** A member with more values than this says how many they are; the rows have them. */
const maxValues = 3;

/** What happens, member by member: `Change 88 tickets: status New → Closed (71), In Progress → Closed (17).` */
function stateMany(
  method: string,
  target: Target,
  all: readonly (readonly Setting[])[],
  leftOut: number,
): BulkPlan['statement'] {
  const skipped = leftOut > 0 ? ` (${leftOut} left out)` : '';
  const subject = `${renderTarget(method, target)}${skipped}`;
  if (method === 'DELETE') return { subject, settings: [] };
  const members = [...new Set(all.flatMap((settings) => settings.map(({ member }) => member)))];
  return { subject, settings: members.map((member) => ({ member, value: sayValues(member, all) })) };
}

function sayValues(member: string, all: readonly (readonly Setting[])[]): string {
  const counts = new Map<string, number>();
  const values = all.flatMap((settings) => settings.filter((one) => one.member === member).map(({ value }) => value));
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size === 1 && values.length === all.length) return values[0] ?? '';
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  if (sorted.length <= maxValues) return sorted.map(([value, count]) => `${value} (${count})`).join(', ');
  const after = new Set(sorted.map(([value]) => value.split(' → ').at(-1)));
  const [sole] = after;
  return after.size === 1 && sole !== undefined
    ? `${sorted.length} different values → ${sole} (${values.length})`
    : `by row, ${sorted.length} different values`;
}

function describeMany(
  parts: readonly Part[],
  settings: readonly (readonly Setting[])[],
  leftOut: ManyRecords['leftOut'],
): ManyRecords {
  const byChange = new Map<string, { change: string; ids: string[] }>();
  const all = parts.map((part, at) => changeOfPart(part, settings[at] ?? []));
  const shared = sharedOf(all);
  const rows = parts.map((part, at) => {
    const members = all[at] ?? [];
    const change = (shared === undefined ? members : members.filter((one) => !shared.includes(one))).join(', ');
    // By all members: two kinds can look alike in the members that are shown.
    const key = JSON.stringify(members);
    const { ids } = byChange.get(key) ?? { ids: [] };
    byChange.set(key, { change, ids: [...ids, part.id] });
    const parent = part.plan.named?.find(({ member, id }) => member === undefined && String(id) === part.id);
    const title = part.plan.record === undefined ? parent?.title : titleOf(part.plan.record);
    return [part.id, title === undefined ? '' : oneLine(title, 40), change] as const;
  });
  const groups = [...byChange.values()]
    .sort((one, other) => other.ids.length - one.ids.length)
    .map(({ change, ids }) => {
      const isOutlier = ids.length <= namedIds && ids.length < parts.length;
      return defined({ change, count: ids.length, ids: isOutlier ? ids : undefined });
    });
  return defined<ManyRecords>({ count: parts.length, leftOut, groups, shared, rows });
}

/**
 * What all records have in common, where hardly two are alike and their kinds would be cut: that and the rows say more.
 * Undefined where kinds do.
 */
function sharedOf(all: readonly (readonly string[])[]): string[] | undefined {
  const kinds = new Set(all.map((members) => JSON.stringify(members))).size;
  if (kinds <= maxKinds || kinds * 2 <= all.length) return undefined;
  return all[0]?.filter((member) => all.every((members) => members.includes(member)));
}

function changeOfPart({ plan }: Part, settings: readonly Setting[]): string[] {
  if (plan.differences === undefined && plan.request.method === 'DELETE') return ['deleted'];
  return plan.statement === undefined
    ? settings.map(({ member, value }) => `${member} ${value}`)
    : [plan.statement.subject];
}
