import { referenceId } from '../../sandbox/json.ts';
import { company, hours, isWithin, members, type Provider, type Row, tally, total } from './provider.ts';
import type { Question } from './question.ts';

const entries = '/time/entries';

const startedWithin = (provider: Provider, from: string, until: string): Row[] =>
  provider.rows(entries).filter(({ timeStart }) => isWithin(timeStart, from, until));

export const aboutTime: readonly Question[] = [
  {
    id: 'hours-by-technician-and-client',
    asks: 'How many hours did each technician log for each client last month?',
    means:
      'timeStart in February 2026; sum of actualHours; time without a company is left out; by member, then client.',
    reads: [entries, members, company],
    answer(provider) {
      const found = startedWithin(provider, '2026-02-01', '2026-03-01').filter((row) => row.company !== undefined);
      const groups = tally(found, (row) =>
        [provider.nameOf(members, row.member), provider.nameOf(company, row.company)].join('\t'),
      );
      const answer = groups
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, rows }) => {
          const [member = '', client = ''] = name.split('\t');
          return { member, company: client, hours: total(rows, 'actualHours') };
        });
      return { answer, chosen: found.length };
    },
  },
  {
    id: 'no-time-entered',
    asks: 'Who has not entered any time for last week?',
    means:
      'Active members with requireTimeSheetEntryFlag, without a time entry from Monday 2026-03-02 until Monday 2026-03-09; identifiers.',
    reads: [members, entries],
    answer(provider) {
      const busy = new Set(
        startedWithin(provider, '2026-03-02', '2026-03-09').map(({ member }) => referenceId(member)),
      );
      const found = provider
        .rows(members)
        .filter((row) => row.inactiveFlag === false && row.requireTimeSheetEntryFlag === true && !busy.has(row.id));
      return { answer: found.map(({ identifier }) => String(identifier)).sort(), chosen: found.length };
    },
  },
  {
    id: 'unbilled-hours',
    asks: 'Which billable hours from before March have we not invoiced yet, by client?',
    means: 'billableOption Billable, invoiceFlag false, timeStart before 2026-03-01; hours by client, the most first.',
    reads: [entries, company],
    answer(provider) {
      const found = startedWithin(provider, '', '2026-03-01').filter(
        ({ billableOption, invoiceFlag }) => billableOption === 'Billable' && invoiceFlag === false,
      );
      const answer = tally(found, (row) => provider.nameOf(company, row.company))
        .map(({ name, rows }) => ({ company: name, hours: total(rows, 'actualHours') }))
        .sort((a, b) => b.hours - a.hours || a.company.localeCompare(b.company, 'en'));
      return { answer, chosen: found.length };
    },
  },
  {
    id: 'billable-share',
    asks: 'What share of the time that each of us entered last week is billable?',
    means:
      'timeStart from Monday 2026-03-02 until Monday 2026-03-09; actualHours with billableOption Billable of all; whole percent; by identifier.',
    reads: [entries, members],
    answer(provider) {
      const found = startedWithin(provider, '2026-03-02', '2026-03-09');
      const answer = tally(found, ({ member }) => provider.nameOf(members, member)).map(({ name, rows }) => {
        const all = total(rows, 'actualHours');
        const billable = hours(
          total(
            rows.filter(({ billableOption }) => billableOption === 'Billable'),
            'actualHours',
          ),
        );
        return { member: name, hours: all, billable, percent: Math.round((100 * billable) / all) };
      });
      return { answer: answer.sort((a, b) => (a.member < b.member ? -1 : 1)), chosen: found.length };
    },
  },
  {
    id: 'schedule-today',
    asks: 'What is on Aaron Smith’s schedule today?',
    means:
      'Entries of asmith with dateStart on 2026-03-10 that are not done; start, hours and ticket, in order of start.',
    reads: ['/schedule/entries', members],
    answer(provider) {
      const found = provider
        .rows('/schedule/entries')
        .filter(
          (row) =>
            provider.nameOf(members, row.member) === 'asmith' &&
            row.doneFlag === false &&
            isWithin(row.dateStart, '2026-03-10', '2026-03-11'),
        )
        .sort((a, b) => String(a.dateStart).localeCompare(String(b.dateStart)));
      const answer = found.map((row) => ({
        start: String(row.dateStart),
        hours: Number(row.hours),
        ticket: Number(row.objectId),
      }));
      return { answer, chosen: found.length };
    },
  },
];
