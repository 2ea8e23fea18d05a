import type { Timer } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import { createBulkRun } from './bulk/bulk-run.ts';
import { describeBulk, renderBulkSentence } from './bulk/describe-bulk.ts';
import { type BulkPlan, planBulk } from './bulk/plan-bulk.ts';
import type { ManyRecords, PreparedChange, WriteRequest } from './change.ts';
import { type ChangeIdParts, createChangeId } from './change-id.ts';
import type { Journal, JournalEntry } from './journal/journal.ts';
import type { Plan, PlanContext } from './plan.ts';
import { planChange } from './plan-change.ts';
import type { PreparedChanges } from './prepared-changes.ts';
import { readAgain } from './send-change.ts';
import { renderSentence } from './sentence.ts';

/** Long enough to ask someone, short enough that the record is much the same. */
const lifetimeMs = 60 * 60 * 1000;

export interface Preparing {
  context: PlanContext;
  prepared: PreparedChanges;
  journal: Journal;
  timer: Timer;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** @throws GatewayError where mode or policy refuse this write */
  check(change: Pick<PreparedChange, 'method' | 'path'>): void;
}

export interface Occasion {
  /** The change that this one takes back. */
  undoes?: string | undefined;
  /** What is to be said before all else. */
  warnings?: readonly string[];
}

/** Plans a write, and keeps it with its preview under a new id; nothing is sent. */
export async function prepareChange(
  { context, prepared, journal, timer, random, check }: Preparing,
  given: WriteRequest,
  { undoes, warnings = [] }: Occasion,
  signal?: AbortSignal,
): Promise<PreparedChange> {
  // Ids of other processes stand in the journal.
  const isTaken = (id: string) => prepared.has(id) || journal.find(id) !== undefined;
  check(given);
  const left = await journal.settleLeftOvers();
  // A copy: what was previewed is what is sent, whatever the caller does with its own.
  const request = structuredClone(given);
  const bulk = request.forEach === undefined ? undefined : await planBulk(context, request, signal);
  for (const part of bulk?.parts ?? []) check(part.plan.request);
  const plan = bulk === undefined ? await planChange(context, request, signal) : planOfMany(bulk);
  const said = [...warnings, ...plan.warnings, ...left.map(describeLeftOver)];
  const plans = bulk === undefined ? [plan] : bulk.parts.map((part) => part.plan);
  const createId = () => freeId({ target: plan.target, plans, random }, isTaken);
  const change = toChange({ ...plan, warnings: said }, context.now(), createId);
  const { changeId, method, path, sentence, differences } = change;
  journal.prepared({
    ...{ changeId, method, path, sentence, request: given },
    ...(given.tool === undefined ? {} : { tool: given.tool }),
    ...(differences === undefined ? {} : { differences }),
    ...(undoes === undefined ? {} : { undoes }),
  });
  prepared.add({
    ...{ change, given: structuredClone(given) },
    ...(plan.record === undefined ? {} : { record: plan.record }),
    ...(undoes === undefined ? {} : { undoes }),
    ...(bulk === undefined
      ? {}
      : { bulk: createBulkRun({ context, journal, timer, change, undoes, plan: bulk, check }) }),
  });
  return structuredClone(change);
}

/** A change whose process died while it was sending. */
function describeLeftOver({ changeId, sentence, method, path, request }: JournalEntry): string {
  const where = readAgain({ method, path, body: request.body });
  return `Of an earlier change nobody knows whether it happened (${changeId}): ${sentence} Read ${where} to see.`;
}

/** A plan of many records as one, for its id and its preview. */
function planOfMany(bulk: BulkPlan): Plan & { many: ManyRecords } {
  const many = describeBulk(bulk);
  const { request, target, warnings, effects } = bulk;
  const { forEach, bodies, ...shown } = request;
  return { request: shown, target, warnings, effects, many, sentence: renderBulkSentence(bulk, many) };
}

function toChange(plan: Plan & { many?: ManyRecords }, at: Date, createId: () => string): PreparedChange {
  const { method, path, query, body } = plan.request;
  const { reachesCustomer, bills } = plan.effects;
  const customerVisible = reachesCustomer || bills;
  return {
    changeId: createId(),
    method,
    path,
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    ...(plan.form === undefined ? {} : { form: plan.form }),
    sentence: plan.sentence ?? renderSentence(plan),
    ...(plan.differences === undefined || plan.many !== undefined ? {} : { differences: plan.differences }),
    ...(plan.many === undefined ? {} : { many: plan.many }),
    warnings: plan.warnings,
    approval: isGrave(plan) ? 'user' : 'client',
    customerVisible,
    preparedAt: wholeSeconds(at),
    expiresAt: wholeSeconds(new Date(at.getTime() + lifetimeMs)),
  };
}

/** Actions cannot be taken back, whatever they do; of many records nobody sees each. */
function isGrave({ effects, request, target, many }: Plan & { many?: ManyRecords }): boolean {
  const isAction = target.action !== undefined;
  return effects.reachesCustomer || effects.bills || request.method === 'DELETE' || isAction || many !== undefined;
}

function freeId(parts: ChangeIdParts, isTaken: (id: string) => boolean): string {
  for (let attempt = 0; attempt < 100; attempt++) {
    const id = createChangeId(parts);
    if (!isTaken(id)) return id;
  }
  throw new GatewayError('internal', 'No change id is free: the random source repeats itself.');
}

const wholeSeconds = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;
