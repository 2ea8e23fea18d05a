import { read, type Script, tableOf } from './script.ts';

const entries = '/time/entries';

const billable = "sum(actualHours) filter (where billableOption = 'Billable')";

export const timeScripts: readonly Script[] = [
  {
    id: 'hours-by-technician-and-client',
    calls: [
      read(
        entries,
        'timeStart = [last month]',
        'select member_identifier member, company_name company, sum(actualHours) hours from it where company_id is not null group by 1, 2 order by 1, 2',
      ),
    ],
  },
  {
    id: 'no-time-entered',
    calls: [
      read(entries, 'timeStart = [last week]', 'select member_identifier, sum(actualHours) hours from it group by 1'),
      (earlier) =>
        read(
          '/system/members',
          'inactiveFlag=false and requireTimeSheetEntryFlag=true',
          `select identifier from it where id not in (select member_id from ${tableOf(earlier)}) order by 1`,
        ),
    ],
    say: (rows) => rows.map(({ identifier }) => String(identifier)),
  },
  {
    id: 'unbilled-hours',
    calls: [
      read(
        entries,
        "billableOption='Billable' and invoiceFlag=false and timeStart < [this month]",
        'select company_name company, sum(actualHours) hours from it group by 1 order by 2 desc, 1',
        'id,company/name,actualHours',
      ),
    ],
  },
  {
    id: 'billable-share',
    calls: [
      read(
        entries,
        'timeStart = [last week]',
        `select member_identifier member, sum(actualHours) hours, coalesce(${billable}, 0) billable, round(100 * coalesce(${billable}, 0) / sum(actualHours)) percent from it group by 1 order by 1`,
      ),
    ],
  },
  {
    id: 'schedule-today',
    calls: [
      read(
        '/schedule/entries',
        "member/name='Aaron Smith' and doneFlag=false and dateStart = [today]",
        'select dateStart start, hours, objectId ticket from it order by 1',
      ),
    ],
  },
];
