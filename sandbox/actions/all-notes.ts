import { type Call, numericIds } from '../call.ts';
import { answerList } from '../list.ts';
import { referenceMember } from '../references.ts';
import { endpointMissing, recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';
import type { StoredRecord } from '../store.ts';

/** Typed notes together with those of time entries, which `/notes` does not hold (CW 5.5). */
export function listAllNotes(key: string, chargeToType: string): (call: Call) => Response {
  return (call) => {
    const [ticketId = 0] = numericIds(call);
    const { world } = call;
    if (findVisible(world, key, ticketId) === undefined) throw recordNotFound('Ticket', ticketId);
    const notes: StoredRecord[] = [...world.store.records(`${key}/{}/notes`, [ticketId])].map((note) => ({
      ...note,
      value: {
        ...note.value,
        noteType: 'TicketNote',
        ticket: { id: ticketId },
        originalAuthor: note.value.createdBy ?? '',
        isMarkdownFlag: false,
        bundledFlag: false,
        mergedFlag: false,
      },
    }));
    // Numbers of notes and of time entries come from two tables and may be equal.
    for (const entry of world.store.records('/time/entries')) {
      const { value } = entry;
      if (value.chargeToId !== ticketId || value.chargeToType !== chargeToType || typeof value.notes !== 'string')
        continue;
      notes.push({
        ...entry,
        value: timeNote(entry, ticketId, referenceMember(world, 'MemberReference', value.member, 'name')),
      });
    }
    const collection = world.collections.find(`${key}/{}/notes`);
    if (collection === undefined) throw endpointMissing();
    return answerList(call, { collection, schema: call.endpoint.response?.schema ?? collection.schema }, notes);
  };
}

/** A time entry in the shape of a note: where it shows follows from the flags that copy it to the ticket (CW 5.6). */
function timeNote({ id, value }: StoredRecord, ticketId: number, author: unknown): StoredRecord['value'] {
  const {
    member,
    notes,
    timeStart,
    timeEnd,
    addToDetailDescriptionFlag,
    addToInternalAnalysisFlag,
    addToResolutionFlag,
  } = value;
  return {
    id,
    noteType: 'TimeEntryNote',
    ticket: { id: ticketId },
    text: notes ?? null,
    member: member ?? null,
    timeStart: timeStart ?? null,
    timeEnd: timeEnd ?? null,
    detailDescriptionFlag: addToDetailDescriptionFlag ?? false,
    internalAnalysisFlag: addToInternalAnalysisFlag ?? false,
    resolutionFlag: addToResolutionFlag ?? false,
    originalAuthor: typeof author === 'string' ? author : null,
    isMarkdownFlag: false,
    bundledFlag: false,
    mergedFlag: false,
  };
}
