import { confirm, search, type Transcript, tableOf } from './transcript.ts';

const openOf = (company: string) => ({
  path: '/service/tickets',
  params: { conditions: `company/name='${company}' and closedFlag=false`, fields: 'id,summary' },
});

/** What goes wrong, and what the reply says then. */
export const recoveringTranscripts: readonly Transcript[] = [
  {
    person: 'technician',
    asks: 'Open tickets with a high priority, please.',
    maxTokens: 700,
    steps: [
      search('open tickets with high priority', /GET \/service\/tickets/),
      {
        tool: 'execute_api_call',
        arguments: {
          path: '/service/tickets',
          params: { conditions: "closedFlag=false and priority/nam='High'", fields: 'id,summary' },
        },
        shows: /^invalid_conditions: [\s\S]*Corrected: /,
      },
      {
        tool: 'execute_api_call',
        arguments: (earlier) => ({
          path: '/service/tickets',
          params: { conditions: /Corrected: (.*)/.exec(earlier.at(-1)?.text ?? '')?.[1], fields: 'id,summary' },
        }),
        shows: /^COMPLETE: 15 rows/,
      },
    ],
  },
  {
    person: 'technician',
    asks: 'What is open for Summit Ortho?',
    maxTokens: 650,
    steps: [
      search('list open tickets of a company', /GET \/service\/tickets/),
      {
        tool: 'execute_api_call',
        arguments: openOf('Summit Ortho'),
        shows: /^COMPLETE: 0 rows[\s\S]*nearest is "Summit Orthopedics"/,
      },
      { tool: 'execute_api_call', arguments: openOf('Summit Orthopedics'), shows: /^COMPLETE: 5 rows/ },
    ],
  },
  {
    person: 'technician',
    asks: 'What is open at the client of this ticket? (the assistant forgets whose)',
    maxTokens: 600,
    steps: [
      search('open tickets of a client', /client-open-tickets/),
      {
        tool: 'run_fast_memory',
        arguments: { query: 'client-open-tickets' },
        shows: /^invalid_argument: .*needs company[\s\S]*ask the user/,
      },
      {
        tool: 'run_fast_memory',
        arguments: { query: 'client-open-tickets', arguments: { company: 'Coastal Freight Lines' } },
        shows: /^COMPLETE: 2 rows/,
      },
    ],
  },
  {
    person: 'technician',
    asks: 'Put ticket 1595 on waiting.',
    maxTokens: 950,
    steps: [
      search('put ticket 1595 on waiting', /PATCH \/service\/tickets\/\{id\}/),
      {
        tool: 'execute_api_call',
        arguments: { path: '/service/tickets/1595', method: 'PATCH', data: { status: 'Waiting' } },
        shows: /^invalid_body: [\s\S]*Waiting Customer \(5\), Waiting Vendor \(6\)/,
      },
      {
        tool: 'execute_api_call',
        says: 'On waiting for the vendor.',
        arguments: { path: '/service/tickets/1595', method: 'PATCH', data: { status: 'Waiting Vendor' } },
        shows: /^NOT SENT/,
      },
      confirm(),
    ],
  },
  {
    person: 'technician',
    asks: 'Replace the summary of ticket 1595 by “Internet down, warehouse”.',
    maxTokens: 950,
    steps: [
      search('replace the summary of ticket 1595', /PUT \/service\/tickets\/\{id\}/),
      {
        tool: 'execute_api_call',
        arguments: { path: '/service/tickets/1595', method: 'PUT', data: { summary: 'Internet down, warehouse' } },
        shows: /is refused: it would empty[\s\S]*Corrected: PATCH \/service\/tickets\/1595/,
      },
      {
        tool: 'execute_api_call',
        arguments: { path: '/service/tickets/1595', method: 'PATCH', data: { summary: 'Internet down, warehouse' } },
        shows: /^NOT SENT/,
      },
      confirm(),
    ],
  },
  {
    person: 'dispatcher',
    asks: 'How many open tickets has each board?',
    maxTokens: 2_100,
    steps: [
      search('open tickets of all boards', /GET \/service\/tickets/),
      {
        // A path from memory, and a wrong one.
        tool: 'execute_api_call',
        arguments: { path: '/service/ticket', params: { conditions: 'closedFlag=false' } },
        shows: /^unknown_endpoint: [\s\S]*GET \/service\/tickets,/,
      },
      {
        tool: 'execute_api_call',
        arguments: { path: '/service/tickets', params: { conditions: 'closedFlag=false' } },
        shows: /^COMPLETE: 63 rows/,
      },
      {
        tool: 'query_results',
        arguments: (earlier) => ({ sql: `select board, count(*) from ${tableOf(earlier)} group by 1` }),
        shows: /^invalid_sql: [\s\S]*board_name/,
      },
      {
        tool: 'query_results',
        arguments: (earlier) => ({ sql: `select board_name, count(*) n from ${tableOf(earlier)} group by 1` }),
        shows: /Service Desk \| 46/,
      },
    ],
  },
  {
    person: 'manager',
    asks: 'What are the steps of our pipeline? (in words that no endpoint has)',
    maxTokens: 650,
    steps: [
      search('xyzzy plugh', /Nothing fits these words/),
      { tool: 'list_api_categories', arguments: { module: 'sales' }, shows: /OpportunityStages 9/ },
      {
        tool: 'get_category_endpoints',
        arguments: { category: 'OpportunityStages' },
        shows: /^COMPLETE: [\s\S]*\/sales\/stages,/,
      },
      { tool: 'execute_api_call', arguments: { path: '/sales/stages' }, shows: /1\. Qualify/ },
    ],
  },
];
