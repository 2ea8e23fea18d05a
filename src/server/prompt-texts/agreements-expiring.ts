import { type Prompt, reading, writePromptText } from './prompt.ts';
import { readDays } from './read-value.ts';

const maxDays = 730;

export const agreementsExpiring: Prompt = {
  name: 'agreements_expiring',
  title: 'Agreements expiring',
  description: 'Active agreements that end within some days, and what they bring in a month with their additions.',
  arguments: [{ name: 'days', description: `From 1 to ${maxDays}, such as 60`, required: true }],
  write({ days = '' }) {
    const count = readDays('days', days, maxDays);
    return writePromptText({
      question: `Which active agreements end within the next ${count} days, and what is at stake?`,
      steps: [
        reading(
          'the agreements, the first to end on top',
          '/finance/agreements',
          `agreementStatus='Active' and endDate >= [today] and endDate <= [in ${count} days]`,
          'select id, name, company_name company, type_name type, substr(endDate, 1, 10) ends, billAmount from it order by endDate, name',
        ),
        {
          shows: 'what each brings in a month, with the additions in force; leave this out where call 1 has no rows',
          tool: 'execute_api_call',
          arguments: {
            path: '/finance/agreements/{id}/additions',
            for_each: 'select id from TABLE_1',
            params: { conditions: 'effectiveDate <= [now] and (cancelledDate = null or cancelledDate > [now])' },
            sql: 'select a.name, a.company_name company, round(coalesce(a.billAmount, 0) + coalesce(x.price, 0), 2) monthly from TABLE_1 a left join (select parentId, sum(extPrice) price from it group by 1) x on x.parentId = a.id order by a.endDate, a.name',
          },
        },
      ],
      report:
        'Report the agreements in order of their end, with client and monthly amount, and the sum at stake. An agreement without an end date never ends and is not here.',
    });
  },
};
