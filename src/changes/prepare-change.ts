import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { createBulkRun } from './bulk-run.ts';
import type { PreparedChange, WriteRequest } from './change.ts';
import { type ChangeIdParts, createChangeId } from './change-id.ts';
import { type JournalEntry, type NewJournalEntry, readAgain } from './journal.ts';
import type { Plan, PlanContext } from './plan.ts';
import { planBulk } from './plan-bulk.ts';
import { planChange } from './plan-change.ts';
import type { Preparing, Waiting } from './prepared-changes.ts';
import { renderSentence } from './sentence.ts';

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
  given: WriteRequest,
  { undoes, warnings = [] }: Occasion,
  signal?: AbortSignal,
): Promise<PreparedChange> {
  const { context, prepared, journal, random, check } = parts;
  // Ids of other processes are in the journal.
  const isTaken = (id: string) => prepared.has(id) || journal.find(id) !== undefined;
  check(given);
  const left = await journal.settleLeftOvers();
  // A copy, so that the caller cannot change what is sent after the preview.
  const request = structuredClone(given);
  const bulk = request.forEach === undefined ? undefined : await planBulk(context, request, signal);
  const plan = bulk ?? (await planChange(context, request, signal));
  const plans = bulk?.parts.map((part) => part.plan) ?? [plan];
  // Names of members may have been repaired.
  for (const one of plans) check(one.request);
  const changeId = freeId({ target: plan.target, plans, random }, isTaken);
  const all = [...warnings, ...plan.warnings, ...left.map(describeLeftOver)];
  const change = toChange({ ...plan, warnings: all }, changeId, context.now());
  const member = await findMember(context);
  journal.prepared(defined<NewJournalEntry>({ ...change, request: given, tool: given.tool, undoes, member }));
  const run = bulk && createBulkRun({ ...parts, change, undoes, plan: bulk });
  prepared.add(defined<Waiting>({ change, given: structuredClone(given), record: plan.record, undoes, bulk: run }));
  return structuredClone(change);
}

/** Whose change it is; that it cannot be read is no reason to refuse the change. */
async function findMember({ me }: PlanContext): Promise<string | undefined> {
  return me().catch((error: unknown) => {
    if (error instanceof GatewayError) return undefined;
    throw error;
  });
}

/** A change whose process ended while it was sending. */
function describeLeftOver({ changeId, sentence, method, path, request }: JournalEntry): string {
  const where = readAgain({ method, path, body: request.body });
  return `The outcome of an earlier change is unknown (${changeId}): ${sentence} Read ${where} to see.`;
}

function toChange(plan: Plan, changeId: string, at: Date): PreparedChange {
  const { method, path, query, body } = plan.request;
  const { form, differences, warnings, many, effects } = plan;
  return defined<PreparedChange>({
    changeId,
    method,
    path,
    query,
    body,
    form,
    sentence: plan.sentence ?? renderSentence(plan),
    differences,
    many,
    warnings,
    approval: needsUser(plan) ? 'user' : 'client',
    customerVisible: effects.reachesCustomer || effects.bills,
    preparedAt: wholeSeconds(at),
    expiresAt: wholeSeconds(new Date(at.getTime() + lifetimeMs)),
  });
}

/** Actions cannot be undone, whatever they do; the preview of many records does not show each of them. */
function needsUser({ effects, request, target, many }: Plan): boolean {
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

export const wholeSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
