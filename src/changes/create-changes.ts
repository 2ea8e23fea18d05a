import type { Form } from '../connectwise/documents/encode-form.ts';
import type { Uploads } from '../connectwise/documents/uploads.ts';
import { createReadCache } from '../connectwise/lookups/read-cache.ts';
import { type ErrorCode, GatewayError } from '../errors.ts';
import { isRecord } from '../results/record-text.ts';
import type { PreparedChange, SentChange, WriteForm } from './change.ts';
import { createChangeId } from './change-id.ts';
import type { Changes, WriteMode } from './changes.ts';
import type { Plan, PlanContext } from './plan.ts';
import { planChange } from './plan-change.ts';
import { createPreparedChanges } from './prepared-changes.ts';
import { renderSentence } from './sentence.ts';

/** Long enough to ask someone, short enough that the record is much the same. */
const lifetimeMs = 60 * 60 * 1000;

/**
 * Failures after which nobody knows whether ConnectWise wrote. The client says so of lost answers; a 500 can come
 * after the writing too, and there are no idempotency keys to ask by (CW 4.2.29, 4.3.3).
 */
const uncertain: ReadonlySet<ErrorCode> = new Set(['write_unknown', 'connectwise_failed', 'timed_out', 'internal']);

export interface ChangesOptions extends Omit<PlanContext, 'own' | 'cache'> {
  mode: WriteMode;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export function createChanges({ mode, random, ...options }: ChangesOptions): Changes {
  const { now } = options;
  const context: PlanContext = { ...options, own: { stamps: new Map() }, cache: createReadCache(now) };
  const prepared = createPreparedChanges(now);

  return {
    async prepare(request, signal) {
      refuseWhenReadOnly(mode, `${request.method} ${request.path} was not prepared`);
      // A copy: what was previewed is what is sent, whatever the caller does with its own.
      const plan = await planChange(context, structuredClone(request), signal);
      const change = toChange(plan, now(), () => freeId(plan, random, prepared.has));
      prepared.add(change);
      return structuredClone(change);
    },

    async confirm(changeId, signal) {
      refuseWhenReadOnly(mode, 'Nothing was sent');
      if (signal?.aborted) throw new GatewayError('cancelled', 'The call was cancelled before anything was sent.');
      const id = changeId.trim();
      const change = prepared.take(id);
      const at = wholeSeconds(now());
      try {
        const sent = await send(context, change);
        prepared.settle(id, `was sent at ${at} and answered ${sent.status}`);
        return sent;
      } catch (error) {
        const failure = explainFailure(error, change);
        const ending =
          failure.code === 'write_unknown' ? 'nobody knows whether it happened' : `failed (${failure.code})`;
        prepared.settle(id, `was sent at ${at} and ${ending}`);
        throw failure;
      }
    },
  };
}

function refuseWhenReadOnly(mode: WriteMode, what: string): void {
  if (mode === 'read-only') throw new GatewayError('read_only', `${what}: this gateway only reads.`);
}

function toChange(plan: Plan, at: Date, createId: () => string): PreparedChange {
  const { method, path, query, body } = plan.request;
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

/** Without the caller's signal: a write that is given up half-way is one that nobody knows the end of. */
async function send({ client, uploads }: PlanContext, change: PreparedChange): Promise<SentChange> {
  const { method, path, query, body, form } = change;
  const answer = await client.send({
    method,
    path,
    ...(query === undefined ? {} : { query }),
    ...(form === undefined ? (body === undefined ? {} : { body }) : { form: await readForm(uploads, body, form) }),
  });
  const record = answer.body;
  return { change: structuredClone(change), status: answer.status, ...(record === undefined ? {} : { record }) };
}

/** The file is read now: between preview and approval it was only a name and a hash. */
async function readForm(uploads: Uploads, body: unknown, { file }: WriteForm): Promise<Form> {
  const given = isRecord(body) ? Object.entries(body) : [];
  const fields = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  if (file === undefined) return { fields };
  const { name, mediaType } = file;
  return { fields, file: { name, mediaType, content: await uploads.read(file) } };
}

/** What the client met, with what it means for this change. */
function explainFailure(error: unknown, change: PreparedChange): GatewayError {
  const { changeId } = change;
  const cause =
    error instanceof GatewayError ? error : new GatewayError('internal', 'The sending failed.', { cause: error });
  const details = { ...cause.details, changeId };
  if (uncertain.has(cause.code)) {
    const advice = `Read ${readAgain(change)} before anything is sent again; the id ${changeId} is used up.`;
    const message = cause.code === 'write_unknown' ? cause.message : `${cause.message} Perhaps the change was made.`;
    return new GatewayError('write_unknown', message, { cause, details, hint: advice });
  }
  return new GatewayError(cause.code, `${cause.message} The change ${changeId} was not made, and its id is used up.`, {
    cause,
    details,
    hint: cause.hint,
  });
}

/** What shows whether a write happened: a new record is in the list, any other at its own path. */
function readAgain({ method, path, body, form }: PreparedChange): string {
  if (method !== 'POST') return path;
  // A list of documents needs to know whose (CW 5.8.2).
  const { recordType, recordId } = form !== undefined && isRecord(body) ? body : {};
  return `the newest of ${path}${recordId === undefined ? '' : `?recordType=${recordType}&recordId=${recordId}`}`;
}
