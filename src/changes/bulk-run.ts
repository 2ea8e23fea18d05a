import { GatewayError } from '../core/errors.ts';
import { defined, isRecord } from '../core/json.ts';
import { type LongCall, type RunningWork, startLongCall } from '../core/long-call.ts';
import type { Applied, ManySent, PartState, PreparedChange, Values } from './change.ts';
import type { JournalEnd, NewJournalEntry } from './journal.ts';
import { type BulkPlan, type Part, readRecords } from './plan-bulk.ts';
import { type ChainPlan, neededBy, sentenceOfPart, withIds } from './plan-chain.ts';
import type { BulkRun, Preparing, Waiting } from './prepared-changes.ts';
import { beforeOf, describeStale, noteEnd, sendAndNote } from './send-change.ts';

/** Within the limits of the client, which are those of the company (CW 6.9). */
const atOnce = 4;
const mostFailuresInARow = 5;
const mostFailedShare = 0.1;

export interface BulkParts extends Pick<Preparing, 'context' | 'journal' | 'timer' | 'check'> {
  change: PreparedChange;
  /** The change of many records that this one undoes, record by record. */
  undoes: string | undefined;
  plan: BulkPlan | ChainPlan;
}

interface PartRun {
  part: Part;
  state: PartState;
  /** Of a record that was sent. */
  applied?: Applied;
  detail?: string;
  /** Of the record that it made. */
  recordId?: number;
}

/**
 * Sends a change of many records, or several writes one after the other: what was sent, or whose outcome is unknown, is
 * never sent again.
 */
export function createBulkRun(parts: BulkParts): BulkRun {
  const { change, plan, timer, journal } = parts;
  const runs: PartRun[] = plan.parts.map((part) => ({ part, state: 'waiting' }));
  let running: RunningWork<string | undefined> | undefined;
  let isBegun = false;

  const report = (state: ManySent['state'], reason?: string) => describeRuns(change, runs, state, reason);

  const finish = (reason: string | undefined): ManySent => {
    running = undefined;
    const done = report(reason === undefined ? 'finished' : 'stopped', reason);
    const { failed, unknown, waiting, stale } = done.counts;
    // A record that was left alone leaves its change of many sent; of several writes those behind it were not sent.
    const open = failed + waiting + (plan.inOrder ? stale : 0);
    const state = unknown > 0 ? 'unknown' : open > 0 ? 'failed' : 'sent';
    noteEnd(journal, change.changeId, defined<JournalEnd>({ state, error: reason, applied: appliedToAll(runs) }));
    return done;
  };

  return {
    async findStale(signal) {
      if (isBegun || !plan.inOrder) return undefined;
      const found = await Promise.all(runs.map(({ part }) => findPartStale({ ...parts, plan }, part, signal)));
      return found.find((stale) => stale !== undefined);
    },
    async confirm(signal) {
      let call: LongCall<string | undefined>;
      if (running === undefined) {
        if (!isBegun) journal.sending(change.changeId, undefined);
        isBegun = true;
        const send = (own: AbortSignal) =>
          plan.inOrder ? sendInOrder({ ...parts, plan }, runs, own) : sendAll({ ...parts, plan }, runs, own);
        call = await startLongCall(send, { timer, ...(signal && { signal }) });
        // The end of work in the background is noted when it comes, whether anyone asks for it or not.
        if (call.state === 'running') {
          running = call.work;
          call.work.value.then(finish, () => finish('The sending failed.'));
          return report('running');
        }
        return finish(call.value);
      }
      const ended = await running.waitFor(40_000, signal);
      return ended === undefined
        ? report('running')
        : report(ended.value === undefined ? 'finished' : 'stopped', ended.value);
    },
  };
}

function describeRuns(
  change: PreparedChange,
  runs: readonly PartRun[],
  state: ManySent['state'],
  reason: string | undefined,
): ManySent {
  const counts = { waiting: 0, sending: 0, sent: 0, failed: 0, unknown: 0, stale: 0 };
  for (const run of runs) counts[run.state] += 1;
  const results = runs.map(({ part: { id }, state: of, applied, detail }) =>
    defined<ManySent['results'][number]>({ id, state: of, applied: applied === 'all' ? undefined : applied, detail }),
  );
  return defined<ManySent>({ kind: 'many', change: structuredClone(change), state, counts, results, reason });
}

/** Of the records that were sent; undefined where none was. */
function appliedToAll(runs: readonly PartRun[]): Applied | undefined {
  const [first, ...others] = new Set(runs.flatMap(({ applied }) => applied ?? []));
  return others.length === 0 ? first : 'part';
}

/** Sends all parts that wait or have failed; returns why it stopped early. */
async function sendAll(
  parts: BulkParts & { plan: BulkPlan },
  runs: readonly PartRun[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const queue = runs.filter(({ state }) => state === 'waiting' || state === 'failed');
  for (const run of queue) {
    run.state = 'waiting';
    delete run.detail;
  }
  const ids = queue.map(({ part }) => part.id);
  const current = await readRecords(parts.context, parts.plan.listPath, ids);
  let inARow = 0;
  let failed = 0;
  let reason: string | undefined;
  const worker = async () => {
    for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
      await sendPart(parts, run, run.part, async () => current.get(run.part.id));
      const isFailure = run.state === 'failed' || run.state === 'unknown';
      inARow = isFailure ? inARow + 1 : 0;
      if (isFailure) failed += 1;
      if (signal.aborted) reason = 'The call was cancelled.';
      else if (inARow >= mostFailuresInARow) reason = `${inARow} records in a row failed.`;
      else if (failed > 1 && failed > runs.length * mostFailedShare)
        reason = `${failed} of ${runs.length} records failed.`;
      if (reason !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return reason;
}

type ChainParts = BulkParts & { plan: ChainPlan };

/**
 * Sends the parts that were not sent, up to the first that is not: a later part may need what an earlier one makes, and
 * is never sent where that is not known. Returns why it stopped early.
 */
async function sendInOrder(parts: ChainParts, runs: PartRun[], signal: AbortSignal): Promise<string | undefined> {
  const { plan, journal, change } = parts;
  const idOf = (number: string) => runs.find(({ part }) => part.id === number)?.recordId;
  for (const run of runs) {
    const { id } = run.part;
    if (run.state === 'sent') {
      const undoneBy = journal.find(partChangeId(change.changeId, id))?.undoneBy;
      const isRest = runs.some(({ state }) => state !== 'sent');
      if (undoneBy !== undefined && isRest)
        return `Change ${id} was undone by ${undoneBy}, so nothing behind it was sent.`;
      continue;
    }
    if (run.state === 'unknown' || run.state === 'stale') return describeStop(run);
    if (signal.aborted) return 'The call was cancelled.';
    const missing = neededBy(run.part, plan.standIns).find((number) => idOf(number) === undefined);
    if (missing !== undefined) {
      return `ConnectWise did not answer with the id of what change ${missing} made, which change ${id} needs.`;
    }
    run.state = 'waiting';
    delete run.detail;
    const part = withIds(run.part, plan.standIns, (number) => idOf(number) ?? 0);
    const end = await sendPart(parts, run, part, () => readOne(parts, part));
    if (end !== 'sent') return describeStop(run);
    const { recordId, detail } = run;
    if (recordId !== undefined)
      run.detail = [`${part.plan.target.object} ${recordId}.`, detail].filter(Boolean).join(' ');
  }
  return undefined;
}

const describeStop = ({ part, state, detail = '' }: PartRun): string => {
  const how = state === 'stale' ? 'was not sent' : state === 'unknown' ? 'has an unknown outcome' : 'failed';
  return `Change ${part.id} ${how}, so nothing behind it was sent: ${detail}`;
};

/** The record of a part as it is now, where its preview is based on one. */
async function readOne({ context }: BulkParts, { plan }: Part, signal?: AbortSignal): Promise<Values | undefined> {
  if (plan.record === undefined) return undefined;
  const { body } = await context.client.send({ method: 'GET', path: plan.request.path }, signal);
  return isRecord(body) ? body : undefined;
}

/** Why a part must not be sent as it was shown. */
async function findPartStale(parts: ChainParts, part: Part, signal?: AbortSignal): Promise<string | undefined> {
  const stale = describePartStale(waitingOf(parts, part), await readOne(parts, part, signal));
  return stale === undefined ? undefined : `Change ${part.id}: ${stale}`;
}

/** @param part with what is sent, which is not yet known when it is planned */
async function sendPart(
  parts: BulkParts,
  run: PartRun,
  part: Part,
  read: () => Promise<Values | undefined>,
): Promise<PartState> {
  const waiting = waitingOf(parts, part);
  try {
    const current = await read();
    const stale = describePartStale(waiting, current);
    if (stale !== undefined) {
      Object.assign(run, { state: 'stale', detail: stale });
      return run.state;
    }
    parts.check(waiting.change);
    noteBeginning(parts, waiting, part.id, current);
    run.state = 'sending';
    const sent = await sendAndNote(parts, current === undefined ? waiting : { ...waiting, record: current });
    const { record } = sent;
    const said = [...sent.notApplied, ...sent.notes];
    Object.assign(run, { state: 'sent', applied: sent.applied });
    if (said.length > 0) run.detail = said.join(' ');
    if (waiting.change.method === 'POST' && isRecord(record) && typeof record.id === 'number') run.recordId = record.id;
  } catch (error) {
    // Before the request leaves, the outcome is not unknown; after that, an error of any other kind leaves it unknown.
    const isUnknown = error instanceof GatewayError ? error.code === 'write_unknown' : run.state === 'sending';
    run.state = isUnknown ? 'unknown' : 'failed';
    run.detail = error instanceof GatewayError ? error.message : 'The sending of this record failed.';
  }
  return run.state;
}

/** The part of the change that concerns one record, as a change of its own. */
function waitingOf({ change: whole, plan: { inOrder } }: BulkParts, { id, plan }: Part): Waiting {
  const { method, path, body, query } = plan.request;
  const { many, steps, ...shared } = whole;
  const sentence = inOrder ? sentenceOfPart(plan) : `${whole.sentence} (${id})`;
  const own = { changeId: partChangeId(whole.changeId, id), method, path, body, query, form: plan.form, sentence };
  const change = defined<PreparedChange>({ ...shared, ...own });
  return defined<Waiting>({ change, given: plan.request, record: plan.record, isPart: true });
}

function describePartStale(waiting: Waiting, current: Values | undefined): string | undefined {
  if (waiting.record === undefined) return undefined;
  return current === undefined ? 'The record no longer exists.' : describeStale(waiting, current);
}

/** The journal's id for one record of a change of many. */
export const partChangeId = (changeId: string, id: string): string => `${changeId}.${id}`;

function noteBeginning(
  { journal, change: whole, undoes }: BulkParts,
  { change, given }: Waiting,
  id: string,
  current: Values | undefined,
): void {
  if (journal.find(change.changeId) === undefined) {
    const undone = given.undoes ?? (undoes === undefined ? undefined : partChangeId(undoes, id));
    const member = journal.find(whole.changeId)?.member;
    const part = { ...change, request: given, partOf: whole.changeId, undoes: undone, member };
    journal.prepared(defined<NewJournalEntry>(part));
  }
  journal.sending(change.changeId, beforeOf(change, current));
}
