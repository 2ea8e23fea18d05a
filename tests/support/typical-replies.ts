import { countTokens } from '../../src/gateway/calls/reply.ts';
import type { Connection } from './connect.ts';

/** A reply as conversations have it each day, and the most tokens it may cost. */
export interface TypicalReply {
  what: string;
  tool: string;
  given: Record<string, unknown>;
  budget: number;
}

const tickets = '/service/tickets';
const open = { conditions: 'closedFlag=false' };
const ticket = { path: '/service/tickets/1595', method: 'PATCH' };

/** Twenty of them; the budgets are those of the surface: searches, details, lists, previews, errors. */
export const typicalReplies: readonly TypicalReply[] = [
  { what: 'five endpoints', budget: 280, ...search('natural_language_api_search', 'open tickets of a client') },
  { what: 'five endpoints for a write', budget: 280, ...search('natural_language_api_search', 'log time on a ticket') },
  { what: 'ten endpoints', budget: 500, ...search('search_api_endpoints', 'agreement additions') },
  { what: 'nothing found', budget: 280, ...search('natural_language_api_search', 'xyzzy plugh') },
  { what: 'a new ticket’s members', budget: 1_200, ...details({ path: tickets, method: 'POST' }) },
  { what: 'members of a time entry', budget: 1_200, ...details({ path: '/time/entries' }) },
  { what: 'two members opened', budget: 1_200, ...details({ path: tickets, fields: ['company', 'customFields'] }) },
  {
    what: 'a short list',
    budget: 1_500,
    ...read({ path: tickets, params: { ...open, fields: 'id,summary', pageSize: 25 } }),
  },
  { what: 'a list of 63 whole records', budget: 1_500, ...read({ path: tickets, params: open }) },
  { what: 'a list of 600 whole records', budget: 1_500, ...read({ path: tickets, all_pages: true }) },
  {
    what: 'an empty list, with the nearest name',
    budget: 1_500,
    ...read({ path: tickets, params: { conditions: "company/name='Summit Ortho'" } }),
  },
  { what: 'one ticket', budget: 1_500, ...read({ path: '/service/tickets/1595' }) },
  {
    what: 'a report by SQL',
    budget: 1_500,
    ...read({
      path: tickets,
      params: open,
      all_pages: true,
      sql: 'select company_name, count(*) n from it group by 1 order by 2 desc',
    }),
  },
  {
    what: 'a saved query',
    budget: 1_500,
    tool: 'run_fast_memory',
    given: { query: 'client-open-tickets', arguments: { company: 'Summit Orthopedics' } },
  },
  { what: 'the saved queries', budget: 1_500, tool: 'list_fast_memory', given: {} },
  { what: 'a category', budget: 1_500, tool: 'get_category_endpoints', given: { category: 'Tickets' } },
  { what: 'the gateway’s status', budget: 1_500, ...read({ path: '/gateway/status' }) },
  {
    what: 'the preview of a change',
    budget: 500,
    ...read({ ...ticket, data: { status: 'Waiting Customer', owner: '{me}' } }),
  },
  {
    what: 'an error in a filter',
    budget: 300,
    ...read({ path: tickets, params: { conditions: "status/nam='Open'" } }),
  },
  { what: 'an error in a change', budget: 300, ...read({ ...ticket, data: { status: 'Waiting' } }) },
];

function search(tool: string, query: string) {
  return { tool, given: { query } };
}

function details(given: Record<string, unknown>) {
  return { tool: 'get_api_endpoint_details', given };
}

function read(given: Record<string, unknown>) {
  return { tool: 'execute_api_call', given };
}

/** What a host may show a model of it: text or `structuredContent`, whichever is larger. */
export async function tokensOf(
  app: Connection,
  { tool, given }: TypicalReply,
): Promise<{ text: number; data: number }> {
  const { text, data } = await app.call(tool, given);
  return { text: countTokens(text), data: data === undefined ? 0 : countTokens(JSON.stringify(data)) };
}
