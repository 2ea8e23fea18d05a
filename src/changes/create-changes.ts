import { createReadCache } from '../connectwise/index.ts';
import type { Timer } from '../core/async.ts';
import { GatewayError } from '../core/errors.ts';
import { partChangeId } from './bulk/bulk-run.ts';
import type { Changes, WriteMode } from './changes.ts';
import { confirmChange } from './confirm-change.ts';
import type { Journal, JournalEntry } from './journal/journal.ts';
import type { PlanContext } from './plan.ts';
import { allowsAtOnce, type Policy, refuseDenied } from './policy/policy.ts';
import { type Preparing, prepareChange } from './prepare-change.ts';
import { createPreparedChanges } from './prepared-changes.ts';
import { planUndo } from './undo.ts';

export interface ChangesOptions extends Omit<PlanContext, 'own' | 'cache'> {
  mode: WriteMode;
  /** Read anew each time: a line that is added holds from then on. */
  policy(): Policy;
  journal: Journal;
  timer: Timer;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export function createChanges({ mode, policy, journal, timer, random, ...options }: ChangesOptions): Changes {
  const { now } = options;
  const context: PlanContext = { ...options, own: { stamps: new Map() }, cache: createReadCache(now) };
  const prepared = createPreparedChanges(now);
  const check: Preparing['check'] = (change) => refuseDenied(mode, policy(), change);
  const parts: Preparing = { context, prepared, journal, timer, random, check };
  const getEntry = (id: string): JournalEntry => {
    const entry = journal.find(id.trim());
    if (entry !== undefined) return entry;
    throw new GatewayError('unknown_change', `The journal has no change ${JSON.stringify(id.slice(0, 80))}.`, {
      hint: 'GET /gateway/changes lists the changes there are.',
    });
  };

  const partsOf = ({ changeId, request }: JournalEntry) =>
    request.forEach?.flatMap((id) => journal.find(partChangeId(changeId, String(id))) ?? []) ?? [];

  return {
    prepare: (request, signal) => prepareChange(parts, request, {}, signal),
    async confirm(changeId, signal) {
      refuseDenied(mode, policy(), undefined);
      return confirmChange(parts, changeId.trim(), signal);
    },
    isAllowed: (change) => mode === 'allow' && change.many === undefined && allowsAtOnce(policy(), change),
    async prepareUndo(id, signal) {
      const entry = getEntry(id);
      const { request, warnings } = planUndo(context.catalog, entry, partsOf(entry));
      return prepareChange(parts, request, { undoes: entry.changeId, warnings }, signal);
    },
    async history(query) {
      await journal.settleLeftOvers();
      return journal.list(query);
    },
    getEntry,
  };
}
