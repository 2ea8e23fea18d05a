import type { Schema } from '../catalog/index.ts';
import type { FindSchema } from '../conditions/index.ts';
import { capitalised, wordsOf } from '../core/english.ts';
import { defined, isRecord } from '../core/json.ts';
import { showHidden } from '../core/text.ts';
import type { Zone } from '../core/zone.ts';
import { showDays, tidyRecord } from '../results/index.ts';
import type { MemberDifference, NamedRecord, Setting, Statement, Values } from './change.ts';
import { asReference, isOfRecord } from './names/names.ts';
import { isOperations, segmentsOf, toOperations } from './operations.ts';
import type { Plan } from './plan.ts';
import { isVerb, type Target } from './target.ts';
import {
  describeNamed,
  findTime,
  isReferenceValue,
  nameOf,
  quote,
  renderGiven,
  renderMember,
  renderValue,
  sayTime,
  sayTimes,
  showHiddenIn,
  titleOf,
} from './wording.ts';

export type SentenceParts = Pick<Plan, 'request' | 'target' | 'record' | 'differences' | 'names' | 'named' | 'schema'>;

/** What values are put into words with. */
export interface Speaker {
  zone: Zone;
  nowMs: number;
  findSchema: FindSchema;
}

/** What happens to what: `Ticket 4711 'Server down' of 'Acme': status New → Closed.` */
export function stateChange(plan: SentenceParts, speaker: Speaker): Omit<Statement, 'ends'> {
  return { subject: subjectOf(plan), settings: settingsOf(withoutMerged(plan), speaker) };
}

/** The subject of a merge names what is merged, so these members need not. */
function withoutMerged(plan: SentenceParts): SentenceParts {
  const { request, named = [] } = plan;
  const merged = new Set(named.flatMap(({ fate, member }) => (fate && member ? [member.replace(/\/.*/, '')] : [])));
  if (merged.size === 0 || !isRecord(request.body)) return plan;
  const body = Object.fromEntries(Object.entries(request.body).filter(([member]) => !merged.has(member)));
  return { ...plan, request: { ...request, body } };
}

/** The whole of a statement as one sentence, and what is said after it. */
export function renderStatement({ subject, settings, ends }: Statement): string {
  const parts = settings.map(({ member, value }) => `${member} ${value}`.trim());
  return [parts.length === 0 ? `${subject}.` : `${subject}: ${parts.join(', ')}.`, ...ends].join(' ');
}

/** Lengths that values are cut to, then names alone, and then names of these lengths. */
const valueLengths = [40, 24, 12];
const nameLengths = [60, 24, 12];

/** The sentence in so many bytes: values get shorter before any member is left to be counted. */
export function fitStatement({ subject, settings, ends }: Statement, maxBytes: number): string {
  const attempts = [
    ...[Number.POSITIVE_INFINITY, ...valueLengths].map((length) =>
      settings.map(({ member, value }) => ({ member, value: cut(value, length) })),
    ),
    ...nameLengths.map((length) => settings.map(({ member }) => ({ member: cut(member, length), value: '…' }))),
  ];
  for (const attempt of attempts) {
    const sentence = renderStatement({ subject, settings: attempt, ends });
    if (Buffer.byteLength(sentence) <= maxBytes) return sentence;
  }
  const short = cut(subject, 240);
  const names = settings.map(({ member }) => cut(member, 12));
  const room = maxBytes - Buffer.byteLength([short, ...ends].join(' ')) - 60;
  let kept = 0;
  for (let used = 0; kept < names.length; kept++) {
    used += Buffer.byteLength(names[kept] ?? '') + 2;
    if (used > room) break;
  }
  const rest = `and ${names.length - kept} more members, which GET /gateway/changes/{id} shows`;
  return [`${short}: ${[...names.slice(0, kept), rest].join(', ')}.`, ...ends].join(' ');
}

/** A text in quotes keeps them. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const shorter = text.slice(0, length - 1).toWellFormed();
  return (shorter.split("'").length - 1) % 2 === 1 ? `${shorter}…'` : `${shorter}…`;
}

// What the change is about.

/** `Ticket 4711`, `New note of ticket 4711`, `Delete 12 tickets`, `Convert opportunity 4 to project`. */
export function renderTarget(method: string, target: Target, named: readonly NamedRecord[] = [], about = ''): string {
  const { object, number, isNew, parent, action, many } = target;
  const name = (number === undefined ? object : many === 'own' ? `${number} ${object}` : `${object} ${number}`) + about;
  const owner =
    parent && (many === 'parent' ? `${parent.number} ${parent.object}` : `${parent.object} ${parent.number}`);
  const known = parent && many !== 'parent' ? ofPath(named, parent.number) : '';
  const place = owner === undefined ? name : `${name} of ${owner}${known}`;
  if (action !== undefined) return renderAction(action, place);
  if (isNew) return `New ${place}`;
  if (method === 'DELETE') return `Delete ${place}`;
  if (method === 'PUT') return `Replace ${place}`;
  return many === undefined ? capitalised(place) : `Change ${place}`;
}

function renderAction(action: string, place: string): string {
  const [verb = '', ...rest] = wordsOf(action);
  if (!isVerb(action)) return capitalised(`${wordsOf(action).join(' ')} of ${place}`);
  const to = rest.join(' ');
  if (rest[0] === 'to') return capitalised(`${verb} ${place} ${to}`);
  return capitalised(to === '' ? `${verb} ${place}` : `${verb} ${to} of ${place}`);
}

function subjectOf({ request, target, record, schema, named = [] }: SentenceParts): string {
  const gone = named.filter(({ fate }) => fate === 'disappears');
  const stays = named.filter(({ fate }) => fate === 'stays');
  if (gone.length > 0) {
    const into = stays.length === 0 ? '' : ` into ${stays.map(sayMerged).join(', ')}`;
    const what = gone.length === 1 ? 'it disappears' : 'they disappear';
    return `Merge ${gone.map(sayMerged).join(', ')}${into} (${what})`;
  }
  const own = record === undefined ? ofPath(named, target.number) : aboutRecord(record);
  const subject = renderTarget(request.method, target, named, own);
  // A body that is itself a reference names a record that exists (CW 5.5.9).
  const isAttached = target.isNew && schema?.name.endsWith('Reference');
  return isAttached ? subject.replace(/^New (.+?) of /, 'Attach $1 to ') : subject;
}

const sayMerged = ({ noun, id, title, company }: NamedRecord): string =>
  describeNamed(defined<NamedRecord>({ noun, id, title, company }));

/** The title of the record, and its company. */
function aboutRecord(record: Values): string {
  const title = titleOf(record);
  const company = nameOf(record.company);
  return `${title === undefined ? '' : ` ${quote(title)}`}${company === undefined ? '' : ` of ${quote(company, 40)}`}`;
}

/** The same of a record of the path that was read. */
function ofPath(named: readonly NamedRecord[], number: string | undefined): string {
  const found = named.find(({ member, id }) => member === undefined && String(id) === number);
  if (found === undefined) return '';
  const { title, company } = found;
  return `${title === undefined ? '' : ` ${quote(title)}`}${company === undefined ? '' : ` of ${quote(company.name, 40)}`}`;
}

// What it sets.

/** The new value of each member, in words; none is left out. */
export function settingsOf(plan: Omit<SentenceParts, 'target'>, speaker: Speaker): Setting[] {
  const { request, differences, schema } = plan;
  if (differences !== undefined) return differences.map((one) => sayDifference(one, schema, plan.named ?? [], speaker));
  return sayBody(request, plan, speaker);
}

function sayDifference(
  { member, before, after }: MemberDifference,
  schema: Schema | undefined,
  named: readonly NamedRecord[],
  speaker: Speaker,
): Setting {
  const said = say({ ...speaker, named }, { path: member, name: member, schema }, after);
  const was =
    typeof before === 'boolean'
      ? sayFlag(before)
      : (sayDate(member, before, schema, speaker) ?? sayStored(member, before));
  return { member: renderMember(member, schema), value: `${was} → ${said}` };
}

/** A stored array by its elements' names, where these are all there is to it. */
function sayStored(member: string, value: unknown): string {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one !== 'object')
    ? value.map((one) => renderValue(member, one)).join(', ')
    : renderValue(member, value);
}

/** The members of a new record, with the names of references beside their ids: the differences do not show these. */
function sayBody({ method, body }: Plan['request'], plan: Omit<SentenceParts, 'target'>, speaker: Speaker): Setting[] {
  const { schema, names, named = [] } = plan;
  const voice = { ...speaker, named };
  if (method === 'PATCH' && isOperations(body)) return sayOperations(body, schema, voice);
  if (Array.isArray(body)) {
    const records = body.map((one, index) =>
      say(voice, { path: String(index), name: '', inner: schema }, shownAs(one, schema, speaker)),
    );
    return records.map((value, index) => ({ member: `record ${index + 1}`, value }));
  }
  if (!isRecord(body)) return [];
  // Tidied, because a new record may have a password.
  const shown = shownAs(body, schema, speaker) as Values;
  const settings: Setting[] = [];
  for (const [member, value] of Object.entries(shown)) {
    const start = member.replace(/End(?=[A-Z]|$)/, 'Start').replace(/^end/, 'start');
    const end = member.replace(/Start(?=[A-Z]|$)/, 'End').replace(/^start/, 'end');
    const [from, to] = [timeIn(shown, start, schema), timeIn(shown, end, schema)];
    if (start !== end && from !== undefined && to !== undefined) {
      // Both ends are said where the first of them is.
      if (member !== (Object.keys(shown).find((one) => one === start || one === end) ?? member)) continue;
      const both = wordsOf(start).filter((word) => word !== 'start');
      settings.push({ member: both.join(' ') || 'time', value: sayTimes(from, to, speaker) });
      continue;
    }
    const known = names?.get(member);
    const isNamed = known !== undefined && isOfRecord(value, known);
    const said = say(voice, { path: member, name: member, schema }, isNamed ? asReference(known) : value);
    settings.push({ member: renderMember(member, schema), value: `${said}${isNamed ? ` (${known.id})` : ''}` });
  }
  return settings;
}

function timeIn(values: Values, member: string, schema: Schema | undefined): number | undefined {
  const value = Object.hasOwn(values, member) ? values[member] : undefined;
  const found = findTime(member, value, schema);
  return found?.kind === 'time' ? found.atMs : undefined;
}

/** Secrets hidden, what cannot be seen written out, and calendar days as days. */
function shownAs(values: unknown, schema: Schema | undefined, { findSchema }: Speaker): unknown {
  return tidyRecord(showDays(showHiddenIn(values), { schema, findSchema }), { keepEmpty: true });
}

/** The operations on a record that cannot be read. */
function sayOperations(body: unknown, schema: Schema | undefined, voice: Voice): Setting[] {
  return toOperations(body).map((operation) => {
    const path = segmentsOf(operation);
    const name = showHidden(path.at(-1) ?? '');
    const owner = path.length === 1 ? schema : undefined;
    const { [name]: value } = shownAs({ [name]: operation.value ?? null }, owner, voice) as Values;
    const member = path.join('/');
    const given = operation.op === 'remove' ? null : value;
    return { member: renderMember(member, schema), value: say(voice, { path: member, name: member, schema }, given) };
  });
}

interface Voice extends Speaker {
  named: readonly NamedRecord[];
}

/** Where a value is: its path in the body, its member, and the schema that has the member or is that of the value. */
interface Place {
  path: string;
  name: string;
  schema?: Schema | undefined;
  inner?: Schema | undefined;
}

function say(voice: Voice, place: Place, value: unknown): string {
  const { path, name, schema } = place;
  if (typeof value === 'boolean') return sayFlag(value);
  const date = sayDate(name, value, schema, voice);
  if (date !== undefined) return date;
  const named = voice.named.find(
    ({ member, id }) => member === path && String(id) === String(isRecord(value) ? value.id : value),
  );
  if (named !== undefined && (!isRecord(value) || nameOf({ ...value, id: undefined }) === undefined))
    return isRecord(value) ? renderValue(name, { id: named.id, name: named.title }) : sayNamed(named, name);
  if (Array.isArray(value)) return sayArray(voice, place, value);
  if (!isRecord(value) || isReferenceValue(value)) return renderGiven(name, value, schema);
  const inner = place.inner ?? innerOf(voice, schema, name);
  const parts = Object.entries(value).map(([part, one]) => {
    return `${renderMember(part, inner)} ${say(voice, { path: `${path}/${part}`, name: part, schema: inner }, one)}`;
  });
  return `(${parts.join(', ')})`;
}

/** A record as a sentence names it; the list under the sentence has its client and status too. */
function sayNamed({ noun, id, title }: NamedRecord, member: string): string {
  const said = describeNamed(defined<NamedRecord>({ noun, id, title }));
  // `child tickets 1596`, not `child tickets service ticket 1596`.
  const kind = noun.slice(noun.lastIndexOf(' ') + 1);
  return wordsOf(member).some((word) => word === kind) ? said.slice(noun.length + 1) : said;
}

function sayArray(voice: Voice, { path, name, schema }: Place, value: readonly unknown[]): string {
  if (value.length === 0) return 'none';
  const inner = innerOf(voice, schema, name);
  const said = value.map((one, index) => say(voice, { path: `${path}/${index}`, name, schema, inner }, one));
  // The number first, because a long list is cut at its end.
  return value.length > 3 ? `${value.length} entries: ${said.join(', ')}` : said.join(', ');
}

function innerOf({ findSchema }: Speaker, schema: Schema | undefined, name: string): Schema | undefined {
  const target = schema?.members.find((member) => member.name === name)?.schema;
  return target === undefined ? undefined : findSchema(target);
}

const sayFlag = (value: boolean): string => (value ? 'yes' : 'no');

function sayDate(member: string, value: unknown, schema: Schema | undefined, speaker: Speaker): string | undefined {
  const found = findTime(member, value, schema);
  return found === undefined ? undefined : sayTime(found, speaker);
}

// What is not asked for, and what cannot be undone.

/** Members that ConnectWise fills in for a new record of a list (CW 5.4.1, 5.6.4). */
const filledIn: readonly (readonly [list: RegExp, members: readonly string[]])[] = [
  [/^\/service\/tickets$/i, ['board', 'status', 'priority', 'source', 'site']],
  [/^\/time\/entries$/i, ['workRole', 'workType']],
];

/** `ConnectWise adds its own source and site.` */
export function describeAdded({ method, path, body }: Plan['request']): string | undefined {
  const [, members = []] = filledIn.find(([list]) => list.test(path)) ?? [];
  const missing = method === 'POST' && isRecord(body) ? members.filter((name) => (body[name] ?? null) === null) : [];
  if (missing.length === 0) return undefined;
  const words = missing.map((name) => wordsOf(name).join(' '));
  return `ConnectWise adds its own ${words.join(', ').replace(/, ([^,]+)$/, ' and $1')}.`;
}
