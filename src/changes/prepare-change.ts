import type { Catalog } from '../catalog/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import type { Zone } from '../core/zone.ts';
import { createBulkRun } from './bulk-run.ts';
import type { PreparedChange, WriteRequest } from './change.ts';
import { type ChangeIdParts, createChangeId } from './change-id.ts';
import { isCustomerVisible } from './effects/effect.ts';
import { type JournalEntry, type NewJournalEntry, readAgainOf } from './journal.ts';
import { unwrapPatch } from './operations.ts';
import { findUser, type Plan, type PlanContext } from './plan.ts';
import { planBulk } from './plan-bulk.ts';
import { type ChainPlan, planChain, targetOfPart } from './plan-chain.ts';
import { planChange } from './plan-change.ts';
import type { Preparing, Waiting } from './prepared-changes.ts';
import { describeAdded, renderStatement, stateChange } from './sentence.ts';
import { describeUndo, isReversible } from './undo.ts';
import { describeHidden, quote } from './wording.ts';

/** Long enough to ask someone, short enough that the record is much the same. */
const lifetimeMs = 60 * 60 * 1000;

export interface Occasion {
  /** The change that this one undoes. */
  undoes?: string | undefined;
  /** Shown before all other warnings. */
  warnings?: readonly string[];
}

/** Plans a write, and keeps it with its preview under a new id; nothing is sent. */
export async function prepareChange(
  parts: Preparing,
  wrapped: WriteRequest,
  { undoes, warnings = [] }: Occasion,
  signal?: AbortSignal,
): Promise<PreparedChange> {
  const { context, prepared, journal, random, check } = parts;
  // Ids of other processes are in the journal.
  const isTaken = (id: string) => prepared.has(id) || journal.find(id) !== undefined;
  const { given, notes } = unwrap(wrapped);
  for (const write of given.steps ?? [given]) check(write);
  const left = await journal.settleLeftOvers();
  // A copy, so that the caller cannot change what is sent after the preview.
  const request = structuredClone(given);
  const chain = request.steps === undefined ? undefined : await planChain(context, request, random, signal);
  const bulk = chain ?? (request.forEach === undefined ? undefined : await planBulk(context, request, signal));
  const plan = bulk ?? (await planChange(context, request, signal));
  const plans = bulk?.parts.map((part) => part.plan) ?? [plan];
  // Names of members may have been repaired.
  for (const one of plans) check(one.request);
  const steps = chain?.parts.map((part) => targetOfPart(part, chain.standIns));
  const changeId = freeId({ target: plan.target, plans, random, ...(steps && { steps }) }, isTaken);
  const hidden = plans.flatMap(
    ({ request: { path, query, body }, form }) => describeHidden([path, query, body, form?.file?.name]) ?? [],
  );
  const all = [...warnings, ...notes, ...new Set(hidden), ...plan.warnings, ...left.map(describeLeftOver)];
  const change = toChange({ ...plan, warnings: all }, changeId, context, await context.zone(), { plans, chain });
  const member = await findUser(context);
  journal.prepared(defined<NewJournalEntry>({ ...change, request: given, tool: given.tool, undoes, member }));
  const run = bulk && createBulkRun({ ...parts, change, undoes, plan: bulk });
  prepared.add(defined<Waiting>({ change, given: structuredClone(given), record: plan.record, undoes, bulk: run }));
  return structuredClone(change);
}

/** Before anything looks at the members of the body, a policy first of all. */
function unwrap(request: WriteRequest): { given: WriteRequest; notes: string[] } {
  if (request.method !== 'PATCH') return { given: request, notes: [] };
  const { body, envelope } = unwrapPatch(request.body);
  if (envelope === undefined) return { given: request, notes: [] };
  return {
    given: { ...request, body },
    notes: [`Repaired: ${quote(envelope, 20)} is left out; what it holds is sent.`],
  };
}

/** A change whose process ended while it was sending. */
function describeLeftOver(entry: JournalEntry): string {
  const { changeId, sentence } = entry;
  return `The outcome of an earlier change is unknown (${changeId}): ${sentence} Read ${readAgainOf(entry)} to see.`;
}

function toChange(
  plan: Plan,
  changeId: string,
  { catalog, findSchema, now }: PlanContext,
  zone: Zone,
  { plans, chain }: { plans: readonly Plan[]; chain: ChainPlan | undefined },
): PreparedChange {
  const at = now();
  const stated = plan.statement ?? stateChange(plan, { zone, findSchema, nowMs: at.getTime() });
  const ends = [describeAdded(plan.request), describeUndo(catalog, plans)].filter((one) => one !== undefined);
  const statement = { ...stated, ends };
  const { method, path, query, body } = plan.request;
  const { form, differences, named, alerts, warnings, many, effects } = plan;
  return defined<PreparedChange>({
    changeId,
    method,
    path,
    query,
    body,
    form,
    sentence: renderStatement(statement),
    statement,
    differences,
    many,
    named,
    alerts,
    warnings,
    steps: chain?.steps,
    approval: (chain === undefined ? [plan] : plans).some((one) => needsUser(one, catalog)) ? 'user' : 'client',
    customerVisible: isCustomerVisible(effects),
    preparedAt: wholeSeconds(at),
    expiresAt: wholeSeconds(new Date(at.getTime() + lifetimeMs)),
  });
}

/** The preview of many records does not show each of them. */
function needsUser(plan: Plan, catalog: Catalog): boolean {
  const { effects, form, many } = plan;
  return isCustomerVisible(effects) || form !== undefined || many !== undefined || !isReversible(catalog, plan);
}

function freeId(parts: ChangeIdParts, isTaken: (id: string) => boolean): string {
  for (let attempt = 0; attempt < 100; attempt++) {
    const id = createChangeId(parts);
    if (!isTaken(id)) return id;
  }
  throw new GatewayError('internal', 'No change id is free: the random source repeats itself.');
}

export const wholeSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
