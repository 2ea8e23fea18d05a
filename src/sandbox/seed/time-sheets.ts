import { referenceId } from '../json.ts';
import { type Garden, to } from './garden.ts';

const weeks = 8;

/** A sheet a week for each member who enters time; that of the running week is still open. */
export function plantTimeSheets({ plant, store, random, now, day }: Garden): void {
  // Weeks begin on Monday.
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  for (let week = weeks - 1; week >= 0; week -= 1) {
    const start = sinceMonday + week * 7;
    const [from, until] = [day(start), day(start - 7)];
    for (const member of store.records('/system/members')) {
      if (member.value.requireTimeSheetEntryFlag !== true) continue;
      const { id } = plant('/time/sheets', {
        member: to(member.id),
        year: Number(from.slice(0, 4)),
        period: weeks - week,
        dateStart: from,
        dateEnd: day(start - 6),
        deadline: until,
        status: week === 0 ? 'Open' : week === 1 ? random.pick(['Open', 'PendingApproval']) : 'ApprovedByTierOne',
      });
      linkEntries({ store }, id, { memberId: member.id, from, until });
    }
  }
}

interface Week {
  memberId: number;
  from: string;
  until: string;
}

/** Entries of the week belong to the sheet, and add up to its hours. */
function linkEntries({ store }: Pick<Garden, 'store'>, sheetId: number, { memberId, from, until }: Week): void {
  let hours = 0;
  for (const { value } of store.records('/time/entries')) {
    const start = String(value.timeStart);
    if (referenceId(value.member) !== memberId || start < from || start >= until) continue;
    value.timeSheet = to(sheetId);
    hours += Number(value.actualHours);
  }
  const sheet = store.find('/time/sheets', sheetId);
  if (sheet !== undefined) sheet.value.hours = Math.round(hours * 100) / 100;
}
