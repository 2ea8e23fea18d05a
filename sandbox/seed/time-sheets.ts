import { referenceId } from '../json.ts';
import { type Garden, type PlantedRecord, to } from './garden.ts';

const weeks = 8;

/** A sheet a week for each of the members who enters time; that of the running week is still open. */
export function plantTimeSheets({ plant, store, random, now, day }: Garden, members: Iterable<PlantedRecord>): void {
  const staff = [...members].filter(({ value }) => value.requireTimeSheetEntryFlag === true);
  const entriesOf = Map.groupBy(store.records('/time/entries'), ({ value }) => referenceId(value.member));
  // Weeks begin on Monday.
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  for (let week = weeks - 1; week >= 0; week -= 1) {
    const start = sinceMonday + week * 7;
    const [from, until] = [day(start), day(start - 7)];
    for (const member of staff) {
      // Nobody has a sheet of the time before he came.
      if (String(member.value.hireDate) > from) continue;
      const sheet = plant('/time/sheets', {
        member: to(member.id),
        year: Number(from.slice(0, 4)),
        period: weeks - week,
        dateStart: from,
        dateEnd: day(start - 6),
        deadline: until,
        status: week === 0 ? 'Open' : week === 1 ? random.pick(['Open', 'PendingApproval']) : 'ApprovedByTierOne',
      });
      linkEntries(sheet, entriesOf.get(member.id) ?? [], { from, until });
    }
  }
}

interface Week {
  from: string;
  until: string;
}

/** A member's entries of the week belong to the sheet, and add up to its hours. */
function linkEntries(sheet: PlantedRecord, entries: readonly PlantedRecord[], { from, until }: Week): void {
  let hours = 0;
  for (const { value } of entries) {
    const start = String(value.timeStart);
    if (start < from || start >= until) continue;
    value.timeSheet = to(sheet.id);
    hours += Number(value.actualHours);
  }
  sheet.value.hours = Math.round(hours * 100) / 100;
}
