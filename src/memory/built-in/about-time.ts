import type { BuiltInQuery } from './built-in-query.ts';

export const aboutTime: readonly BuiltInQuery[] = [
  {
    name: 'my-time',
    job: '7.19',
    description: 'My time entered this week, or that of another member, by billable option',
    path: '/time/entries',
    params: {
      conditions:
        'member/identifier="{member=me}" and timeStart>=[{from=start_of_week}] and timeStart<[{to=end_of_week}]',
      fields: 'id,actualHours,billableOption',
    },
    sql: 'select billableOption, count(*) entries, round(sum(actualHours), 2) hours from it group by 1 order by 3 desc',
  },
  {
    name: 'time-by-member',
    job: '7.20',
    description: 'Who has entered how much time this week, or in another period: hours by member',
    path: '/time/entries',
    params: {
      conditions: 'timeStart>=[{from=start_of_week}] and timeStart<[{to=end_of_week}]',
      fields: 'id,member/identifier,actualHours',
    },
    sql: 'select member_identifier member, count(*) entries, round(sum(actualHours), 2) hours from it group by 1 order by 3',
  },
  {
    name: 'open-time-sheets',
    job: '7.20',
    description: 'Open time sheets of mine, or of another member',
    path: '/time/sheets',
    params: { conditions: 'member/identifier="{member=me}" and status="Open"' },
  },
  {
    name: 'unbilled-time',
    job: '7.21',
    description: 'Unbilled billable time before this month, or before a date, by client',
    path: '/time/entries',
    params: {
      conditions: 'billableOption="Billable" and invoiceFlag=false and timeStart<[{before=start_of_month}]',
      fields: 'id,company/name,actualHours',
    },
    sql: 'select company_name company, count(*) entries, round(sum(actualHours), 2) hours from it group by 1 order by 3 desc',
  },
  {
    name: 'my-schedule',
    job: '7.29',
    description: 'My schedule today, or of another member and day',
    path: '/schedule/entries',
    params: {
      conditions:
        'member/identifier="{member=me}" and dateStart>=[{from=today}] and dateStart<[{to=tomorrow}] and doneFlag=false',
      orderBy: 'dateStart asc',
      fields: 'id,name,type/identifier,objectId,dateStart,dateEnd',
    },
  },
  {
    name: 'my-activities',
    job: '7.28',
    description: 'My sales activities this week, or of another member and period: next actions',
    path: '/sales/activities',
    params: {
      conditions:
        'assignTo/identifier="{member=me}" and dateStart>=[{from=start_of_week}] and dateStart<[{to=end_of_week}]',
      orderBy: 'dateStart asc',
      fields: 'id,name,type/name,company/name,opportunity/name,dateStart,status/name',
    },
  },
];
