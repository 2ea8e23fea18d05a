import type { ConnectWiseAnswer } from '../connectwise/client.ts';
import type { Form } from '../connectwise/documents/encode-form.ts';
import type { Uploads } from '../connectwise/documents/uploads.ts';
import { type ErrorCode, GatewayError } from '../core/errors.ts';
import { instantOf } from '../core/iso-time.ts';
import { isRecord } from '../core/json.ts';
import type { PreparedChange, Values, WriteForm } from './change.ts';
import { isSame, ownValue } from './differences.ts';
import { stampsOf } from './effects/read-effects.ts';
import type { Journal, JournalEnd } from './journal.ts';
import { applyOperations, isOperations, segmentsOf, toOperations } from './operations.ts';
import type { PlanContext } from './plan.ts';
import type { Waiting } from './prepared-changes.ts';
import { oneLine, renderValue } from './wording.ts';

/**
 * Failures after which nobody knows whether ConnectWise wrote. The client says so of lost answers; a 500 can come
 * after the writing too, and there are no idempotency keys to ask by (CW 4.2.29, 4.3.3).
 */
const uncertain: ReadonlySet<ErrorCode> = new Set(['write_unknown', 'connectwise_failed', 'timed_out', 'internal']);

/** Without the caller's signal: a write that is given up half-way is one that nobody knows the end of. */
export async function sendChange(
  { client, uploads }: Pick<PlanContext, 'client' | 'uploads'>,
  change: PreparedChange,
): Promise<ConnectWiseAnswer> {
  const { method, path, query, body, form } = change;
  return client.send({
    method,
    path,
    ...(query === undefined ? {} : { query }),
    ...(form === undefined ? (body === undefined ? {} : { body }) : { form: await readForm(uploads, body, form) }),
  });
}

/** The file is read now: between preview and approval it was only a name and a hash. */
async function readForm(uploads: Uploads, body: unknown, { file }: WriteForm): Promise<Form> {
  const given = isRecord(body) ? Object.entries(body) : [];
  const fields = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  if (file === undefined) return { fields };
  const { name, mediaType } = file;
  return { fields, file: { name, mediaType, content: await uploads.read(file) } };
}

/** What the client met, with what it means for this change: `write_unknown` where nobody knows whether it was made. */
export function explainFailure(error: unknown, change: PreparedChange): GatewayError {
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
export function readAgain({ method, path, body }: Pick<PreparedChange, 'method' | 'path' | 'body'>): string {
  if (method !== 'POST') return path;
  // A list of documents needs to know whose (CW 5.8.2).
  const { recordType, recordId } = path.startsWith('/system/documents') && isRecord(body) ? body : {};
  return `the newest of ${path}${recordId === undefined ? '' : `?recordType=${recordType}&recordId=${recordId}`}`;
}

/**
 * Writes down how a sent change ended. That it was sent is true whether or not it can be written, so a journal that
 * fails now is a sentence for the reply and no error: an error would invite sending it again.
 */
export function noteEnd(journal: Journal, changeId: string, end: JournalEnd): string | undefined {
  try {
    journal.ended(changeId, end);
    return undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `The journal could not take this down: ${error.message}`;
  }
}

/** Used once and never returned (CW 5.1.5, 5.1.6). */
const neverReturned: ReadonlySet<string> = new Set([
  ...['initialDescription', 'initialInternalAnalysis', 'initialResolution', 'initialDescriptionFrom', 'typeIds'],
  ...['contactEmailLookup', 'processNotifications', 'skipCallback', 'ignoreDuplicates', 'password', 'portalPassword'],
]);

/**
 * What was wanted and is not in the answer: a PATCH in the wrong shape is answered 200 and changes nothing (CW 5.2.3),
 * and ConnectWise computes some members whatever it is told.
 */
export function describeNotApplied({ change, record }: Waiting, answer: unknown): string[] {
  const { method, body, query } = change;
  // With `fields` the answer shows only these.
  if (!isRecord(answer) || Object.keys(query ?? {}).some((name) => name.toLowerCase() === 'fields')) return [];
  if (method === 'PATCH') return record === undefined || !isOperations(body) ? [] : comparePatch(record, body, answer);
  return method === 'POST' || method === 'PUT' ? compareNew(body, answer) : [];
}

function comparePatch(record: Values, body: unknown, answer: Values): string[] {
  const operations = toOperations(body);
  const wanted = applyOperations(record, operations).record;
  const members = [...new Set(operations.map((operation) => segmentsOf(operation)[0] ?? ''))];
  return members.flatMap((member) => {
    const is = ownValue(answer, member);
    return fits(is, ownValue(wanted, member)) ? [] : [describeMissed(member, is)];
  });
}

/** Of a new record only what the answer shows otherwise: what it leaves out may be written and not shown. */
function compareNew(body: unknown, answer: Values): string[] {
  if (!isRecord(body)) return [];
  return Object.entries(body).flatMap(([member, value]) => {
    const is = ownValue(answer, member);
    return is === undefined || neverReturned.has(member) || fits(is, value) ? [] : [describeMissed(member, is)];
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

/** An element with all that was wanted of it, and perhaps more that ConnectWise filled in. */
function holds(is: unknown, wanted: unknown): boolean {
  if (!isRecord(is) || !isRecord(wanted)) return isSame(is, wanted);
  return Object.entries(wanted).every(([name, value]) => name === '_info' || fits(ownValue(is, name), value));
}

/** What a change is about to overwrite, as it is: the members that a PATCH names, all of what a DELETE removes. */
export function beforeOf({ method, body }: PreparedChange, record: Values | undefined): Values | undefined {
  if (record === undefined || method === 'DELETE') return record;
  if (method !== 'PATCH' || !isOperations(body)) return undefined;
  const members = toOperations(body).map((operation) => segmentsOf(operation)[0] ?? '');
  return pick(record, members);
}

/** The same with what ConnectWise changed besides: a new contact brings its name and number along. */
export function beforeAndAround(
  change: PreparedChange,
  record: Values | undefined,
  answer: unknown,
): Values | undefined {
  const named = beforeOf(change, record);
  if (change.method !== 'PATCH' || record === undefined || named === undefined || !isRecord(answer)) return named;
  // With `fields` the answer shows only these.
  if (Object.keys(change.query ?? {}).some((name) => name.toLowerCase() === 'fields')) return named;
  const all = new Set([...Object.keys(record), ...Object.keys(answer)]);
  all.delete('_info');
  const moved = [...all].filter((name) => !isEqual(ownValue(record, name), ownValue(answer, name)));
  return pick(record, [...Object.keys(named), ...moved]);
}

/** Members with their values, null where they have none. */
function pick(record: Values, members: readonly string[]): Values {
  return Object.fromEntries([...new Set(members)].map((name) => [name, ownValue(record, name) ?? null]));
}

/** What names of a board belong to: moved to another, a ticket's status is another (CW 5.5.2). */
const ofBoard: ReadonlySet<string> = new Set(['status', 'type', 'subType', 'item', 'team']);

/** A sentence where a record is no more what a prepared change rests on; undefined where it is. */
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
  const operations = Array.isArray(body) ? body.filter(isRecord) : [];
  const members = new Set(operations.map(({ path }) => segmentsOf({ op: 'replace', path: String(path) })[0] ?? ''));
  if ([...members].some((member) => ofBoard.has(member))) members.add('board');
  return [...members].filter((member) => !isEqual(ownValue(before, member), ownValue(current, member)));
}

/** All members, unless the stamp says that nothing was written (CW 5.14): SLA minutes move by themselves. */
function changedSince(before: Values, current: Values): string[] {
  const [then, now] = [stampsOf(before), stampsOf(current)];
  if (then.lastUpdated !== undefined && then.lastUpdated === now.lastUpdated) return [];
  const members = new Set([...Object.keys(before), ...Object.keys(current)]);
  members.delete('_info');
  return [...members].filter((member) => !isEqual(ownValue(before, member), ownValue(current, member)));
}

/** Equal but for links and stamps, and for what is empty or absent. */
function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(bare(one)) === JSON.stringify(bare(other));
}

function bare(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(bare);
  if (!isRecord(value)) return value;
  const names = Object.keys(value).filter((name) => name !== '_info' && bare(value[name]) !== null);
  return Object.fromEntries(names.sort().map((name) => [name, bare(value[name])]));
}
