import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Context } from '../../sandbox/context.ts';
import { createCollections, createSchemas, createTargets } from '../../sandbox/definitions.ts';
import { compileFilter } from '../../sandbox/query/filter.ts';
import { orderRecords } from '../../sandbox/query/order.ts';
import { roles } from '../../sandbox/roles.ts';
import { createStore, type StoredRecord } from '../../sandbox/store.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { manyRuns } from '../support/depth.ts';
import { sharedCatalog } from '../support/shared.ts';
import { sandboxNow } from './ask.ts';

let catalog: OpenedCatalog;
let context: Context;
beforeAll(async () => {
  catalog = await sharedCatalog();
  const collections = createCollections(catalog);
  context = {
    schemas: createSchemas(catalog),
    collections,
    targetOf: createTargets(catalog, collections),
    store: createStore(),
    customFields: new Map(),
    now: () => sandboxNow,
    caller: 'x',
    role: roles.everything,
    strictReferencePaths: false,
    slowTextRows: () => undefined,
  };
  for (const { id, name } of priorities) context.store.insert('/service/priorities', record(id, { id, name }));
});

const priorities = [
  { id: 1, name: 'High' },
  { id: 2, name: 'low' },
  { id: 3, name: "it's" },
];

function record(id: number, value: StoredRecord['value'], lastUpdated = '2026-01-01T00:00:00Z'): StoredRecord {
  return { id, parents: [], value, stamps: { lastUpdated, updatedBy: 'x', dateEntered: lastUpdated, enteredBy: 'x' } };
}

/** A ticket as plain data, and the record made from it. */
interface Plain {
  id: number;
  summary?: string;
  hours?: number;
  closed?: boolean;
  priority?: number;
  day: number;
}

const words = ['vpn', 'VPN down', 'Printer', 'mail', "O'Brien", '100% full', 'a_b'];
const plainArbitrary: fc.Arbitrary<Plain> = fc.record(
  {
    id: fc.integer({ min: 1, max: 40 }),
    summary: fc.constantFrom(...words),
    hours: fc.integer({ min: 0, max: 4 }),
    closed: fc.boolean(),
    priority: fc.integer({ min: 1, max: 3 }),
    day: fc.integer({ min: 1, max: 9 }),
  },
  { requiredKeys: ['id', 'day'] },
);
const stampOf = (day: number) => `2026-01-0${day}T12:00:00Z`;

function toRecord({ id, summary, hours, closed, priority, day }: Plain): StoredRecord {
  const value = {
    id,
    ...(summary === undefined ? {} : { summary }),
    ...(hours === undefined ? {} : { budgetHours: hours }),
    ...(closed === undefined ? {} : { closedFlag: closed }),
    ...(priority === undefined ? {} : { priority: { id: priority } }),
  };
  return record(id, value, stampOf(day));
}

/** A condition, and the same written as plain code; undefined is SQL's unknown. */
interface Clause {
  text: string;
  holds(ticket: Plain): boolean | undefined;
}

const priorityName = ({ priority }: Plain) => priorities.find(({ id }) => id === priority)?.name;
const given = <T>(value: T | undefined, test: (value: T) => boolean) => (value === undefined ? undefined : test(value));
const quoted = (text: string) => (text.includes("'") ? `"${text}"` : `'${text}'`);
const lower = (text: string) => text.toLowerCase();

const numberTests = {
  '=': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
};
const operator = fc.constantFrom(...(Object.keys(numberTests) as (keyof typeof numberTests)[]));

const clauseArbitrary: fc.Arbitrary<Clause> = fc.oneof(
  fc.tuple(operator, fc.integer({ min: 0, max: 4 })).map(([op, n]) => ({
    text: `BudgetHours${op}${n}`,
    holds: ({ hours }: Plain) => given(hours, (value) => numberTests[op](value, n)),
  })),
  fc.tuple(operator, fc.integer({ min: 1, max: 9 })).map(([op, day]) => ({
    text: `lastUpdated ${op} [${stampOf(day)}]`,
    holds: (ticket: Plain) => numberTests[op](ticket.day, day),
  })),
  fc.tuple(fc.boolean(), fc.boolean()).map(([wanted, negated]) => ({
    text: `closedFlag${negated ? '!=' : '='}${wanted}`,
    holds: ({ closed }: Plain) => given(closed, (value) => (value === wanted) !== negated),
  })),
  fc.tuple(fc.constantFrom(...words), fc.boolean()).map(([word, negated]) => ({
    text: `summary ${negated ? 'not ' : ''}contains ${quoted(word)}`,
    holds: ({ summary }: Plain) => given(summary, (value) => lower(value).includes(lower(word)) !== negated),
  })),
  fc.tuple(fc.constantFrom(...words), fc.boolean()).map(([word, negated]) => ({
    text: `priority/name ${negated ? 'not ' : ''}in (${quoted(word)}, 'high')`,
    holds: (ticket: Plain) =>
      given(priorityName(ticket), (name) => [lower(word), 'high'].includes(lower(name)) !== negated),
  })),
  fc.tuple(fc.constantFrom('summary', 'priority', 'priority/id'), fc.boolean()).map(([path, negated]) => ({
    text: `${path} ${negated ? '!=' : '='} null`,
    holds: (ticket: Plain) => ((path === 'summary' ? ticket.summary : ticket.priority) === undefined) !== negated,
  })),
);

/** Half of the trees are nested; all groups are in parentheses, as precedence has its own test. */
const expressionArbitrary: fc.Arbitrary<Clause> = fc.letrec<{ expression: Clause }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    clauseArbitrary,
    fc.tuple(tie('expression'), tie('expression'), fc.constantFrom('and', 'OR')).map(([left, right, word]) => ({
      text: `(${left.text}) ${word} (${right.text})`,
      holds: (ticket: Plain) => combine(word === 'and', left.holds(ticket), right.holds(ticket)),
    })),
  ),
})).expression;

function combine(isAnd: boolean, left: boolean | undefined, right: boolean | undefined): boolean | undefined {
  const decisive = !isAnd;
  if (left === decisive || right === decisive) return decisive;
  return left === undefined || right === undefined ? undefined : isAnd;
}

test('the query engine agrees with plain code for random conditions over random records', () => {
  const tickets = fc.uniqueArray(plainArbitrary, { selector: ({ id }) => id, maxLength: 12 });
  let matches = 0;
  fc.assert(
    fc.property(tickets, expressionArbitrary, (some, { text, holds }) => {
      const filter = compileFilter(context, 'Ticket', { conditions: text });
      const found = some.filter((ticket) => filter(toRecord(ticket))).map(({ id }) => id);
      expect(found).toEqual(some.filter((ticket) => holds(ticket) === true).map(({ id }) => id));
      matches += found.length;
    }),
    { numRuns: manyRuns },
  );
  expect(matches).toBeGreaterThan(manyRuns / 2);
});

test('orderBy sorts stably by each key, nothing first', () => {
  const tickets = fc.uniqueArray(plainArbitrary, { selector: ({ id }) => id, maxLength: 12 });
  fc.assert(
    fc.property(tickets, fc.constantFrom('asc', 'desc'), (some, direction) => {
      const sorted = orderRecords(context, 'Ticket', some.map(toRecord), `priority/name ${direction}, id`).map(
        ({ id }) => id,
      );
      const sign = direction === 'asc' ? 1 : -1;
      const key = (ticket: Plain) => (priorityName(ticket) ?? '').toLowerCase();
      const expected = [...some].sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) || a.id - b.id);
      expect(sorted).toEqual(expected.map(({ id }) => id));
    }),
  );
});
