import { quote } from '../../conditions/index.ts';
import { type Prompt, reading, writePromptText } from './prompt.ts';
import { readName } from './read-value.ts';

export const clientOverview: Prompt = {
  name: 'client_overview',
  title: 'Client overview',
  description: 'One client before a visit or a call: open tickets, agreements, unbilled time, open invoices, devices.',
  arguments: [{ name: 'company', description: 'Name or identifier of the company', required: true }],
  write({ company = '' }) {
    const name = readName('company', company);
    const isClient = `(company/name=${quote(name)} or company/identifier=${quote(name)})`;
    return writePromptText({
      question: `How do we stand with the client ${JSON.stringify(name)}?`,
      steps: [
        {
          shows: 'who that is; go on only where it is exactly one company',
          tool: 'execute_api_call',
          arguments: {
            path: '/company/companies',
            params: {
              conditions: `(name=${quote(name)} or identifier=${quote(name)}) and deletedFlag=false`,
              fields: 'id,identifier,name,status/name,city,phoneNumber,defaultContact/name',
            },
          },
        },
        reading(
          'open tickets: how many (COMPLETE: … rows), and the 20 most urgent',
          '/service/tickets',
          `closedFlag=false and ${isClient}`,
          'select id, summary, board_name board, status_name status, priority_name priority, owner_identifier owner, local(dateEntered) entered from it order by priority_sort, dateEntered limit 20',
        ),
        reading(
          'tickets of the last 90 days by month and board',
          '/service/tickets',
          `dateEntered >= [90 days ago] and ${isClient}`,
          'select month(dateEntered) month, board_name board, count(*) tickets from it group by 1, 2 order by 1, 2',
        ),
        reading(
          'active agreements and when they end',
          '/finance/agreements',
          `agreementStatus='Active' and ${isClient}`,
          'select id, name, type_name type, billAmount, substr(endDate, 1, 10) ends from it order by name',
        ),
        reading(
          'billable hours that are on no invoice yet, by month',
          '/time/entries',
          `billableOption='Billable' and invoiceFlag=false and ${isClient}`,
          'select month(timeStart) month, round(sum(actualHours), 2) hours from it group by 1 order by 1',
        ),
        reading(
          'invoices that are not paid; those whose due date has passed are overdue',
          '/finance/invoices',
          `balance > 0 and ${isClient}`,
          'select invoiceNumber, substr(date, 1, 10) date, substr(dueDate, 1, 10) due, balance from it order by dueDate',
        ),
        reading(
          'devices by type',
          '/company/configurations',
          `activeFlag=true and ${isClient}`,
          'select type_name type, count(*) devices from it group by 1 order by 2 desc, 1',
        ),
      ],
      report:
        'Report what somebody who calls this client has to know: what is open and urgent, whether tickets grow, what they pay for and until when, what is unbilled, what they owe. If call 1 has no row or several, say which companies have a name like it and ask.',
    });
  },
};
