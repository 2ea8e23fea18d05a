import { instantOf } from '../core/iso-time.ts';
import { isRecord } from '../core/json.ts';
import { applyOperations } from './apply-operations.ts';
import { isSame, ownValue } from './differences.ts';
import type { Waiting } from './prepared-changes.ts';
import { isOperations, segmentsOf, toOperations } from './to-operations.ts';
import { oneLine, renderValue } from './wording.ts';

type Values = Readonly<Record<string, unknown>>;

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
    return fits(is, ownValue(wanted, member)) ? [] : [describe(member, is)];
  });
}

/** Of a new record only what the answer shows otherwise: what it leaves out may be written and not shown. */
function compareNew(body: unknown, answer: Values): string[] {
  if (!isRecord(body)) return [];
  return Object.entries(body).flatMap(([member, value]) => {
    const is = ownValue(answer, member);
    return is === undefined || neverReturned.has(member) || fits(is, value) ? [] : [describe(member, is)];
  });
}

const describe = (member: string, is: unknown): string =>
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
