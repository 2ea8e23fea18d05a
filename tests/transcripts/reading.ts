import { search, type Transcript, tableOf } from './transcript.ts';

/** Lists, records, reports and files. */
export const readingTranscripts: readonly Transcript[] = [
  {
    person: 'technician',
    asks: 'What is open for Summit Orthopedics?',
    maxTokens: 600,
    steps: [
      search('open tickets for Summit Orthopedics', /client-open-tickets/),
      {
        tool: 'run_fast_memory',
        arguments: { query: 'client-open-tickets', arguments: { company: 'Summit Orthopedics' } },
        shows: /^COMPLETE: 5 rows[\s\S]*1343 [\s\S]*1595 \| Internet is down/,
      },
    ],
  },
  {
    person: 'technician',
    asks: 'Show me ticket 1595.',
    maxTokens: 750,
    steps: [
      search('show me ticket 1595', /GET \/service\/tickets\/\{id\}/),
      { tool: 'execute_api_call', arguments: { path: '/service/tickets/1595' }, shows: /^COMPLETE: 1 record/ },
    ],
  },
  {
    person: 'dispatcher',
    asks: 'Which open tickets on the Service Desk have no owner?',
    maxTokens: 800,
    steps: [
      search('which open tickets on the service desk board have no owner', /GET \/service\/tickets/),
      {
        tool: 'execute_api_call',
        arguments: {
          path: '/service/tickets',
          params: {
            conditions: "closedFlag=false and board/name='Service Desk' and owner=null",
            fields: 'id,summary,company/name,priority/name',
          },
        },
        shows: /^COMPLETE: 18 rows/,
      },
    ],
  },
  {
    person: 'manager',
    asks: 'How many hours did each technician log for each client last month?',
    maxTokens: 1_200,
    steps: [
      search('hours per technician and client last month', /GET \/time\/entries/),
      {
        tool: 'execute_api_call',
        arguments: {
          path: '/time/entries',
          params: { conditions: 'timeStart = [last month]' },
          all_pages: true,
          sql: 'select member_identifier, company_name, sum(actualHours) hours from it where company_id is not null group by 1, 2 order by 1, 2',
        },
        shows: /^COMPLETE: 237 rows[\s\S]*asmith \| Greenfield School District \| 14\.5/,
      },
    ],
  },
  {
    person: 'manager',
    asks: 'Who opened the most tickets in the last 90 days? I want that as an Excel file, too.',
    maxTokens: 2_050,
    steps: [
      search('tickets entered in the last 90 days', /GET \/service\/tickets/),
      {
        tool: 'execute_api_call',
        arguments: { path: '/service/tickets', params: { conditions: 'dateEntered >= [90 days ago]' } },
        shows: /shown: the first \d+ of 223 rows/,
      },
      {
        tool: 'query_results',
        arguments: (earlier) => ({
          sql: `select company_name, count(*) tickets from ${tableOf(earlier)} group by 1 order by 2 desc limit 3`,
        }),
        shows: /^COMPLETE: 3 rows[\s\S]*Greenfield School District \| 32/,
      },
      {
        tool: 'save_file',
        says: 'Save the whole list as an Excel file.',
        arguments: (earlier) => ({
          sql: `select company_name, count(*) tickets from ${tableOf(earlier)} group by 1 order by 2 desc`,
          format: 'xlsx',
        }),
        shows: /^COMPLETE: 40 rows written to .*\.xlsx/,
      },
    ],
  },
  {
    person: 'manager',
    asks: 'Which agreements run out in the next 60 days?',
    maxTokens: 600,
    steps: [
      search('which agreements run out in the next 60 days', /expiring-agreements/),
      {
        tool: 'run_fast_memory',
        arguments: { query: 'expiring-agreements' },
        shows: /^COMPLETE: 6 rows[\s\S]*Larkspur Biotech/,
      },
    ],
  },
  {
    person: 'manager',
    asks: 'Who owes us money? Get me the invoice of Brightwater as a PDF.',
    maxTokens: 1_200,
    steps: [
      search('which overdue invoices are there', /overdue-invoices/),
      {
        tool: 'run_fast_memory',
        arguments: { query: 'overdue-invoices' },
        shows: /^COMPLETE: 19 rows[\s\S]*55 \| 20055 \| Brightwater Hospitality/,
      },
      search(
        'download an invoice as a PDF',
        /GET \/finance\/invoices\/\{id\}\/pdf/,
        'Get me the one of Brightwater as a PDF.',
      ),
      {
        tool: 'execute_api_call',
        arguments: { path: '/finance/invoices/55/pdf' },
        shows: /^COMPLETE: a file of .* was read, and not saved[\s\S]*save_file/,
      },
      {
        tool: 'save_file',
        arguments: { path: '/finance/invoices/55/pdf' },
        shows: /^COMPLETE: a file of .* was saved[\s\S]*type: application\/pdf/,
      },
    ],
  },
  {
    person: 'technician',
    asks: 'Is the gateway working?',
    maxTokens: 800,
    steps: [
      search('is the gateway connected and working', /GET \/gateway\/status/),
      { tool: 'execute_api_call', arguments: { path: '/gateway/status' }, shows: /state: ok/ },
    ],
  },
];
