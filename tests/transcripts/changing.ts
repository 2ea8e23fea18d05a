import { confirm, search, type Transcript, tableOf } from './transcript.ts';

/** Writes, each with its approval, and queries that are kept. */
export const changingTranscripts: readonly Transcript[] = [
  {
    person: 'technician',
    asks: 'Put ticket 1595 on waiting for the customer.',
    maxTokens: 850,
    steps: [
      search('set the status of ticket 1595 to waiting customer', /PATCH \/service\/tickets\/\{id\}/),
      {
        tool: 'execute_api_call',
        arguments: { path: '/service/tickets/1595', method: 'PATCH', data: { status: 'Waiting Customer' } },
        shows: /^NOT SENT[\s\S]*status Open → Waiting Customer/,
      },
      confirm(),
    ],
  },
  {
    person: 'technician',
    asks: 'Log half an hour of remote support on ticket 1595, from nine.',
    maxTokens: 1_900,
    steps: [
      search('log half an hour of remote support on ticket 1595', /POST \/time\/entries/),
      {
        tool: 'get_api_endpoint_details',
        arguments: { path: '/time/entries', method: 'POST' },
        shows: /chargeToType ServiceTicket/,
      },
      {
        tool: 'execute_api_call',
        arguments: {
          path: '/time/entries',
          method: 'POST',
          data: {
            ...{ chargeToType: 'ServiceTicket', chargeToId: 1595, member: '{me}', workType: 'Remote Support' },
            ...{ timeStart: 'today 09:00', timeEnd: 'today 09:30', notes: 'Restarted the switch.' },
          },
        },
        shows: /^NOT SENT[\s\S]*Billing is affected/,
      },
      confirm(),
    ],
  },
  {
    person: 'technician',
    asks: 'Note on ticket 1595 that I called back, for us only. No, take it back again.',
    maxTokens: 1_200,
    steps: [
      search('add an internal note to ticket 1595', /POST \/service\/tickets\/\{parentId\}\/notes/),
      {
        tool: 'execute_api_call',
        arguments: {
          path: '/service/tickets/1595/notes',
          method: 'POST',
          data: { text: 'Called back.', internalAnalysisFlag: true, member: '{me}' },
        },
        shows: /^NOT SENT/,
      },
      confirm(),
      {
        // The reply of the confirmed change names this very call.
        tool: 'execute_api_call',
        arguments: (earlier) => ({
          path: /POST (\/gateway\/\S+\/undo)/.exec(earlier.at(-1)?.text ?? '')?.[1],
          method: 'POST',
        }),
        shows: /^NOT SENT/,
      },
      confirm(),
    ],
  },
  {
    person: 'dispatcher',
    asks: 'Give the unassigned high priority tickets of the Service Desk to Dana Lopez.',
    maxTokens: 1_300,
    steps: [
      search('unassigned open tickets with high priority on the service desk board', /GET \/service\/tickets/),
      {
        tool: 'execute_api_call',
        arguments: {
          path: '/service/tickets',
          params: {
            conditions: "closedFlag=false and board/name='Service Desk' and owner=null and priority/name='High'",
            fields: 'id,summary,company/name',
          },
        },
        shows: /^COMPLETE: 5 rows/,
      },
      {
        ...search('assign tickets to a technician', /PATCH \/service\/tickets\/\{id\}/),
        says: 'Give them to Dana Lopez.',
      },
      {
        tool: 'execute_api_call',
        arguments: (earlier) => ({
          path: '/service/tickets/{id}',
          method: 'PATCH',
          data: { owner: 'Dana Lopez' },
          for_each: `select id from ${tableOf(earlier)}`,
        }),
        shows: /^NOT SENT[\s\S]*Change 5 tickets: owner – → Dana Lopez/,
      },
      { ...confirm(), shows: /^SENT: 5 sent of 5 records/ },
    ],
  },
  {
    person: 'dispatcher',
    asks: 'Put Dana on ticket 1595 tomorrow from ten to eleven.',
    maxTokens: 950,
    steps: [
      search('schedule Dana Lopez on ticket 1595 tomorrow from 10 to 11', /POST \/schedule\/entries/),
      {
        tool: 'execute_api_call',
        arguments: {
          path: '/schedule/entries',
          method: 'POST',
          data: {
            ...{ objectId: 1595, member: 'Dana Lopez', type: 'S' },
            ...{ dateStart: 'tomorrow 10:00', dateEnd: 'tomorrow 11:00' },
          },
        },
        shows: /^NOT SENT[\s\S]*2026-03-11T10:00:00Z/,
      },
      confirm(),
    ],
  },
  {
    person: 'technician',
    asks: 'Who are the contacts of Summit Orthopedics? And of Coastal Freight? I will ask that often.',
    maxTokens: 1_000,
    steps: [
      search('names and titles of the people at a client', /GET \/company\/contacts/),
      contactsOf('Summit Orthopedics', /^COMPLETE: 7 rows/),
      { ...contactsOf('Coastal Freight Lines', /^COMPLETE: 4 rows/), says: 'And of Coastal Freight?' },
      {
        // The note after the second success holds these arguments.
        tool: 'save_to_fast_memory',
        arguments: (earlier) => ({
          ...JSON.parse(/save_to_fast_memory (\{.*\})$/m.exec(earlier.at(-1)?.text ?? '')?.[1] ?? '{}'),
          description: 'Names and titles of the people at a client',
        }),
        shows: /^SAVED as query 1/,
      },
      {
        tool: 'run_fast_memory',
        arguments: { query: '1', arguments: { company: 'Larkspur Biotech' } },
        shows: /^COMPLETE: \d+ rows/,
      },
    ],
  },
];

function contactsOf(company: string, shows: RegExp) {
  const params = { conditions: `company/name='${company}'`, fields: 'id,firstName,lastName,title' };
  return { tool: 'execute_api_call', arguments: { path: '/company/contacts', params }, shows };
}
