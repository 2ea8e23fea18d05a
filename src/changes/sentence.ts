import { capitalised } from '../core/english.ts';
import { isRecord } from '../core/json.ts';
import { showHidden } from '../core/text.ts';
import { showDays, tidyRecord } from '../results/index.ts';
import type { MemberDifference, Values } from './change.ts';
import { asReference, isOfRecord } from './names/names.ts';
import { isOperations, segmentsOf, toOperations } from './operations.ts';
import type { Plan } from './plan.ts';
import type { Target } from './target.ts';
import { nameOf, quote, renderGiven, renderMember, renderValue, showHiddenIn, titleOf } from './wording.ts';

/** A sentence names so many members; the differences hold them all. */
const maxMembers = 6;

export type SentenceParts = Pick<Plan, 'request' | 'target' | 'record' | 'differences' | 'names' | 'schema'>;

/** What happens to what, in one sentence: `Ticket 4711 'Server down' of 'Acme': status New → Closed.` */
export function renderSentence(plan: SentenceParts): string {
  const subject = `${renderTarget(plan.request.method, plan.target)}${renderRecord(plan.record)}`;
  const parts = renderMembers(plan);
  return parts.length === 0 ? `${subject}.` : `${subject}: ${joinMembers(parts, maxMembers)}.`;
}

/** The new value of each member, in words. */
export function renderMembers({ request, differences, names, schema }: Omit<SentenceParts, 'target'>): string[] {
  return differences === undefined
    ? renderBody(request, names, schema)
    : differences.map((difference) => renderDifference(difference, schema));
}

/** The first ones, and the number of the others. */
export function joinMembers(parts: readonly string[], most: number): string {
  const rest = parts.length - most;
  return `${parts.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** `Ticket 4711`, `New note of ticket 4711`, `Delete 12 tickets`, `Merge on ticket 4711`. */
export function renderTarget(method: string, { object, number, isNew, parent, action, many }: Target): string {
  const name = number === undefined ? object : many === 'own' ? `${number} ${object}` : `${object} ${number}`;
  const owner =
    parent && (many === 'parent' ? `${parent.number} ${parent.object}` : `${parent.object} ${parent.number}`);
  const place = owner === undefined ? name : `${name} of ${owner}`;
  if (action !== undefined) return capitalised(`${action} on ${place}`);
  if (isNew) return `New ${place}`;
  if (method === 'DELETE') return `Delete ${place}`;
  if (method === 'PUT') return `Replace ${place}`;
  return many === undefined ? capitalised(place) : `Change ${place}`;
}

/** The title of the record, and its company. */
function renderRecord(record: Plan['record']): string {
  if (record === undefined) return '';
  const title = titleOf(record);
  const company = nameOf(record.company);
  return `${title === undefined ? '' : ` ${quote(title)}`}${company === undefined ? '' : ` of ${quote(company, 40)}`}`;
}

function renderDifference({ member, before, after }: MemberDifference, schema: Plan['schema']): string {
  return `${renderMember(member, schema)} ${renderValue(member, before)} → ${renderGiven(member, after, schema)}`;
}

/** The members of a new record, with the names of references beside their ids: the differences do not show these. */
function renderBody({ method, body }: Plan['request'], names: Plan['names'], schema: Plan['schema']): string[] {
  if (method === 'PATCH' && isOperations(body)) return renderOperations(body, schema);
  if (Array.isArray(body)) return [`${body.length} ${body.length === 1 ? 'entry' : 'entries'}`];
  if (!isRecord(body)) return [];
  // Tidied, because a new record may have a password.
  return Object.entries(shownAs(body, schema)).map(([member, value]) => {
    const named = names?.get(member);
    const isNamed = named !== undefined && isOfRecord(value, named);
    const shown = renderGiven(member, isNamed ? asReference(named) : value, schema);
    return `${renderMember(member, schema)} ${shown}${isNamed ? ` (${named.id})` : ''}`;
  });
}

/** Secrets hidden, and calendar days as days. */
function shownAs(values: Record<string, unknown>, schema: Plan['schema']): Record<string, unknown> {
  const days = showDays(showHiddenIn(values) as Values, { schema, findSchema: () => undefined });
  return tidyRecord(days, { keepEmpty: true }) as Record<string, unknown>;
}

/** The operations on a record that cannot be read. */
function renderOperations(body: unknown, schema: Plan['schema']): string[] {
  return toOperations(body).map((operation) => {
    const path = segmentsOf(operation);
    const name = showHidden(path.at(-1) ?? '');
    const owner = path.length === 1 ? schema : undefined;
    const { [name]: value } = shownAs({ [name]: operation.value ?? null }, owner);
    return `${renderMember(path.join('/'), schema)} ${renderGiven(path.join('/'), operation.op === 'remove' ? null : value, schema)}`;
  });
}
