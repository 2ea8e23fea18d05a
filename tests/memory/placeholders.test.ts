import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import type { Expression } from '../../src/conditions/expression.ts';
import { parseConditions } from '../../src/conditions/parse-conditions.ts';
import type { Lookups } from '../../src/connectwise/lookups/lookups.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { createZone } from '../../src/core/zone.ts';
import { argumentsOf } from '../../src/memory/placeholders/fill.ts';
import { fillWith } from '../../src/memory/placeholders/resolve.ts';
import type { CallOfQuery } from '../../src/memory/saved-query.ts';
import { manyRuns } from '../support/depth.ts';
import { sharedCatalog } from '../support/shared.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

const companies = [
  { id: 2, name: 'Acme Limited', identifier: 'AcmeLtd' },
  { id: 3, name: "O'Brien & Sons", identifier: 'OBrien' },
];

/** Knows two companies; every other reference is taken as given. */
const lookups = {
  findKind: (kind: string) => ({ kind, noun: kind, needsParent: kind !== 'CompanyReference' }),
  listNames: async () => companies,
  resolve: async (_kind: string, text: string) => {
    const found = companies.find(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
    if (found) return { ...found, matchedBy: 'contains' };
    const candidates = companies.map(({ name }) => name);
    throw new GatewayError('invalid_body', `ConnectWise shows no company named ${text}.`, { details: { candidates } });
  },
} as unknown as Lookups;

function fill(query: CallOfQuery, given: Record<string, unknown>, used: (value: string) => void = () => undefined) {
  return fillWith(query, catalog, given, {
    lookups: async () => lookups,
    me: async () => 'jdoe',
    used,
    nowMs: Date.parse('2026-03-10T15:00:00Z'),
    zone: createZone('America/New_York'),
  });
}

const tickets = (conditions: string): CallOfQuery => ({
  method: 'GET',
  path: '/service/tickets',
  params: { conditions },
});
const conditionsOf = async (conditions: string, given: Record<string, unknown>) =>
  (await fill(tickets(conditions), given)).params?.conditions;

test.each<[string, Record<string, unknown>, string]>([
  ['id={id}', { id: '42' }, 'id = 42'],
  ['closedFlag={closed}', { closed: 'TRUE' }, 'closedFlag = true'],
  ["status/name='{status}'", { status: 'In Progress' }, 'status/name = "In Progress"'],
  ['summary contains {word}', { word: 'VPN' }, 'summary contains "VPN"'],
  ["summary like '{word}%'", { word: 'Re: "x" ' }, `summary like 'Re: "x" %'`],
  ['company/id={company}', { company: 'acme' }, 'company/id = 2'],
  ['company/identifier={company}', { company: 'Acme Limited' }, 'company/identifier = "AcmeLtd"'],
  ['company/name={company}', { company: 'brien' }, `company/name = "O'Brien & Sons"`],
  ['dateEntered>={since=today}', {}, 'dateEntered >= [2026-03-10T04:00:00Z]'],
  ['dateEntered>=[{since}]', { since: '2026-03-01' }, 'dateEntered >= [2026-03-01T05:00:00Z]'],
  [
    'dateEntered>={from} and dateEntered<{to}',
    { from: 'last_month.start', to: 'last_month.end' },
    'dateEntered >= [2026-02-01T05:00:00Z] and dateEntered < [2026-03-01T05:00:00Z]',
  ],
  ['dateEntered<=[{until}]', { until: 'last month' }, 'dateEntered <= [2026-03-01T04:59:59Z]'],
  ['lastUpdated>[{now-24h}]', {}, 'lastUpdated > [2026-03-09T15:00:00Z]'],
  [
    'owner/identifier="{me}" or resources contains "{me}"',
    {},
    'owner/identifier = "jdoe" or resources contains "jdoe"',
  ],
  [
    'owner/identifier="{member=me}" or resources contains "{member}"',
    {},
    'owner/identifier = "jdoe" or resources contains "jdoe"',
  ],
  ['id in ({ids})', { ids: [1, '2', 3] }, 'id in (1, 2, 3)'],
  ['summary contains "{{x}"', {}, 'summary contains "{x}"'],
])('%s with %j is %s', async (conditions, given, expected) => {
  expect(await conditionsOf(conditions, given)).toBe(expected);
});

// In New York clocks are set back on 1 November 2026: October ends at 04:00 in UTC, November at 05:00.
test.each<[string, Record<string, unknown>, string]>([
  ['dateEntered<{to}', { to: '2026-10-31' }, 'dateEntered < [2026-11-01T04:00:00Z]'],
  ['dateEntered<{to}', { to: '2026-11-01' }, 'dateEntered < [2026-11-02T05:00:00Z]'],
  ['dateEntered<{until}', { until: 'last_month' }, 'dateEntered < [2026-03-01T05:00:00Z]'],
  ['dateEntered<{endDate}', { endDate: 'yesterday' }, 'dateEntered < [2026-03-10T04:00:00Z]'],
  ['dateEntered<{date_to=today}', {}, 'dateEntered < [2026-03-11T04:00:00Z]'],
  ['dateEntered<={x}', { x: '2026-10-31' }, 'dateEntered <= [2026-11-01T03:59:59Z]'],
  ['dateEntered<{to}', { to: '2026-10-31T12:00' }, 'dateEntered < [2026-10-31T16:00:00Z]'],
  ['dateEntered<{to}', { to: 'last_month.end' }, 'dateEntered < [2026-03-01T05:00:00Z]'],
  ['dateEntered<{to}', { to: 'now' }, 'dateEntered < [2026-03-10T15:00:00Z]'],
  ['dateEntered<{before}', { before: '2026-10-31' }, 'dateEntered < [2026-10-31T04:00:00Z]'],
  ['dateEntered<{before}', { before: 'last_month' }, 'dateEntered < [2026-02-01T05:00:00Z]'],
  [
    'dateEntered>={month} and dateEntered<{month}',
    { month: 'last_month' },
    'dateEntered >= [2026-02-01T05:00:00Z] and dateEntered < [2026-03-01T05:00:00Z]',
  ],
  ['dateEntered={day}', { day: '2026-10-31' }, 'dateEntered = [2026-10-31]'],
  ['dateEntered={month}', { month: 'last_month' }, 'dateEntered = [last_month]'],
])('the end of a period: %s with %j is %s', async (conditions, given, expected) => {
  expect(await conditionsOf(conditions, given)).toBe(expected);
});

test.each<[string, Record<string, unknown>, string]>([
  ['endDate<{until}', { until: '2026-12-31' }, 'endDate < [2027-01-01T00:00:00Z]'],
  ['endDate<={until}', { until: '2026-12-31' }, 'endDate <= [2026-12-31T00:00:00Z]'],
  ['endDate<{until=today+60d}', {}, 'endDate < [2026-05-09T00:00:00Z]'],
])('the end of a period of days: %s with %j is %s', async (conditions, given, expected) => {
  const { params } = await fill({ method: 'GET', path: '/finance/agreements', params: { conditions } }, given);
  expect(params?.conditions).toBe(expected);
});

test('a date in brackets is a date where no schema says so, as in a report', async () => {
  const query = {
    method: 'GET',
    path: '/system/reports/Time',
    params: { conditions: 'Time_Start_UTC>=[{since}]' },
  } as const;
  expect((await fill(query, { since: 'last_month' })).params?.conditions).toBe(
    'Time_Start_UTC >= [2026-02-01T05:00:00Z]',
  );
});

test('the period that was used is said, of days as days', async () => {
  const said: string[] = [];
  const conditions = 'dateEntered>={from} and dateEntered<{to} and (lastUpdated>{since} or closedDate<{before})';
  await fill(
    tickets(conditions),
    { from: '2026-10-01', to: '2026-10-31', since: '2026-01-01', before: 'today' },
    (sentence) => said.push(sentence),
  );
  await fill(
    { method: 'GET', path: '/finance/agreements', params: { conditions: 'endDate>=[{today}]' } },
    {},
    (sentence) => said.push(sentence),
  );
  expect(said).toEqual([
    'dateEntered from 2026-10-01 00:00 EDT, before 2026-11-01 00:00 EDT',
    'lastUpdated after 2026-01-01 00:00 EST',
    'closedDate before 2026-03-10 00:00 EDT',
    'endDate from 2026-03-10',
  ]);
});

test.each<[string, Record<string, unknown>]>([
  ['dateEntered>={from} and dateEntered<{to}', { from: '2026-10-31', to: '2026-10-01' }],
  ['dateEntered>={from} and dateEntered<{to=today}', { from: 'tomorrow' }],
  ['(dateEntered>={from} and id>1) and dateEntered<{to}', { from: '2026-10-31T12:00', to: '2026-10-31T12:00' }],
])('%s with %j is refused: it ends before it begins', async (conditions, given) => {
  await expect(fill(tickets(conditions), given)).rejects.toMatchObject({
    code: 'invalid_argument',
    message: expect.stringContaining('dateEntered from'),
    hint: expect.stringContaining('Give from and to'),
    details: { field: 'arguments/to' },
  });
});

test('two periods that are alternatives are not compared with each other', async () => {
  await expect(
    conditionsOf('dateEntered<{before} or dateEntered>{after}', { before: '2026-01-01', after: '2026-02-01' }),
  ).resolves.toContain(' or ');
});

test('placeholders of path, fields and body take their types', async () => {
  const query: CallOfQuery = {
    method: 'PATCH',
    path: '/service/tickets/{ticket}',
    data: {
      summary: 'Visit {today} at {company}: {{ok}',
      budgetHours: '{hours}',
      company: { id: '{company}' },
      requiredDate: '{due=tomorrow}',
    },
  };
  expect(await fill(query, { ticket: 7, hours: '2.5', company: 'acme' })).toEqual({
    path: '/service/tickets/7',
    data: {
      summary: 'Visit 2026-03-10 at acme: {ok}',
      budgetHours: 2.5,
      company: { id: 2 },
      requiredDate: '2026-03-11T04:00:00Z',
    },
  });
  const operations = [
    { op: 'replace', path: 'company/id', value: '{company}' },
    { op: 'replace', path: 'summary', value: '{text}' },
  ];
  expect(
    (await fill({ method: 'PATCH', path: '/service/tickets/1', data: operations }, { company: 'acme', text: '5' }))
      .data,
  ).toEqual([
    { op: 'replace', path: 'company/id', value: 2 },
    { op: 'replace', path: 'summary', value: '5' },
  ]);
});

test('a company in a path may be named', async () => {
  expect((await fill({ method: 'GET', path: '/company/companies/{company}/sites' }, { company: 'acme' })).path).toBe(
    '/company/companies/2/sites',
  );
});

test('the arguments of a query say what they take', () => {
  const query = tickets(
    "board/name={board} and status/name='{status=New}' and dateEntered>{since=last_month} and summary contains '{word}'",
  );
  expect(argumentsOf(query, catalog)).toMatchObject([
    { name: 'board', required: true, type: { kind: 'reference', schema: 'BoardReference', member: 'name' } },
    { name: 'status', required: false, fallback: 'New', type: { kind: 'reference' } },
    { name: 'since', required: false, type: { kind: 'datetime' } },
    { name: 'word', required: true, type: { kind: 'text' } },
  ]);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['id={id}', {}, /needs id \(a number\)/],
  ['id={id}', { id: '1 or 1=1' }, /is not a number/],
  ['id={id}', { id: 1, it: 2 }, /no argument "it". It takes id/],
  ['id={id}', { id: [1, 2] }, /is a list; one value is allowed/],
  ['id={id}', { id: { a: 1 } }, /is not a number/],
  ['closedFlag={x}', { x: 'yes' }, /true or false/],
  ['dateEntered>{x}', { x: 'someday' }, /is not a date/],
  ['summary="{x}"', { x: `both ' and "` }, /both kinds of quotes/],
  ['summary="{x}"', { x: 'a\0b' }, /control character/],
  ['summary="{x}"', { x: '\ud800' }, /surrogate/],
  ['summary="{x}"', { x: 'y'.repeat(1_000_000) }, /1000000 characters; at most 2000/],
  ['company/id={x}', { x: 'Nobody' }, /The argument x: ConnectWise shows no company named Nobody/],
])('%s with %j is refused', async (conditions, given, reason) => {
  const failure = await conditionsOf(conditions, given).then(
    (text) => text,
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: 'invalid_argument', message: expect.stringMatching(reason) });
});

test('for a missing or unknown value the error has candidates', async () => {
  await expect(conditionsOf('company/id={company}', {})).rejects.toMatchObject({
    details: { field: 'arguments/company', candidates: ['AcmeLtd', 'OBrien'] },
  });
  await expect(conditionsOf('company/id={company}', { company: 'zz' })).rejects.toMatchObject({
    details: { field: 'arguments/company', candidates: ['Acme Limited', "O'Brien & Sons"] },
  });
});

/** The tree without its values. */
function shape(expression: Expression): unknown {
  if (expression.kind === 'and' || expression.kind === 'or')
    return [expression.kind, ...expression.operands.map(shape)];
  if (expression.kind === 'not') return ['not', shape(expression.operand)];
  return [expression.kind, expression.path.segments.join('/')];
}

test('no value changes the structure of a condition', async () => {
  const template = `(summary = {a} or summary contains "{b}") and closedFlag = false and summary in ({c}, 'x')`;
  const expected = shape(parseConditions((await conditionsOf(template, { a: 'a', b: 'b', c: 'c' })) ?? ''));
  const hostile = fc.oneof(
    fc.string(),
    fc
      .array(
        fc.constantFrom('"', "'", '\\', ')', '(', ' or ', ' and 1=1', ']', '[', '%', '{', '}', '{x}', ',', ' ', 'a'),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, async (a, b, c) => {
      const filled = await conditionsOf(template, { a, b, c }).catch((error: unknown) => error);
      if (filled instanceof GatewayError) expect(filled.code).toBe('invalid_argument');
      else expect(shape(parseConditions(String(filled)))).toEqual(expected);
    }),
    { numRuns: manyRuns },
  );
});
