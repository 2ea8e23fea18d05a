import type { Member } from '../catalog/index.ts';
import type { Named } from '../connectwise/index.ts';
import { isRecord } from '../core/json.ts';
import { membersOf } from './body/member-rules.ts';
import { ownValue } from './differences.ts';
import { asReference, isOfRecord } from './names/name-differences.ts';
import type { Plan } from './plan.ts';
import type { Target } from './target.ts';
import { givenMembers } from './to-operations.ts';
import { isSetUp, nameOf } from './wording.ts';

type Values = Readonly<Record<string, unknown>>;

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const tailLength = 8;
const maxLength = 80;
/** Where the records of one change do not get the same. */
const various = 'various';

/** What an id says of a plan. */
export type WordedPlan = Pick<Plan, 'request' | 'target' | 'record' | 'names' | 'schema' | 'form'>;

export interface ChangeIdParts {
  target: Target;
  /** One, or those of all records. */
  plans: readonly WordedPlan[];
  /** From 0 up to, not including, 1. */
  random(): number;
}

/**
 * The id that a person approves: `ticket-4711_status-Waiting-Customer_k3f9q2xw`. ASCII, at most 80 characters. Every
 * member that is sent is in it or in its count; of values only what ConnectWise calls its set-up, where all records
 * get the same: a customer's words, or the caller's, could say something else than what happens.
 */
export function createChangeId({ target, plans, random }: ChangeIdParts): string {
  const tail = Array.from({ length: tailLength }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  const { words, more } = describe(target, plans);
  let id = slug(subjectOf(target), 40);
  const total = words.length + more;
  const room = maxLength - tailLength - `_and-${Math.max(total, 10)}-more_`.length;
  let used = 0;
  for (const word of words) {
    if (id.length + 1 + word.length > room) break;
    id += `_${word}`;
    used++;
  }
  const rest = total - used;
  return `${id}${rest > 0 ? `_and-${rest}-more` : ''}_${tail}`;
}

function subjectOf({ object, number, isNew, parent }: Target): string {
  const own = `${object}${number === undefined ? (isNew ? ' new' : '') : ` ${number}`}`;
  return parent === undefined ? own : `${parent.object} ${parent.number} ${own}`;
}

/** The verb where it is not plain, then the members, those of the set-up with their names first. */
function describe(target: Target, plans: readonly WordedPlan[]): { words: string[]; more: number } {
  const parts = plans.flatMap(partsOf);
  const known = new Map(plans.flatMap(({ schema }) => (schema ? membersOf(schema) : [])).map((one) => [one.name, one]));
  // In the order of the body, of which the longest part has dropped least.
  const longestFirst = parts.toSorted((one, other) => other.members.size - one.members.size);
  const given = [...new Set(longestFirst.flatMap(({ members }) => [...members.keys()]))];
  // What no definition has may be called anything, and is counted.
  const members = given.flatMap((name) => known.get(name) ?? []);
  const setUp = members.filter(({ name }) => isSetUp(name));
  const others = members.filter(({ name }) => !isSetUp(name));
  const words = [
    ...verbsOf(target, plans),
    ...setUp.map((member) => slug(`${member.name} ${valueInAll(member, parts) ?? ''}`, 30)),
    ...others.map(({ name }) => slug(name, 30)),
  ];
  return { words, more: given.length - members.length };
}

function verbsOf({ action }: Target, plans: readonly WordedPlan[]): string[] {
  const [plan] = plans;
  if (plan?.request.method === 'DELETE') return ['delete'];
  if (action !== undefined) return [slug(action, 30)];
  // A file has a name that somebody else may have given it; its kind is ours.
  return plan?.form?.file === undefined ? [] : [slug(plan.form.file.kind, 30)];
}

/** What one record gets. */
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
    // Whose document it is stands in front already.
    if (form !== undefined) {
      if (String(members.get('recordType')).toLowerCase() === target.parent?.object) members.delete('recordType');
      if (String(members.get('recordId')) === target.parent?.number) members.delete('recordId');
    }
    return { members, record, names: bodies.length === 1 ? names : undefined };
  });
}

/** The value that all of them have afterwards; undefined where none is to be said. */
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

/** `known` is how ConnectWise calls a record, which counts if it is the one of the value. */
function wordOf({ enum: values }: Member, value: unknown, known: unknown): string | undefined {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return values?.includes(value) ? value : undefined;
  if (!isRecord(value) || !/^\d+$/.test(String(value.id))) return undefined;
  const name = isOfRecord(known, value) ? nameOf(known) : undefined;
  // A name of which only digits are left would be read as an id.
  return name !== undefined && /[A-Za-z]/.test(slug(name, 30)) ? name : String(value.id);
}

/** Letters and digits without accents; hyphens for the rest. */
function slug(text: string, length: number): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-');
  return plain.replace(/^-/, '').slice(0, length).replace(/-$/, '');
}
