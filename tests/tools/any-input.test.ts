import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listTools } from '../../src/server/list-tools.ts';
import { type Connection, connect } from '../support/connect.ts';

let app: Connection;

beforeAll(async () => {
  app = await connect({ era: 'legacy' });
  // From then on the client checks each reply against the tool's output schema.
  await app.client.listTools();
});
afterAll(() => app[Symbol.asyncDispose]());

/** Pieces that have a meaning somewhere: in paths, SQL, JSON, conditions, JavaScript. */
const pieces = [
  ...[
    '..',
    '%2e',
    '%',
    '/',
    '//',
    '\\',
    '?',
    '&',
    '=',
    '#',
    ';',
    ':',
    '@',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '`',
    '$',
    ' ',
  ],
  ...['\u0000', '\n', '\r\n', '\u001b[0m', '\ud800', '\udfff', '\u202e', '\u{e0041}', '🎫', 'é', '\u2028', 'ß'],
  ...['GET', 'post', 'PATCH', 'service', 'tickets', 'company', 'gateway', 'me', '1', '-1', '0', '1e9', 'NaN', 'null'],
  ...['__proto__', 'constructor', 'toString', 'id', 'count', 'conditions', 'and', 'like', 'in (', '[2026-01-01]'],
  ...["status/name='Open'", 'SELECT * FROM', '--', '*', 'http://', 'evil.example', '{"summary":"x"}', '[{"op":"add"}]'],
];
const text = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);
const anything = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.integer(), fc.double(), fc.constant(null));
const members = fc.constantFrom(
  'summary',
  'name',
  'company',
  'board',
  'status',
  'id',
  'op',
  'path',
  'value',
  '__proto__',
);
const object = fc.dictionary(fc.oneof(members, text), fc.oneof(anything, fc.record({ id: anything })), { maxKeys: 4 });
const queryNames = fc.constantFrom(
  'conditions',
  'orderBy',
  'fields',
  'page',
  'pageSize',
  'pageId',
  'childConditions',
  'id',
);

const path = fc.oneof(
  fc.constantFrom(
    ...[
      '/service/tickets',
      '/service/tickets/{id}',
      '/service/tickets/1',
      '/service/tickets/search',
      '/company/companies',
    ],
    ...[
      '/service/tickets/1/notes',
      '/time/entries',
      '/system/documents',
      '/gateway/me',
      '/gateway/status',
      '/system/info',
    ],
  ),
  fc.tuple(fc.constantFrom('/service/tickets', '/company/companies/1'), text).map((parts) => parts.join('')),
);

const params = fc.oneof(
  fc.dictionary(queryNames, anything, { maxKeys: 3 }),
  fc.record(
    { id: fc.integer({ min: 1, max: 700 }), pageSize: fc.integer({ min: -1, max: 50 }) },
    { requiredKeys: ['id'] },
  ),
  fc.constant({ conditions: "status/name='Open'", orderBy: 'id desc', fields: 'id,summary,_info' }),
);

/** What a caller might give each argument, beside anything. */
const likely: Record<string, fc.Arbitrary<unknown>> = {
  query: fc.oneof(
    fc.constantFrom('my-schedule', 'overdue invoices', 'open tickets of a client', 'stale-tickets'),
    text,
  ),
  arguments: fc.oneof(fc.constantFrom({}, { company: 'Harborview Dental Group' }, { member: 'jmarsh' }), object),
  path,
  method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'get'),
  params,
  data: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, object, fc.array(object, { maxLength: 3 })),
  raw_request: fc
    .tuple(fc.constantFrom('GET ', 'POST ', 'PATCH ', ''), path, fc.constantFrom('', '?', ' '), text)
    .map((parts) => parts.join('')),
  fields: fc.array(text, { maxLength: 3 }),
  category: fc.constantFrom('Tickets', 'service', 'companies', 'COMPANY', 'gateway'),
  max_results: fc.integer({ min: -1, max: 102 }),
  query_id: fc.integer({ min: 0, max: 30 }),
  for_each: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
    text,
  ),
  sql: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('select count(*) from it', 'select 1', 'values (1)') }, text),
  max_tokens: fc.integer({ min: 150, max: 9000 }),
};

/** For arguments that have no entry above. */
const likelyByType: Record<string, fc.Arbitrary<unknown>> = {
  boolean: fc.boolean(),
  integer: fc.integer({ min: 0, max: 200 }),
  array: fc.array(anything, { maxLength: 3 }),
};

interface ArgumentsSchema {
  properties?: Record<string, { type?: string }>;
  required?: string[];
}

function argumentsOf({ properties = {}, required = [] }: ArgumentsSchema): fc.Arbitrary<Record<string, unknown>> {
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

test.each(listTools(false).map(({ name, inputSchema }) => [name, inputSchema as ArgumentsSchema] as const))(
  '%s answers or refuses whatever it is given',
  async (name, schema) => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(argumentsOf(schema), async (given) => {
        const { text: reply, data, isError } = await app.call(name, given);
        expect(reply).not.toMatch(/^internal: /);
        const tokens = Buffer.byteLength(reply) / 4;
        if (isError) expect(tokens).toBeLessThanOrEqual(300);
        else expect(Math.max(tokens, Buffer.byteLength(JSON.stringify(data)) / 4)).toBeLessThanOrEqual(8_000);
        answered += isError ? 0 : 1;
      }),
      { numRuns: 300 },
    );
    // A property that only ever met refusals would show little; a change id cannot be guessed.
    if (name !== 'confirm_api_write') expect(answered).toBeGreaterThan(10);
    expect(
      (await app.call('execute_api_call', { path: '/service/tickets/count', params: {} })).data.count,
    ).toBeGreaterThan(0);
    expect(app.log.join('')).not.toContain('a tool failed');
  },
  60_000,
);
