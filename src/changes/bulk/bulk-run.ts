import type { Timer } from '../../core/async.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { type LongCall, type RunningWork, startLongCall } from '../../core/long-call.ts';
import type { ManySent, PartState, PreparedChange } from '../change.ts';
import { beforeAndAround, beforeOf } from '../changed-members.ts';
import type { Journal } from '../journal/journal.ts';
import { noteEnd } from '../journal/note-end.ts';
import { describeNotApplied } from '../not-applied.ts';
import type { PlanContext } from '../plan.ts';
import type { Waiting } from '../prepared-changes.ts';
import { explainFailure, sendChange } from '../send-change.ts';
import { describeStale } from '../stale.ts';
import { type BulkPlan, type Part, readAgain } from './plan-bulk.ts';

/** Within the limits of the client, which are those of the company (CW 6.9). */
const atOnce = 4;
const mostFailuresInARow = 5;
const mostFailedShare = 0.1;

export interface BulkRun {
  /** Sends what has not been sent; answers after 40 s at the latest, and goes on. */
  confirm(signal?: AbortSignal): Promise<ManySent>;
}

export interface BulkParts {
  context: PlanContext;
  journal: Journal;
  timer: Timer;
  change: PreparedChange;
  /** The change of many records that this one takes back, record by record. */
  undoes: string | undefined;
  plan: BulkPlan;
  /** @throws GatewayError where a part must not be sent */
  check(change: Pick<PreparedChange, 'method' | 'path'>): void;
}

type Values = Readonly<Record<string, unknown>>;

interface PartRun {
  part: Part;
  state: PartState;
  detail?: string;
}

/** A change of many records on its way: what was sent, or is of unknown end, is never sent again. */
export function createBulkRun(parts: BulkParts): BulkRun {
  const { change, plan, timer, journal } = parts;
  const runs: PartRun[] = plan.parts.map((part) => ({ part, state: 'waiting' }));
  let running: RunningWork<string | undefined> | undefined;
  let isBegun = false;

  const report = (state: ManySent['state'], reason?: string) => describeRuns(change, runs, state, reason);

  const finish = (reason: string | undefined): ManySent => {
    running = undefined;
    const done = report(reason === undefined ? 'finished' : 'stopped', reason);
    const { failed, unknown, waiting } = done.counts;
    const state = unknown > 0 ? 'unknown' : failed + waiting > 0 ? 'failed' : 'sent';
    noteEnd(journal, change.changeId, { state, ...(reason === undefined ? {} : { error: reason }) });
    return done;
  };

  return {
    async confirm(signal) {
      let call: LongCall<string | undefined>;
      if (running === undefined) {
        if (!isBegun) journal.sending(change.changeId, undefined);
        isBegun = true;
        call = await startLongCall((own) => sendAll(parts, runs, own), {
          timer,
          ...(signal === undefined ? {} : { signal }),
        });
        // What ends in the background is noted then, whoever asks for it or nobody.
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
  const results = runs.map(({ part, state: of, detail }) => ({
    ...{ id: part.id, state: of },
    ...(detail === undefined ? {} : { detail }),
  }));
  const told = reason === undefined ? {} : { reason };
  return { kind: 'many', change: structuredClone(change), state, counts, results, ...told };
}

/** Sends all that waits or has failed; answers why it stopped before the end. */
async function sendAll(parts: BulkParts, runs: readonly PartRun[], signal: AbortSignal): Promise<string | undefined> {
  const queue = runs.filter(({ state }) => state === 'waiting' || state === 'failed');
  for (const run of queue) {
    run.state = 'waiting';
    delete run.detail;
  }
  const current = await readAgain(
    parts.context,
    parts.plan,
    queue.map(({ part }) => part.id),
  );
  let inARow = 0;
  let failed = 0;
  let reason: string | undefined;
  const worker = async () => {
    for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
      await sendPart(parts, run, current.get(run.part.id));
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

async function sendPart(parts: BulkParts, run: PartRun, current: Values | undefined): Promise<void> {
  const waiting = waitingOf(parts.change, run.part);
  const stale = describePartStale(waiting, current);
  if (stale !== undefined) {
    Object.assign(run, { state: 'stale', detail: stale });
    return;
  }
  const { journal } = parts;
  const { change } = waiting;
  try {
    parts.check(change);
    noteBeginning(parts, waiting, run.part.id, current);
    run.state = 'sending';
    const missed = await sendAndNote(parts, waiting, current);
    Object.assign(run, { state: 'sent', ...(missed.length > 0 ? { detail: missed.join(' ') } : {}) });
  } catch (error) {
    const failure = run.state === 'sending' ? explainFailure(error, change) : toFailure(error);
    const state = failure.code === 'write_unknown' ? 'unknown' : 'failed';
    if (run.state === 'sending') noteEnd(journal, change.changeId, { state, error: failure.code });
    Object.assign(run, { state, detail: failure.message });
  }
}

/** One record's share of the change, as a change of its own. */
function waitingOf(whole: PreparedChange, { id, plan }: Part): Waiting {
  const { method, path, body, query } = plan.request;
  const { many, ...shared } = whole;
  const change: PreparedChange = {
    ...shared,
    ...{ changeId: partChangeId(whole.changeId, id), method, path },
    ...(body === undefined ? {} : { body }),
    ...(query === undefined ? {} : { query }),
  };
  return { change, given: plan.request, ...(plan.record === undefined ? {} : { record: plan.record }) };
}

function describePartStale(waiting: Waiting, current: Values | undefined): string | undefined {
  if (waiting.record === undefined) return undefined;
  return current === undefined ? 'The record is gone.' : describeStale(waiting, current);
}

/** The journal's name for one record's share of a change of many. */
export const partChangeId = (changeId: string, id: string): string => `${changeId}.${id}`;

function noteBeginning(
  { journal, change: whole, undoes }: BulkParts,
  waiting: Waiting,
  id: string,
  current: Values | undefined,
) {
  const { changeId, method, path } = waiting.change;
  if (journal.find(changeId) === undefined) {
    const sentence = `${whole.sentence} (${id})`;
    const inverse = undoes === undefined ? {} : { undoes: partChangeId(undoes, id) };
    journal.prepared({ changeId, method, path, request: waiting.given, sentence, partOf: whole.changeId, ...inverse });
  }
  journal.sending(changeId, beforeOf(waiting.change, current));
}

/** Answers what was not applied. */
async function sendAndNote(
  { context, journal }: BulkParts,
  waiting: Waiting,
  current: Values | undefined,
): Promise<string[]> {
  const { change, record } = waiting;
  const answer = await sendChange(context, change);
  const before = beforeAndAround(change, current ?? record, answer.body);
  const recordId =
    change.method === 'POST' && answer.status === 201 && isRecord(answer.body) ? answer.body.id : undefined;
  const unwritten = noteEnd(journal, change.changeId, {
    ...{ state: 'sent', status: answer.status },
    ...(before === undefined ? {} : { before }),
    ...(recordId === undefined ? {} : { recordId: String(recordId) }),
  });
  return [...describeNotApplied(waiting, answer.body), ...(unwritten === undefined ? [] : [unwritten])];
}

/** Before the request left, nothing is unknown. */
function toFailure(error: unknown): GatewayError {
  return error instanceof GatewayError
    ? error
    : new GatewayError('internal', 'The record was not sent.', { cause: error });
}
