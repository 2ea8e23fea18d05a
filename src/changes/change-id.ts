import type { Member } from '../catalog/index.ts';
import type { Named } from '../connectwise/index.ts';
import { isRecord } from '../core/json.ts';
import { renderSize } from '../core/text.ts';
import { membersOf } from './body/member-rules.ts';
import type { Values } from './change.ts';
import { ownValue } from './differences.ts';
import { consequences, rankOf } from './effects/effect.ts';
import { asReference, isOfRecord } from './names/names.ts';
import { givenMembers } from './operations.ts';
import type { Plan } from './plan.ts';
import type { Target } from './target.ts';
import { isSetUp, nameOf } from './wording.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const tailLength = 8;
const maxLength = 80;
/** In place of a value that differs between the records. */
const various = 'various';

/** The parts of a plan that its id is made of. */
export type WordedPlan = Pick<Plan, 'request' | 'target' | 'record' | 'names' | 'schema' | 'form' | 'effects'>;

export interface ChangeIdParts {
  target: Target;
  /** One, or those of all records. */
  plans: readonly WordedPlan[];
  /** Of several writes: what each of them is about. */
  steps?: readonly Target[];
  /** From 0 up to, not including, 1. */
  random(): number;
}

/**
 * The id that a person approves: `ticket-4711_closes_mails-customer_status-Closed_k3f9q2xw`. ASCII, about 80 characters.
 * Every consequence is in it, and every member that is sent, or its count. Values are in it only where they are set-up
 * of ConnectWise and the same for all records: words of a customer or of the caller could claim something else than what
 * happens. The name of a file is in it behind `file-`.
 */
export function createChangeId({ target, plans, steps, random }: ChangeIdParts): string {
  const tail = Array.from({ length: tailLength }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  const { first, words, more } = describe(target, plans, steps);
  const total = words.length + more;
  const room = maxLength - tailLength - `_and-${Math.max(total, 10)}-more_`.length;
  const lead = first.map((word) => `_${word}`).join('');
  let id = subjectOf(target, room - lead.length) + lead;
  let used = 0;
  for (const word of words) {
    if (id.length + 1 + word.length > room) break;
    id += `_${word}`;
    used++;
  }
  const rest = total - used;
  return `${id}${rest > 0 ? `_and-${rest}-more` : ''}_${tail}`;
}

/** Where it would be too long its words are cut, and never a number. */
function subjectOf({ object, number, isNew, parent }: Target, room: number): string {
  const parts = [
    ...(parent === undefined ? [] : [parent.object, parent.number]),
    object,
    ...(isNew ? ['new'] : []),
    number ?? '',
  ];
  const cutAt = (length: number) =>
    parts.flatMap((part) => slug(part, /^\d+$/.test(part) ? part.length : length) || []).join('-');
  const lengths = [40, 30, 20, 14, 10, 6];
  return lengths.map(cutAt).find((subject) => subject.length <= Math.min(room, 40)) ?? cutAt(6);
}

interface Description {
  /** In every id: the verb where it is not a plain change, the consequences, the file. */
  first: string[];
  /** The members; those that cause most come first, then set-up with its values. */
  words: string[];
  /** Members that are counted only. */
  more: number;
}

function describe(target: Target, plans: readonly WordedPlan[], steps: ChangeIdParts['steps']): Description {
  const parts = plans.flatMap(partsOf);
  const known = new Map(plans.flatMap(({ schema }) => (schema ? membersOf(schema) : [])).map((one) => [one.name, one]));
  // In the order of the longest body: others may lack values that their records already have.
  const longestFirst = parts.toSorted((one, other) => other.members.size - one.members.size);
  const given = [...new Set(longestFirst.flatMap(({ members }) => [...members.keys()]))];
  // A name that the definition does not have could be any text, so it is counted only.
  const members = given.flatMap((name) => (/^\w*[A-Za-z]\w*$/.test(name) ? (known.get(name) ?? []) : []));
  const sorted = members.toSorted(
    ({ name: one }, { name: other }) => rankOf(one) - rankOf(other) || Number(isSetUp(other)) - Number(isSetUp(one)),
  );
  // Several writes are about records of different kinds, of which others do not have the member.
  const partsWith = ({ name }: Member) =>
    steps === undefined ? parts : parts.filter((part) => part.members.has(name));
  const words = sorted.map((member) =>
    slug(isSetUp(member.name) ? `${member.name} ${valueInAll(member, partsWith(member)) ?? ''}` : member.name, 30),
  );
  return {
    first: leadOf(target, plans),
    words: [...(steps === undefined ? [] : wordsOfSteps(steps, plans)), ...words],
    more: given.length - members.length,
  };
}

/** What each of several writes does, each once, with its number; what deletes comes first. */
function wordsOfSteps(steps: readonly Target[], plans: readonly WordedPlan[]): string[] {
  const counts = new Map<string, number>();
  const words = steps.map((step, index) => {
    const verb = plans[index]?.request.method === 'DELETE' ? 'delete' : (step.action ?? '');
    return slug(`${verb} ${subjectOf(step, 40)}`, 40);
  });
  const isDeletion = (word: string) => word.startsWith('delete-');
  for (const word of [...words.filter(isDeletion), ...words.filter((one) => !isDeletion(one))]) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => (count === 1 ? word : `${count}-${word}`));
}

function leadOf({ action }: Target, plans: readonly WordedPlan[]): string[] {
  const caused = consequences.filter((one) => plans.some(({ effects }) => effects.consequences.includes(one)));
  const files = plans.flatMap(({ form }) => form?.file ?? []);
  return [
    ...(action === undefined ? [] : [slug(action, 30)]),
    ...caused,
    ...(files[0] === undefined ? [] : [wordOfFile(files[0].name, files[0].bytes)]),
    ...(files.length > 1 ? [`and-${files.length - 1}-files`] : []),
  ];
}

/** `file-report.csv-340-kB`: the name could be any text, so it begins with what it is; of a long one both ends are kept. */
function wordOfFile(name: string, bytes: number): string {
  const safe = slug(name, 200, '.');
  const short = safe.length <= 30 ? safe : `${safe.slice(0, 17)}..${safe.slice(-11)}`;
  return `file-${short}-${slug(renderSize(bytes), 10, '.')}`;
}

/** What is sent for one record. */
interface Part {
  members: ReadonlyMap<string, unknown>;
  record: Values | undefined;
  names: ReadonlyMap<string, Named> | undefined;
}

/** Of a body that is a list, each element is a record of its own. */
function partsOf({ request, target, record, names, form }: WordedPlan): Part[] {
  const { method, body } = request;
  const bodies = method !== 'PATCH' && Array.isArray(body) ? body : [body];
  return bodies.map((one) => {
    const members = new Map(givenMembers(method, one));
    // The record of a document is already the first part of the id.
    if (form !== undefined) {
      if (String(members.get('recordType')).toLowerCase() === target.parent?.object) members.delete('recordType');
      if (String(members.get('recordId')) === target.parent?.number) members.delete('recordId');
    }
    return { members, record, names: bodies.length === 1 ? names : undefined };
  });
}

/** The value that all records have afterwards; undefined where the id must not show it. */
function valueInAll(member: Member, parts: readonly Part[]): string | undefined {
  const values = new Set(parts.map((part) => valueIn(member, part)));
  const [value] = values;
  return values.size === 1 ? value : various;
}

function valueIn(member: Member, { members, record, names }: Part): string | undefined {
  const { name } = member;
  const own = record === undefined ? undefined : ownValue(record, name);
  if (!members.has(name)) return record === undefined ? undefined : wordOf(member, own, own);
  const value = members.get(name);
  const named = names?.get(name);
  return wordOf(member, value, named !== undefined && isOfRecord(value, named) ? asReference(named) : own);
}

/** @param known a record with its name in ConnectWise, which is used if the value has the same id */
function wordOf({ enum: values }: Member, value: unknown, known: unknown): string | undefined {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return values?.includes(value) ? value : undefined;
  if (!isRecord(value) || !/^\d+$/.test(String(value.id))) return undefined;
  const name = isOfRecord(known, value) ? nameOf(known) : undefined;
  // A name of digits only would be read as an id.
  return name !== undefined && /[A-Za-z]/.test(slug(name, 30)) ? name : String(value.id);
}

/** Letters and digits without accents; hyphens for the rest, except for what is kept. */
function slug(text: string, length: number, kept = ''): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(new RegExp(`[^A-Za-z0-9${kept}]+`, 'g'), '-');
  return plain.replace(/^-/, '').slice(0, length).replace(/-$/, '');
}
