import { quote } from '../../conditions/index.ts';
import { asking, type Prompt, reading, writePromptText } from './prompt.ts';
import { readName, readPeriod } from './read-value.ts';

export const technicianWorkload: Prompt = {
  name: 'technician_workload',
  title: 'Technician workload',
  description:
    'Hours by technician and client in a period, the billable share, tickets closed in it, and open tickets now.',
  arguments: [
    { name: 'member', description: 'Identifier or name of one technician; everybody unless given', required: false },
    { name: 'period', description: 'Such as last week, last month, last 30 days', required: true },
  ],
  write({ member, period = '' }) {
    const words = readPeriod('period', period);
    const who = member === undefined ? undefined : readName('member', member);
    const isWho = (path: string) =>
      who === undefined ? '' : ` and (${path}/identifier=${quote(who)} or ${path}/name=${quote(who)})`;
    const onlyThem = who === undefined ? '' : ' where closedBy in (select member_identifier from TABLE_1)';
    return writePromptText({
      question: `What was the workload of ${who === undefined ? 'each technician' : JSON.stringify(who)} (${words})?`,
      steps: [
        reading(
          'hours by technician, and how much of them is billable',
          '/time/entries',
          `timeStart = [${words}]${isWho('member')}`,
          "select member_identifier member, round(sum(actualHours), 2) hours, round(coalesce(sum(actualHours) filter (where billableOption = 'Billable'), 0), 2) billable, round(100 * coalesce(sum(actualHours) filter (where billableOption = 'Billable'), 0) / sum(actualHours)) percent, count(distinct company_id) clients from it group by 1 order by 2 desc, 1",
        ),
        asking(
          'the same hours by technician and client',
          'select member_identifier member, company_name company, round(sum(actualHours), 2) hours from TABLE_1 where company_id is not null group by 1, 2 order by 1, 3 desc, 2',
          { max_rows: 500, max_tokens: 3000 },
        ),
        reading(
          'service tickets closed in the period, by who closed them',
          '/service/tickets',
          `closedDate = [${words}]`,
          `select closedBy member, count(*) closed from it${onlyThem} group by 1 order by 2 desc, 1`,
        ),
        reading(
          'service tickets open now, by owner; an empty owner is nobody',
          '/service/tickets',
          `closedFlag=false${isWho('owner')}`,
          'select owner_identifier owner, count(*) open, count(*) filter (where isInSla = 0) out_of_sla from it group by 1 order by 2 desc, 1',
        ),
      ],
      report:
        'Report one line a technician: hours, billable share, the clients that took most, tickets closed and open. Say who carries clearly more or less than the others. Hours without a client (meetings, training) are in call 1 and not in call 2.',
    });
  },
};
