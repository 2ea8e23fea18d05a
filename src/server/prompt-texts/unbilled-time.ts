import { asking, type Prompt, reading, writePromptText } from './prompt.ts';
import { readDay } from './read-value.ts';

export const unbilledTime: Prompt = {
  name: 'unbilled_time',
  title: 'Unbilled time',
  description: 'Billable hours before a day that are on no invoice yet, by client, technician and month.',
  arguments: [
    {
      name: 'until',
      description: 'The first day that does not count: 2026-03-01, or words such as this month',
      required: true,
    },
  ],
  write({ until = '' }) {
    const day = readDay('until', until);
    return writePromptText({
      question: `Which billable time from before ${day} is not invoiced yet?`,
      steps: [
        reading(
          'unbilled hours by client',
          '/time/entries',
          `billableOption='Billable' and invoiceFlag=false and timeStart < [${day}]`,
          'select company_name company, round(sum(actualHours), 2) hours, count(*) entries from it group by 1 order by 2 desc, 1',
        ),
        asking(
          'the same hours by technician',
          'select member_identifier member, round(sum(actualHours), 2) hours from TABLE_1 group by 1 order by 2 desc, 1',
        ),
        asking(
          'the same hours by month: the older, the less likely to be paid',
          'select month(timeStart) month, round(sum(actualHours), 2) hours, count(*) entries from TABLE_1 group by 1 order by 1',
        ),
      ],
      report: 'Report the hours in all, the clients with most of them, and how old they are.',
    });
  },
};
