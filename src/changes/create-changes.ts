import { createReadCache } from '../connectwise/lookups/read-cache.ts';
import { GatewayError } from '../errors.ts';
import type { PreparedChange, WriteRequest } from './change.ts';
import { createChangeId } from './change-id.ts';
import type { Changes, WriteMode } from './changes.ts';
import { type Confirming, confirmChange } from './confirm-change.ts';
import type { Journal, JournalEntry } from './journal/journal.ts';
import type { Plan, PlanContext } from './plan.ts';
import { planChange } from './plan-change.ts';
import { allowsAtOnce, type Policy, refuseDenied } from './policy/policy.ts';
import { createPreparedChanges } from './prepared-changes.ts';
import { readAgain } from './send-change.ts';
import { renderSentence } from './sentence.ts';
import { planUndo } from './undo.ts';

/** Long enough to ask someone, short enough that the record is much the same. */
const lifetimeMs = 60 * 60 * 1000;

export interface ChangesOptions extends Omit<PlanContext, 'own' | 'cache'> {
  mode: WriteMode;
  /** Read anew each time: a line that is added holds from then on. */
  policy(): Policy;
  journal: Journal;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export function createChanges({ mode, policy, journal, random, ...options }: ChangesOptions): Changes {
  const { now } = options;
  const context: PlanContext = { ...options, own: { stamps: new Map() }, cache: createReadCache(now) };
  const prepared = createPreparedChanges(now);
  const confirming: Confirming = {
    context,
    prepared,
    journal,
    prepareAgain: (given, undoes, signal) => prepare(given, { undoes }, signal),
  };

  async function prepare(
    given: WriteRequest,
    { undoes, warnings = [] }: { undoes?: string | undefined; warnings?: readonly string[] },
    signal?: AbortSignal,
  ): Promise<PreparedChange> {
    refuseDenied(mode, policy(), given);
    const left = await journal.settleLeftOvers();
    // A copy: what was previewed is what is sent, whatever the caller does with its own.
    const plan = await planChange(context, structuredClone(given), signal);
    const said = [...warnings, ...plan.warnings, ...left.map(describeLeftOver)];
    const change = toChange({ ...plan, warnings: said }, now(), () => freeId(plan, random, prepared.has));
    const { changeId, method, path, sentence, differences } = change;
    journal.prepared({
      ...{ changeId, method, path, sentence, request: given },
      ...(differences === undefined ? {} : { differences }),
      ...(undoes === undefined ? {} : { undoes }),
    });
    prepared.add({
      ...{ change, given: structuredClone(given) },
      ...(plan.record === undefined ? {} : { record: plan.record }),
      ...(undoes === undefined ? {} : { undoes }),
    });
    return structuredClone(change);
  }

  const getEntry = (id: string): JournalEntry => {
    const entry = journal.find(id.trim());
    if (entry !== undefined) return entry;
    throw new GatewayError('unknown_change', `The journal has no change ${JSON.stringify(id.slice(0, 80))}.`, {
      hint: 'GET /gateway/changes lists the changes there are.',
    });
  };

  return {
    prepare: (request, signal) => prepare(request, {}, signal),
    async confirm(changeId, signal) {
      refuseDenied(mode, policy(), undefined);
      return confirmChange(confirming, changeId.trim(), (change) => refuseDenied(mode, policy(), change), signal);
    },
    isAllowed: (change) => mode === 'allow' && allowsAtOnce(policy(), change),
    async prepareUndo(id, signal) {
      const entry = getEntry(id);
      const { request, warnings } = planUndo(context.catalog, entry);
      return prepare(request, { undoes: entry.changeId, warnings }, signal);
    },
    async history(query) {
      await journal.settleLeftOvers();
      return journal.list(query);
    },
    getEntry,
  };
}

/** A change whose process died while it was sending. */
function describeLeftOver({ changeId, sentence, method, path, request }: JournalEntry): string {
  const where = readAgain({ method, path, body: request.body });
  return `Of an earlier change nobody knows whether it happened (${changeId}): ${sentence} Read ${where} to see.`;
}

function toChange(plan: Plan, at: Date, createId: () => string): PreparedChange {
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
    ...(plan.differences === undefined ? {} : { differences: plan.differences }),
    warnings: plan.warnings,
    // Actions cannot be taken back, whatever they do.
    approval: customerVisible || method === 'DELETE' || plan.target.action !== undefined ? 'user' : 'client',
    customerVisible,
    preparedAt: wholeSeconds(at),
    expiresAt: wholeSeconds(new Date(at.getTime() + lifetimeMs)),
  };
}

function freeId(plan: Plan, random: () => number, isTaken: (id: string) => boolean): string {
  for (let attempt = 0; attempt < 100; attempt++) {
    const id = createChangeId({ ...plan, random });
    if (!isTaken(id)) return id;
  }
  throw new GatewayError('internal', 'No change id is free: the random source repeats itself.');
}

const wholeSeconds = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;
