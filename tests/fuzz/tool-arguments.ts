import fc from 'fast-check';
import { anything, conditions, names, object, sql, text } from './pieces.ts';

const queryNames = ['conditions', 'orderBy', 'fields', 'page', 'pageSize', 'pageId', 'childConditions', 'id'];

const paths = [
  ...[
    '/service/tickets',
    '/service/tickets',
    '/service/tickets/{id}',
    '/service/tickets/1001',
    '/service/tickets/search',
  ],
  ...[
    '/company/companies',
    '/company/companies/2',
    '/company/contacts',
    '/service/tickets/1001/notes',
    '/time/entries',
  ],
  ...['/system/documents', '/finance/invoices', '/finance/agreements/1/additions', '/schedule/entries', '/system/info'],
  ...['/gateway/me', '/gateway/status', '/gateway/changes', '/gateway/changes/1', '/gateway/changes/1/undo', '/x/y'],
  ...[
    '/system/documents/1/download',
    '/service/boards/{id}/statuses',
    '/service/tickets/{id}/notes',
    '/system/reports',
  ],
];
const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...paths) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('/service/tickets', '/company/companies/1'), text).map((at) => at.join('')),
  },
);

const paging = fc.record(
  { id: fc.integer({ min: 1, max: 1_100 }), pageSize: fc.integer({ min: -1, max: 50 }), conditions },
  { requiredKeys: ['id'] },
);
const params = fc.oneof(
  fc.dictionary(fc.constantFrom(...queryNames), fc.oneof(anything, conditions), { maxKeys: 3 }),
  paging,
  fc.record({ conditions }),
  fc.record({ conditions: fc.constant('name={name} or id={id=5} or dateEntered>{from:date=last_month}') }),
  fc.constant({ conditions: "status/name='Open'", orderBy: 'id desc', fields: 'id,summary,_info' }),
);

const bodies = fc.oneof(
  object,
  fc.array(object, { maxLength: 3 }),
  fc.record({ summary: text }),
  fc.record({
    summary: fc.constant('Printer'),
    company: fc.oneof(fc.constant('Harborview'), fc.record({ id: anything })),
  }),
  fc.record({
    status: fc.oneof(fc.constantFrom('Closed', 'Waiting Customer', 'no such'), anything),
    owner: fc.constant('{me}'),
  }),
  fc.array(fc.record({ op: fc.constantFrom('add', 'replace', 'remove', 'copy'), path: text, value: anything }), {
    maxLength: 2,
  }),
  fc.record({ text: fc.constant('Call {name=x} at {when:date=tomorrow}'), customFields: anything }),
);

const rawRequest = fc
  .tuple(
    fc.constantFrom('GET ', 'POST ', 'PATCH ', ''),
    path,
    fc.constantFrom('', '?', ' ', '?conditions='),
    fc.oneof(conditions, text),
  )
  .map((parts) => parts.join(''));

const search = fc.oneof(
  fc.constantFrom('my-schedule', 'overdue invoices', 'open tickets of a client', 'stale-tickets', names.query),
  text,
);

const values = fc.oneof(
  fc.constantFrom(
    {},
    { company: 'Harborview Dental Group' },
    { member: 'jmarsh' },
    { name: 'x', id: 7, from: '2026-01-01' },
  ),
  object,
);

const forEach = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  fc.array(fc.integer({ min: 1000, max: 1009 }), { maxLength: 3 }),
  fc.constant(`SELECT id FROM ${names.table} LIMIT 3`),
  sql,
);

/** What a caller might give each argument, beside anything. */
const likely: Record<string, fc.Arbitrary<unknown>> = {
  query: search,
  arguments: values,
  path,
  method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'get'),
  params,
  data: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 4, arbitrary: bodies }),
  raw_request: rawRequest,
  fields: fc.array(text, { maxLength: 3 }),
  category: fc.constantFrom('Tickets', 'service', 'companies', 'COMPANY', 'gateway'),
  max_results: fc.integer({ min: -1, max: 102 }),
  query_id: fc.integer({ min: 0, max: 30 }),
  change_id: fc.oneof(
    fc.constantFrom(names.change, `${names.change},${names.change}`, 'ticket-1_summary_aaaaaaaa'),
    text,
  ),
  for_each: forEach,
  sql,
  export: fc.constantFrom('csv', 'json', 'xlsx', 'exe'),
  max_records: fc.integer({ min: 0, max: 2_000 }),
  max_rows: fc.integer({ min: 0, max: 1_001 }),
  max_tokens: fc.integer({ min: 150, max: 9_000 }),
};

/** For arguments that have no entry above. */
const likelyByType: Record<string, fc.Arbitrary<unknown>> = {
  boolean: fc.boolean(),
  integer: fc.integer({ min: 0, max: 200 }),
  array: fc.array(anything, { maxLength: 3 }),
};

export interface ArgumentsSchema {
  properties?: Record<string, { type?: string }>;
  required?: string[];
}

/** Arguments for a tool: most that it takes, some that it nearly takes, some that are rubbish. */
export function argumentsOf({
  properties = {},
  required = [],
}: ArgumentsSchema): fc.Arbitrary<Record<string, unknown>> {
  const known = Object.fromEntries(
    Object.entries(properties).map(([name, { type = '' }]) => [
      name,
      fc.oneof(
        { weight: 8, arbitrary: likely[name] ?? likelyByType[type] ?? text },
        { weight: 1, arbitrary: anything },
      ),
    ]),
  );
  // Each argument may be left out, most of them are: of calls with ten odd arguments none would be answered.
  const sparse = Object.entries(known).map(([name, arbitrary]) => [
    name,
    required.includes(name) ? arbitrary : fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, arbitrary),
  ]);
  const whole = fc.record(Object.fromEntries(sparse) as typeof known);
  const wild = fc.tuple(fc.record(known, { requiredKeys: [] }), fc.dictionary(text, anything, { maxKeys: 2 }));
  return (
    fc
      .oneof(
        { weight: 4, arbitrary: whole },
        { weight: 1, arbitrary: wild.map(([some, more]) => ({ ...some, ...more })) },
      )
      // As it comes over a wire.
      .map((given) => JSON.parse(JSON.stringify(given)))
  );
}
