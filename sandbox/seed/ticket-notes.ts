import { referenceId } from '../json.ts';
import type { StoredRecord } from '../store.ts';
import { toStamp } from '../world.ts';
import type { Garden } from './garden.ts';
import { asHtmlMail, fill, followUps, type TicketText } from './ticket-texts.ts';

export interface Story {
  text: TicketText;
  /** Values of the placeholders in the text. */
  words: Readonly<Record<string, string>>;
  enteredAt: Date;
  closedAt: Date | undefined;
}

/** The description first, some back and forth, and what solved it at the end. */
export function plantNotes(garden: Garden, ticket: StoredRecord, { text, words, enteredAt, closedAt }: Story): void {
  const { random, now } = garden;
  const { contact, owner, source } = ticket.value;
  // Source 2 is the e-mail connector, which keeps the HTML.
  const isMail = referenceId(source) === 2;
  const description = fill(isMail ? (text.html ?? asHtmlMail(text.description)) : text.description, words);
  plantNote(garden, ticket, { text: description, detailDescriptionFlag: true, issueFlag: true, contact }, enteredAt);
  const until = closedAt ?? now;
  for (let step = random.between(0, 2); step > 0; step -= 1) {
    const at = new Date(enteredAt.getTime() + (until.getTime() - enteredAt.getTime()) / (step + 1));
    const flag = random.chance(0.4) ? 'internalAnalysisFlag' : 'detailDescriptionFlag';
    plantNote(garden, ticket, { text: random.pick(followUps), [flag]: true, member: owner }, at);
  }
  if (closedAt === undefined) return;
  plantNote(garden, ticket, { text: fill(text.resolution, words), resolutionFlag: true, member: owner }, closedAt);
}

function plantNote({ plant }: Garden, ticket: StoredRecord, members: Parameters<Garden['plant']>[1], at: Date): void {
  const isInternal = members.internalAnalysisFlag === true;
  plant(
    '/service/tickets/{}/notes',
    {
      ticketId: ticket.id,
      detailDescriptionFlag: false,
      internalAnalysisFlag: false,
      resolutionFlag: false,
      issueFlag: false,
      customerUpdatedFlag: members.contact !== undefined,
      internalFlag: isInternal,
      externalFlag: !isInternal,
      dateCreated: toStamp(at),
      createdBy: 'dlopez',
      ...members,
    },
    { parents: [ticket.id], enteredAt: at },
  );
}
