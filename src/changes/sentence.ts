import { capitalised } from '../core/english.ts';
import { isRecord } from '../core/json.ts';
import { tidyRecord } from '../results/record-text.ts';
import type { MemberDifference } from './change.ts';
import { asReference } from './names/name-differences.ts';
import type { Plan } from './plan.ts';
import type { Target } from './target.ts';
import { nameOf, oneLine, quote, renderValue, titleOf } from './wording.ts';

/** A sentence names so many members; the differences hold them all. */
const maxMembers = 6;

export type SentenceParts = Pick<Plan, 'request' | 'target' | 'record' | 'differences' | 'names'>;

/** What happens to what, in one sentence: `Ticket 4711 'Server down' of 'Acme': status New → Closed.` */
export function renderSentence({ request, target, record, differences, names }: SentenceParts): string {
  const subject = `${renderTarget(request.method, target)}${renderRecord(record)}`;
  const parts = differences === undefined ? renderBody(request.body, names) : differences.map(renderDifference);
  if (parts.length === 0) return `${subject}.`;
  const rest = parts.length - maxMembers;
  return `${subject}: ${parts.slice(0, maxMembers).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

/** `Ticket 4711`, `New note of ticket 4711`, `Delete ticket 4711`, `Merge on ticket 4711`. */
function renderTarget(method: string, { object, number, isNew, parent, action }: Target): string {
  const name = number === undefined ? object : `${object} ${number}`;
  const place = parent === undefined ? name : `${name} of ${parent.object} ${parent.number}`;
  if (action !== undefined) return capitalised(`${action} on ${place}`);
  if (isNew) return `New ${place}`;
  if (method === 'DELETE') return `Delete ${place}`;
  return method === 'PUT' ? `Replace ${place}` : capitalised(place);
}

/** What people call the record, and whose it is. */
function renderRecord(record: Plan['record']): string {
  if (record === undefined) return '';
  const title = titleOf(record);
  const company = nameOf(record.company);
  return `${title === undefined ? '' : ` ${quote(title)}`}${company === undefined ? '' : ` of ${quote(company, 40)}`}`;
}

function renderDifference({ member, before, after }: MemberDifference): string {
  return `${oneLine(member, 60)} ${renderValue(member, before)} → ${renderValue(member, after)}`;
}

/** The members of a new record; here and nowhere else their names can stand beside the ids. */
function renderBody(body: unknown, names: Plan['names']): string[] {
  if (Array.isArray(body)) return [`${body.length} ${body.length === 1 ? 'entry' : 'entries'}`];
  if (!isRecord(body)) return [];
  // Tidied, because a new record may bring a password.
  return Object.entries(tidyRecord(body, { keepEmpty: true }) as object).map(([member, value]) => {
    const named = names?.get(member);
    const shown = named === undefined ? value : asReference(named);
    return `${oneLine(member, 60)} ${renderValue(member, shown)}${named === undefined ? '' : ` (${named.id})`}`;
  });
}
