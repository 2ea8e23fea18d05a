import type { Named } from '../connectwise/lookups/match-names.ts';
import { isRecord } from '../core/json.ts';
import type { MemberDifference, WriteForm, WriteRequest } from './change.ts';
import type { Target } from './target.ts';
import { isSetUp, nameOf } from './wording.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const tailLength = 8;
const maxLength = 80;

export interface ChangeIdParts {
  request: WriteRequest;
  target: Target;
  differences?: readonly MemberDifference[];
  /** What the references of a new record mean, by member. */
  names?: ReadonlyMap<string, Named>;
  /** Where a file goes with it. */
  form?: WriteForm;
  /** From 0 up to, not including, 1. */
  random(): number;
}

/**
 * The id that a person approves: `ticket-4711_status-Waiting-Customer_k3f9q2xw`. ASCII, at most 80 characters,
 * and of values only the names of set-up: a customer's words could say something else than what happens.
 */
export function createChangeId({ request, target, differences, names, form, random }: ChangeIdParts): string {
  const tail = Array.from({ length: tailLength }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  // A file has a name that somebody else may have given it; its kind is ours.
  const words = form?.file === undefined ? describe(request, target, differences, names) : [slug(form.file.kind, 30)];
  let id = slug(subjectOf(target), 40);
  const room = maxLength - tailLength - '_and-99-more_'.length;
  let used = 0;
  for (const word of words) {
    if (id.length + 1 + word.length > room) break;
    id += `_${word}`;
    used++;
  }
  const rest = Math.min(words.length - used, 99);
  return `${id}${rest > 0 ? `_and-${rest}-more` : ''}_${tail}`;
}

function subjectOf({ object, number, isNew, parent }: Target): string {
  const own = `${object}${number === undefined ? (isNew ? ' new' : '') : ` ${number}`}`;
  return parent === undefined ? own : `${parent.object} ${parent.number} ${own}`;
}

/** What changes: the verb where it is not plain, then members, those of the set-up with their names first. */
function describe(
  { method, body }: WriteRequest,
  { action }: Target,
  differences?: readonly MemberDifference[],
  names?: ReadonlyMap<string, Named>,
): string[] {
  if (method === 'DELETE') return ['delete'];
  if (action !== undefined) return [slug(action, 30)];
  const given: [string, unknown][] = differences?.map(({ member, after }) => [member, after]) ?? membersOf(body, names);
  const setUp = given.filter(([member]) => isSetUp(member));
  const others = given.filter(([member]) => !isSetUp(member));
  const words = [
    ...setUp.map(([member, value]) => `${member} ${setUpName(value)}`),
    ...others.map(([member]) => member),
  ];
  // Elements of one array are members of their own in the differences, and one word here.
  const plain = words.map((word) => slug(word.replace(/\[.*/s, ''), 30)).filter((word) => word !== '');
  return [...new Set(plain)];
}

function membersOf(body: unknown, names?: ReadonlyMap<string, Named>): [string, unknown][] {
  return isRecord(body) ? Object.entries(body).map(([member, value]) => [member, names?.get(member) ?? value]) : [];
}

function setUpName(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : (nameOf(value) ?? '');
}

/** Letters and digits without accents; hyphens for the rest. */
function slug(text: string, length: number): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-');
  return plain.replace(/^-/, '').slice(0, length).replace(/-$/, '');
}
