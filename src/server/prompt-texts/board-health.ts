import { quote } from '../../conditions/index.ts';
import { asking, type Prompt, reading, writePromptText } from './prompt.ts';
import { readName } from './read-value.ts';

const tickets = '/service/tickets';

export const boardHealth: Prompt = {
  name: 'board_health',
  title: 'Board health',
  description:
    'How a service board is doing: open tickets by status and owner, out of SLA, unassigned, untouched, and what comes in and goes out a week.',
  arguments: [{ name: 'board', description: 'Name of the board, such as Service Desk', required: true }],
  write({ board = '' }) {
    const name = readName('board', board);
    const open = `closedFlag=false and board/name=${quote(name)}`;
    return writePromptText({
      question: `How healthy is the service board ${JSON.stringify(name)}?`,
      steps: [
        reading(
          'open tickets in all, without an owner, out of SLA, and since when the oldest is open',
          tickets,
          open,
          'select count(*) open, count(*) filter (where owner_id is null) unassigned, count(*) filter (where isInSla = 0) out_of_sla, local(min(dateEntered)) oldest from it',
        ),
        asking(
          'the same tickets by status and priority',
          'select status_name status, priority_name priority, count(*) tickets from TABLE_1 group by 1, 2 order by 1, min(priority_sort)',
        ),
        asking(
          'the same tickets by owner; an empty owner is nobody',
          'select owner_identifier owner, count(*) tickets, count(*) filter (where isInSla = 0) out_of_sla from TABLE_1 group by 1 order by 2 desc, 1',
        ),
        reading(
          'open tickets that nobody touched for two weeks: how many (COMPLETE: … rows), and the 15 that lie longest',
          tickets,
          `${open} and lastUpdated < [14 days ago]`,
          'select id, summary, company_name company, status_name status, owner_identifier owner, local(lastUpdated) touched from it order by lastUpdated limit 15',
        ),
        reading(
          'tickets that came in and were closed, this week and the three before',
          tickets,
          `board/name=${quote(name)} and (dateEntered >= [28 days ago] or closedDate >= [28 days ago])`,
          'select week, sum(came) came, sum(closed) closed from (select week(dateEntered) week, 1 came, 0 closed from it union all select week(closedDate), 0, 1 from it where closedDate is not null) group by 1 order by 1 desc limit 4',
        ),
      ],
      report: `Report in a few lines: how many are open, unassigned and out of SLA; who carries how many; what lies untouched; whether the board fills or empties. Name tickets by number. If call 1 says 0 rows, the board may be called otherwise: look at /service/boards and ask.`,
    });
  },
};
