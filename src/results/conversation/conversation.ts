import { visitInParts } from '../../core/async.ts';
import { isRecord } from '../../core/json.ts';
import { tidyRecord } from '../record-text.ts';
import type { Cell, Table } from '../table.ts';
import type { LeftOut } from './mail-text.ts';
import { readMailText } from './mail-text.ts';

export interface Conversation extends Table {
  /** Ids of the notes in which each kind of text was left out. */
  leftOut: ReadonlyMap<LeftOut, readonly Cell[]>;
}

/** Columns of a conversation, in this order. */
export const conversationColumns = ['id', 'when', 'who', 'audience', 'text'] as const;

/**
 * Notes of a record as a conversation, oldest first: who, when, for whom, and what the writer says.
 * @param notes as ConnectWise sent them (CW 5.5.7)
 * @param localTime shows an instant as the user reads it
 */
export async function readConversation(
  notes: readonly unknown[],
  localTime: (iso: string) => string,
): Promise<Conversation> {
  const leftOut = new Map<LeftOut, Cell[]>();
  const records: Record<string, unknown>[] = [];
  await visitInParts(notes, (note) => {
    const record = tidyRecord(note, { keepEmpty: true });
    if (isRecord(record)) records.push(record);
  });
  const sorted = records
    .map((record) => ({ record, at: timeOf(record) ?? '' }))
    // ISO times in UTC sort as texts; equal ones keep the order of the answer.
    .sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  const rows: Cell[][] = [];
  await visitInParts(sorted, ({ record }) => {
    const mail = readMailText(textOf(record.text));
    const id = typeof record.id === 'number' ? record.id : null;
    for (const kind of mail.leftOut) {
      const ids = leftOut.get(kind);
      if (ids === undefined) leftOut.set(kind, [id]);
      else ids.push(id);
    }
    rows.push([id, whenOf(record, localTime), whoOf(record), audienceOf(record), mail.text]);
  });
  return { columns: [...conversationColumns], rows, leftOut };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
const firstText = (...values: readonly unknown[]) => values.find((value) => typeof value === 'string' && value !== '');
const memberOf = (value: unknown, name: string) => (isRecord(value) ? value[name] : undefined);

/** Notes of time entries and meetings are as old as the work; others carry when they were written. */
function timeOf({ timeStart, dateCreated, _info }: Record<string, unknown>): string | undefined {
  const found = firstText(timeStart, dateCreated, memberOf(_info, 'dateEntered'), memberOf(_info, 'lastUpdated'));
  return found === undefined ? undefined : String(found);
}

function whenOf(record: Record<string, unknown>, localTime: (iso: string) => string): Cell {
  const at = timeOf(record);
  if (at === undefined) return null;
  const end = textOf(record.timeEnd);
  const start = localTime(at);
  // The end without its day and zone, which are those of the start.
  return end === '' ? start : `${start} to ${/ (\d\d:\d\d) /.exec(localTime(end))?.[1] ?? localTime(end)}`;
}

/** A contact belongs to the customer, a member to the provider; newer servers also name the author of a mail. */
function whoOf({ member, contact, originalAuthor, createdBy, enteredBy, _info }: Record<string, unknown>): Cell {
  const customer = firstText(memberOf(contact, 'name'));
  if (customer !== undefined) return `${String(customer)} (contact)`;
  const name = firstText(memberOf(member, 'name'), memberOf(member, 'identifier'), originalAuthor);
  const other = firstText(createdBy, enteredBy, memberOf(_info, 'enteredBy'), memberOf(_info, 'updatedBy'));
  return String(name ?? other ?? 'unknown');
}

/**
 * Where a note shows (CW 5.4.7): the discussion is what the customer reads, whatever else it is copied to. Notes of
 * companies, projects and others have a type instead, which the provider names.
 */
function audienceOf(note: Record<string, unknown>): Cell {
  const { noteType, detailDescriptionFlag, internalAnalysisFlag, resolutionFlag, type, internalFlag } = note;
  const places = [
    ...(detailDescriptionFlag === true ? ['visible: discussion'] : []),
    ...(resolutionFlag === true ? ['resolution'] : []),
    ...(detailDescriptionFlag !== true && (internalAnalysisFlag === true || internalFlag === true) ? ['internal'] : []),
  ];
  const kind = noteType === 'TimeEntryNote' ? ['time entry'] : noteType === 'MeetingNote' ? ['meeting'] : [];
  const named = places.length > 0 ? places : [firstText(memberOf(type, 'name'))].filter(Boolean);
  return [...named, ...kind].join(', ') || null;
}
