import { tidyRecord } from '../results/record-text.ts';
import type { MemberDifference, WriteRequest } from './change.ts';
import type { Target } from './target.ts';
import { oneLine, quote, renderValue, titleOf } from './wording.ts';

/** A sentence names so many members; the differences hold them all. */
const maxMembers = 6;

export interface SentenceParts {
  request: WriteRequest;
  target: Target;
  /** The record as it is, where it was read. */
  record?: Readonly<Record<string, unknown>>;
  differences?: readonly MemberDifference[];
}

/** What happens to what, in one sentence: `PATCH ticket 4711 'Server down': status New → Closed.` */
export function renderSentence({ request, target, record, differences }: SentenceParts): string {
  const title = record === undefined ? undefined : titleOf(record);
  const subject = `${request.method} ${renderTarget(target)}${title === undefined ? '' : ` ${quote(title)}`}`;
  const parts = differences === undefined ? renderBody(request.body) : differences.map(renderDifference);
  if (differences?.length === 0) return `${subject}: nothing changes.`;
  if (parts.length === 0) return `${subject}.`;
  const rest = parts.length - maxMembers;
  return `${subject}: ${parts.slice(0, maxMembers).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

function renderTarget({ object, number, isNew, parent, action }: Target): string {
  const name = isNew ? `a new ${object}` : number === undefined ? object : `${object} ${number}`;
  const place = parent === undefined ? name : `${name} of ${parent.object} ${parent.number}`;
  return action === undefined ? place : `${action} on ${place}`;
}

function renderDifference({ member, before, after }: MemberDifference): string {
  return `${oneLine(member, 60)} ${renderValue(member, before)} → ${renderValue(member, after)}`;
}

function renderBody(body: unknown): string[] {
  if (Array.isArray(body)) return [`${body.length} ${body.length === 1 ? 'entry' : 'entries'}`];
  if (typeof body !== 'object' || body === null) return [];
  // Tidied, because a new record may bring a password.
  return Object.entries(tidyRecord(body, { keepEmpty: true }) as object).map(
    ([member, value]) => `${oneLine(member, 60)} ${renderValue(member, value)}`,
  );
}
