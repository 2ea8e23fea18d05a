import { unlistedNote } from '../catalog/index.ts';
import type { ConnectWiseAnswer, ConnectWiseRequest, Form, Uploads } from '../connectwise/index.ts';
import { type ErrorCode, GatewayError } from '../core/errors.ts';
import { instantOf } from '../core/iso-time.ts';
import { defined, isRecord } from '../core/json.ts';
import type { PreparedChange, SentChange, Values, WriteForm } from './change.ts';
import { isSame, ownValue } from './differences.ts';
import { stampsOf } from './effects/effect.ts';
import { type Journal, type JournalEnd, readAgain } from './journal.ts';
import { applyOperations, isOperations, toOperations, touchedBy } from './operations.ts';
import type { PlanContext } from './plan.ts';
import type { Waiting } from './prepared-changes.ts';
import { oneLine, renderValue } from './wording.ts';

/**
 * Sends a change that the journal has as `sending`, and notes how it ended.
 * @throws GatewayError `write_unknown` where ConnectWise may have written, else what it answered
 */
export async function sendAndNote(
  { context, journal }: { context: PlanContext; journal: Journal },
  { change, record, isPart = false }: Waiting,
): Promise<SentChange> {
  const { changeId, method } = change;
  let answer: ConnectWiseAnswer;
  try {
    answer = await send(context, change);
  } catch (error) {
    const failure = explainFailure(error, { change, isPart }, context);
    const { code, details } = failure;
    const state = code === 'write_unknown' ? 'unknown' : 'failed';
    noteEnd(journal, changeId, defined({ state, error: code, status: details.status, requestId: details.requestId }));
    throw failure;
  } finally {
    context.cache.drop(change.path);
  }
  const { status, body, requestId, file, contentType } = answer;
  const id = method === 'POST' && status === 201 && isRecord(body) ? body.id : undefined;
  const recordId = id === undefined ? undefined : String(id);
  const before = beforeAndAround(change, record, body);
  const notApplied = describeNotApplied(change, record, body);
  const applied = notApplied.length === 0 ? 'all' : isUntouched(change, record, body) ? 'nothing' : 'part';
  const end = defined<JournalEnd>({ state: 'sent', status, requestId, recordId, before, applied });
  const unwritten = noteEnd(journal, changeId, end);
  rememberOwn(context, change, body);
  return defined<SentChange>({
    kind: 'sent',
    change: structuredClone(change),
    status,
    record: body,
    changed: findChanged(change, record, body),
    recordId,
    file: file && { ...file, contentType },
    applied,
    notApplied,
    notes: unwritten === undefined ? [] : [unwritten],
  });
}

/** Without the caller's signal: cancelling a write half-way would leave its outcome unknown. */
async function send({ client, uploads }: PlanContext, change: PreparedChange): Promise<ConnectWiseAnswer> {
  const { method, path, query, body, form } = change;
  const request = defined<ConnectWiseRequest>({ method, path, query, body: form === undefined ? body : undefined });
  return client.send(form === undefined ? request : { ...request, form: await readForm(uploads, body, form) });
}

/** The file is read only now: between preview and approval, its name and hash are kept. */
async function readForm(uploads: Uploads, body: unknown, { file }: WriteForm): Promise<Form> {
  const given = isRecord(body) ? Object.entries(body) : [];
  const fields = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  if (file === undefined) return { fields };
  const { name, mediaType } = file;
  return { fields, file: { name, mediaType, content: await uploads.read(file) } };
}

/**
 * Failures after which ConnectWise may have written. The client reports lost answers; a 500 can come after the writing
 * too, and there are no idempotency keys to ask by (CW 4.2.29, 4.3.3).
 */
const uncertain: ReadonlySet<ErrorCode> = new Set(['write_unknown', 'connectwise_failed', 'timed_out', 'internal']);

/** What the client met, with what it means for this change: `write_unknown` where it may have been made. */
function explainFailure(
  error: unknown,
  { change, isPart }: { change: PreparedChange; isPart: boolean },
  { catalog }: PlanContext,
): GatewayError {
  const { changeId, method, path } = change;
  const cause =
    error instanceof GatewayError ? error : new GatewayError('internal', 'The sending failed.', { cause: error });
  const details = { ...cause.details, changeId };
  if (uncertain.has(cause.code)) {
    const hint = `Read ${readAgain(change)} before sending anything again; the id ${changeId} is used up.`;
    const message = cause.code === 'write_unknown' ? cause.message : `${cause.message} The change may have been made.`;
    return new GatewayError('write_unknown', message, { cause, details, hint });
  }
  // A part has no id of its own to confirm: that of the whole continues.
  const message = isPart
    ? cause.message
    : `${cause.message} The change ${changeId} was not made, and its id is used up.`;
  const isDoubtful = cause.details.status === 404 && catalog.findEndpoint(method, path)?.endpoint.unlisted;
  const said = isDoubtful ? `${message} ${unlistedNote}` : message;
  return new GatewayError(cause.code, said, { cause, details, hint: cause.next });
}

/**
 * Notes how a sent change ended. A journal that cannot be written then gives a sentence for the reply instead of an
 * error: the change was sent all the same, and an error would invite sending it again.
 */
export function noteEnd(journal: Journal, changeId: string, end: JournalEnd): string | undefined {
  try {
    journal.ended(changeId, end);
    return undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `The outcome could not be written to the journal: ${error.message}`;
  }
}

/** The stamps that this write left, so that it is not reported later as a change by somebody else. */
function rememberOwn({ own }: PlanContext, { path, method }: PreparedChange, answer: unknown): void {
  const { lastUpdated, updatedBy } = stampsOf(answer);
  const id = isRecord(answer) ? answer.id : undefined;
  if (lastUpdated !== undefined) own.stamps.set(method === 'POST' ? `${path}/${id}` : path, lastUpdated);
  if (updatedBy !== undefined) own.member = updatedBy;
}

// Before sending: whether the record is still what the preview showed, and what of it is overwritten.

/** Members whose names depend on the board: on another board, a status of the same name is another (CW 5.5.2). */
const ofBoard: ReadonlySet<string> = new Set(['status', 'type', 'subType', 'item', 'team']);

/** A sentence where the record has changed since the preview in what the change rests on; else undefined. */
export function describeStale({ change, record }: Waiting, current: Values): string | undefined {
  if (record === undefined) return undefined;
  const changed =
    change.method === 'DELETE' ? changedSince(record, current) : touchedSince(change.body, record, current);
  if (changed.length === 0) return undefined;
  const { updatedBy } = stampsOf(current);
  const shown = changed.slice(0, 3).map((member) => {
    return `${oneLine(member, 40)} is now ${renderValue(member, ownValue(current, member))}`;
  });
  const by = updatedBy === undefined ? '' : `, last changed by ${oneLine(updatedBy, 40)}`;
  return `The record has changed since the preview: ${shown.join(', ')}${by}.`;
}

function touchedSince(body: unknown, before: Values, current: Values): string[] {
  const members = new Set(isOperations(body) ? touchedBy(toOperations(body)) : []);
  if ([...members].some((member) => ofBoard.has(member))) members.add('board');
  return [...members].filter((member) => !isSame(ownValue(before, member), ownValue(current, member)));
}

/** All members, unless the stamp says that nothing was written (CW 5.14): SLA minutes change by themselves. */
function changedSince(before: Values, current: Values): string[] {
  const [then, now] = [stampsOf(before), stampsOf(current)];
  if (then.lastUpdated !== undefined && then.lastUpdated === now.lastUpdated) return [];
  return differingMembers(before, current);
}

function differingMembers(one: Values, other: Values): string[] {
  const members = new Set([...Object.keys(one), ...Object.keys(other)]);
  members.delete('_info');
  return [...members].filter((member) => !isSame(ownValue(one, member), ownValue(other, member)));
}

/** The values that a change overwrites: the members that a PATCH names, the whole record that a DELETE removes. */
export function beforeOf({ method, body }: PreparedChange, record: Values | undefined): Values | undefined {
  if (record === undefined || method === 'DELETE') return record;
  if (method !== 'PATCH' || !isOperations(body)) return undefined;
  return pick(record, touchedBy(toOperations(body)));
}

// After sending: what else ConnectWise changed, and what it did not apply.

/** `beforeOf`, with the members that ConnectWise changed along: a new contact brings its name and number. */
function beforeAndAround(change: PreparedChange, record: Values | undefined, answer: unknown): Values | undefined {
  const named = beforeOf(change, record);
  if (change.method !== 'PATCH' || record === undefined || named === undefined) return named;
  if (!isRecord(answer) || namesFields(change)) return named;
  return pick(record, [...Object.keys(named), ...differingMembers(record, answer)]);
}

/** With `fields` an answer holds only the members that it names. */
const namesFields = ({ query = {} }: PreparedChange): boolean =>
  Object.keys(query).some((name) => name.toLowerCase() === 'fields');

/** Members with their values, null where they have none. */
function pick(record: Values, members: readonly string[]): Values {
  return Object.fromEntries([...new Set(members)].map((name) => [name, ownValue(record, name) ?? null]));
}

/** A new record is not shown whole either: what it has by default was in the preview, or is one read away. */
function findChanged(change: PreparedChange, record: Values | undefined, answer: unknown): unknown {
  if (!isRecord(answer) || namesFields(change)) return answer;
  const { method, body } = change;
  const id = answer.id === undefined ? [] : ['id'];
  if (method === 'PATCH' && record !== undefined && isOperations(body)) {
    const all = pick(answer, [...id, ...touchedBy(toOperations(body)), ...differingMembers(record, answer)]);
    const { customFields: rows, ...others } = all;
    if (!Array.isArray(rows) || !Array.isArray(record.customFields)) return all;
    // Sent and answered complete, whichever of them changed (CW 5.2.7).
    const before = record.customFields;
    return { ...others, customFields: rows.filter((row) => !before.some((old) => isSame(old, row))) };
  }
  const given = isRecord(body) ? Object.keys(body).filter((member) => ownValue(answer, member) !== undefined) : [];
  // The answer to an action, such as `{"success": true}`, is its result.
  return given.length === 0 && change.method !== 'PATCH' ? answer : pick(answer, [...id, ...given]);
}

/** Whether the members that a PATCH names are as they were: in the wrong form it is answered 200 all the same (CW 5.2.3). */
function isUntouched({ method, body }: PreparedChange, record: Values | undefined, answer: unknown): boolean {
  if (method !== 'PATCH' || record === undefined || !isRecord(answer) || !isOperations(body)) return false;
  return touchedBy(toOperations(body)).every((member) => isSame(ownValue(record, member), ownValue(answer, member)));
}

/** Used once and never returned (CW 5.1.5, 5.1.6). */
const neverReturned: ReadonlySet<string> = new Set([
  'initialDescription',
  'initialDescriptionFrom',
  'initialInternalAnalysis',
  'initialResolution',
  'typeIds',
  'contactEmailLookup',
  'processNotifications',
  'skipCallback',
  'ignoreDuplicates',
  'password',
  'portalPassword',
]);

/**
 * What was sent and is not in the answer: a PATCH in the wrong form is answered 200 and changes nothing (CW 5.2.3), and
 * ConnectWise computes some members itself.
 */
function describeNotApplied(change: PreparedChange, record: Values | undefined, answer: unknown): string[] {
  const { method, body } = change;
  if (!isRecord(answer) || namesFields(change)) return [];
  if (method === 'PATCH') return record === undefined || !isOperations(body) ? [] : comparePatch(record, body, answer);
  return method === 'POST' || method === 'PUT' ? compareNew(body, answer) : [];
}

function comparePatch(record: Values, body: unknown, answer: Values): string[] {
  const { record: wanted, touched } = applyOperations(record, toOperations(body));
  return touched.flatMap((member) => {
    const is = ownValue(answer, member);
    return fits(is, ownValue(wanted, member)) ? [] : [describeMissed(member, is)];
  });
}

/**
 * Only members that the answer has with another value: what it leaves out may be written and not shown, and null in a new
 * record lets ConnectWise choose.
 */
function compareNew(body: unknown, answer: Values): string[] {
  if (!isRecord(body)) return [];
  return Object.entries(body).flatMap(([member, value]) => {
    const is = ownValue(answer, member);
    return is === undefined || value === null || neverReturned.has(member) || fits(is, value)
      ? []
      : [describeMissed(member, is)];
  });
}

const describeMissed = (member: string, is: unknown): string =>
  `${oneLine(member, 60)} was not applied: it is ${renderValue(member, is)}.`;

/** Whether an answer is what was wanted; texts may come back trimmed or on one line (CW 5.1.7), dates without zeros. */
function fits(is: unknown, wanted: unknown): boolean {
  if (isSame(is, wanted)) return true;
  if (wanted === '' || wanted === false) return is === undefined || is === null;
  if (Array.isArray(is) && Array.isArray(wanted)) {
    return is.length >= wanted.length && wanted.every((element) => is.some((one) => holds(one, element)));
  }
  if (typeof is !== 'string' || typeof wanted !== 'string') return holds(is, wanted);
  const [one, other] = [instantOf(is), instantOf(wanted)];
  if (one !== undefined && one === other) return true;
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  return plain(is) === plain(wanted);
}

/** Whether an element has everything that was wanted of it; ConnectWise may have filled in more. */
function holds(is: unknown, wanted: unknown): boolean {
  if (!isRecord(is) || !isRecord(wanted)) return isSame(is, wanted);
  return Object.entries(wanted).every(([name, value]) => name === '_info' || fits(ownValue(is, name), value));
}
