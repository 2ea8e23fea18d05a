// What everyday jobs cost ConnectWise: the requests of each, and its sequential round trips, which is what a person waits
// for. The sandbox answers over HTTP after a pause that is the same for each request, so that the longest chain of
// requests, each begun after the one before was answered, can be read from the times. Each job has a gateway of its own
// that knows no names yet. Usage: npm run bench -- trips [--write]
import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, connect, type Reply } from '../tests/support/connect.ts';
import { openWatchedSandbox } from '../tests/support/watched-sandbox.ts';
import { writeFigures } from './figures.ts';

/** Long enough that requests sent together overlap, however busy the computer is. */
const pauseMs = 60;

interface Span {
  start: number;
  end: number;
}

interface Cost {
  requests: number;
  trips: number;
}

interface Job {
  what: string;
  run(app: Connection): Promise<unknown>;
  /** The same job on commit ca6b842, before previews read what they name. */
  before: Cost;
}

type Given = Record<string, unknown>;

async function call(app: Connection, tool: string, given: Given, outcome: RegExp): Promise<Reply> {
  const reply = await app.call(tool, given);
  if (!outcome.test(reply.text)) throw new Error(`${JSON.stringify(given)}: ${reply.text}`);
  return reply;
}

const read = (given: Given) => (app: Connection) => call(app, 'execute_api_call', given, /^(?:COMPLETE|PARTIAL)/);

/** A change with its preview and its sending. */
const change = (method: string, path: string, data: unknown, more: Given = {}) => {
  return async (app: Connection) => {
    const prepared = await call(app, 'execute_api_call', { method, path, data, ...more }, /^NOT SENT/);
    return call(app, 'confirm_api_write', { change_id: prepared.data.change_id }, /^SENT/);
  };
};

const ticket = '/service/tickets/1595';
const open = { conditions: 'closedFlag=false' };

const jobs: readonly Job[] = [
  {
    what: 'list: the open tickets of a board (before: the first 25 of 46)',
    run: read({ path: '/service/tickets', params: { conditions: 'closedFlag=false and board/name="Service Desk"' } }),
    before: { requests: 1, trips: 1 },
  },
  {
    what: 'list: all open tickets, counted by client with SQL',
    run: read({
      ...{ path: '/service/tickets', params: open, all_pages: true },
      sql: 'SELECT company_name, count(*) AS n FROM it GROUP BY 1 ORDER BY n DESC LIMIT 5',
    }),
    before: { requests: 1, trips: 1 },
  },
  { what: 'one ticket', run: read({ path: ticket }), before: { requests: 1, trips: 1 } },
  {
    what: 'the notes of a ticket, as a conversation',
    run: read({ path: `${ticket}/allNotes` }),
    before: { requests: 1, trips: 1 },
  },
  {
    what: 'saved query: my open tickets',
    run: (app) => call(app, 'run_fast_memory', { query: 'my-open-tickets' }, /COMPLETE|PARTIAL/),
    before: { requests: 1, trips: 1 },
  },
  {
    what: 'change a ticket: status, priority and owner by name',
    run: change('PATCH', ticket, { status: 'Waiting Customer', priority: 'Urgent', owner: 'dlopez' }),
    before: { requests: 7, trips: 5 },
  },
  {
    what: 'the same, and undo it',
    async run(app) {
      const data = { status: 'Waiting Customer', priority: 'Urgent', owner: 'dlopez' };
      const sent = await change('PATCH', ticket, data)(app);
      const [path = ''] = /\/gateway\/changes\/\S+\/undo/.exec(String(sent.data.next)) ?? [];
      await change('POST', path, undefined)(app);
    },
    before: { requests: 11, trips: 9 },
  },
  {
    what: 'new ticket: company, contact, board, status and priority by name',
    run: change('POST', '/service/tickets', {
      ...{ summary: 'Server down', company: 'SummitOrtho', contact: 'Ravi Sawyer' },
      ...{ board: 'Service Desk', status: 'New', priority: 'High' },
    }),
    before: { requests: 7, trips: 4 },
  },
  {
    what: 'internal note of a ticket',
    run: change('POST', `${ticket}/notes`, { text: 'Called, no answer.', internalAnalysisFlag: true }),
    before: { requests: 1, trips: 1 },
  },
  {
    what: 'time entry of a ticket',
    run: change('POST', '/time/entries', {
      ...{ chargeToType: 'ServiceTicket', chargeToId: 1595, member: 'me' },
      ...{ timeStart: 'today 09:00', timeEnd: 'today 09:30', workType: 'Remote Support' },
    }),
    before: { requests: 4, trips: 3 },
  },
  {
    what: 'booking of a member for a ticket',
    run: change('POST', '/schedule/entries', {
      ...{ objectId: 1595, member: 'dlopez', type: 'S' },
      ...{ dateStart: 'tomorrow 10:00', dateEnd: 'tomorrow 11:00' },
    }),
    before: { requests: 3, trips: 2 },
  },
  {
    what: 'new contact of a company',
    run: change('POST', '/company/contacts', { firstName: 'Ada', lastName: 'Byron', company: 'SummitOrtho' }),
    before: { requests: 3, trips: 3 },
  },
  {
    what: 'merge a ticket into another',
    async run(app) {
      const client = await app.gateway.context.client();
      const query = { conditions: 'closedFlag=false and board/id=1', fields: 'id', pageSize: '2' };
      const { body } = await client.send({ method: 'GET', path: '/service/tickets', query });
      const [keep = 0, other = 0] = (body as { id: number }[]).map(({ id }) => id);
      begin();
      const data = { mergeTicketIds: [other], status: { id: 9 } };
      await change('POST', `/service/tickets/${keep}/merge`, data)(app);
    },
    before: { requests: 1, trips: 1 },
  },
  {
    what: '40 tickets: priority by name',
    async run(app) {
      const client = await app.gateway.context.client();
      const query = { conditions: "priority/name!='Low'", fields: 'id', pageSize: '40' };
      const { body } = await client.send({ method: 'GET', path: '/service/tickets', query });
      begin();
      const ids = (body as { id: number }[]).map(({ id }) => id);
      if (ids.length !== 40) throw new Error(`${ids.length} tickets`);
      await change('PATCH', '/service/tickets/{id}', { priority: 'Low' }, { for_each: ids })(app);
    },
    before: { requests: 43, trips: 13 },
  },
  {
    what: 'for each of ten tickets: its notes',
    async run(app) {
      const client = await app.gateway.context.client();
      const query = { conditions: 'closedFlag=false', fields: 'id', pageSize: '10' };
      const { body } = await client.send({ method: 'GET', path: '/service/tickets', query });
      begin();
      const ids = (body as { id: number }[]).map(({ id }) => id);
      await read({ path: '/service/tickets/{parentId}/notes', for_each: ids })(app);
    },
    before: { requests: 10, trips: 3 },
  },
];

let spans: Span[] = [];

/** What came before is not part of the job. */
function begin(): void {
  spans = [];
}

/** The longest chain of requests, each begun after the one before it was answered. */
function countTrips(all: readonly Span[]): number {
  const done: { end: number; depth: number }[] = [];
  for (const { start, end } of [...all].sort((one, other) => one.start - other.start)) {
    const earlier = done.filter((other) => other.end <= start).map(({ depth }) => depth);
    done.push({ end, depth: 1 + Math.max(0, ...earlier) });
  }
  return Math.max(0, ...done.map(({ depth }) => depth));
}

async function measure({ run }: Job): Promise<Cost> {
  await using sandbox = await openWatchedSandbox({
    async around(send) {
      const span = { start: performance.now(), end: Number.POSITIVE_INFINITY };
      spans.push(span);
      await pause(pauseMs);
      const answer = await send();
      span.end = performance.now();
      return answer;
    },
  });
  const own = { CONNECTWISE_MEMBER: 'bkaur', CONNECTWISE_TIMEZONE: 'America/New_York' };
  await using app = await connect({ environment: { ...sandbox.environment, ...own } });
  // What opens once a day, such as the connection, is not part of a job.
  await read({ path: '/system/info' })(app);
  begin();
  await run(app);
  return { requests: spans.length, trips: countTrips(spans) };
}

const rows: string[] = [];
for (const job of jobs) {
  // Which of four requests sent together is answered first differs from run to run, and with it the longest chain.
  const runs = [await measure(job), await measure(job), await measure(job)];
  const requests = Math.max(...runs.map((one) => one.requests));
  const trips = Math.min(...runs.map((one) => one.trips));
  const { before } = job;
  rows.push(`| ${job.what} | ${before.requests} | ${requests} | ${before.trips} | ${trips} |`);
  console.log(rows.at(-1));
}
const lines = [
  '| job | requests before | requests | round trips before | round trips |',
  '| --- | --: | --: | --: | --: |',
  ...rows,
];
if (process.argv.includes('--write'))
  writeFigures('trips', 'three runs each, names not known yet', 'npm run bench -- trips', lines);
