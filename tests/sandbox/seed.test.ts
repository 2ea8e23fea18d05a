import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Collections,
  createCollections,
  createTargets,
  type FindTarget,
  isDate,
} from '../../sandbox/definitions.ts';
import { isObject, type JsonValue } from '../../sandbox/json.ts';
import { seedStore } from '../../sandbox/seed/seed.ts';
import { createStore, type Store } from '../../sandbox/store.ts';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import type { Member } from '../../src/catalog/endpoint.ts';
import { dateKindOf } from '../../src/catalog/index.ts';
import { sharedCatalog } from '../support/shared.ts';
import { sandboxNow } from './ask.ts';

let catalog: OpenedCatalog;
let collections: Collections;
let targetOf: FindTarget;
const store = createStore();

beforeAll(async () => {
  catalog = await sharedCatalog();
  collections = createCollections(catalog);
  targetOf = createTargets(catalog, collections);
  seedStore(store, { seed: 1, now: sandboxNow });
});

/** Everything wrong with a value, by its member of the schema. */
function misfits(member: Member, value: JsonValue, path: string): string[] {
  if (member.type === 'array') {
    if (!Array.isArray(value)) return [`${path} is not an array`];
    const { schema, itemType } = member;
    return value.flatMap((one, index) =>
      misfits({ ...member, type: schema === undefined ? (itemType ?? 'object') : 'object' }, one, `${path}[${index}]`),
    );
  }
  if (member.type === 'object') return objectMisfits(member, value, path);
  if (member.type === 'boolean') return typeof value === 'boolean' ? [] : [`${path} is not a boolean`];
  if (member.type === 'integer') return Number.isInteger(value) ? [] : [`${path} is not an integer`];
  if (member.type === 'number') return typeof value === 'number' ? [] : [`${path} is not a number`];
  if (typeof value !== 'string') return [`${path} is not a string`];
  if (member.enum !== undefined && !member.enum.includes(value)) return [`${path} is not in the enum: ${value}`];
  if (value.length > (member.maxLength ?? Number.POSITIVE_INFINITY))
    return [`${path} is longer than ${member.maxLength}`];
  return isDate(member) && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)
    ? [`${path} is not a whole second: ${value}`]
    : [];
}

function objectMisfits({ schema, name }: Member, value: JsonValue, path: string): string[] {
  if (schema === undefined) return [];
  if (!isObject(value)) return [`${path} is not an object`];
  const key = targetOf(schema);
  if (key !== undefined && typeof value.id === 'number') {
    const found =
      store.find(key, value.id) ?? (key === '/service/tickets' ? store.find('/project/tickets', value.id) : undefined);
    return found === undefined ? [`${path} leads nowhere: ${key} ${value.id}`] : [];
  }
  return Object.entries(value).flatMap(([inner, one]) => {
    const member = catalog.findSchema(schema)?.members.find((candidate) => candidate.name === inner);
    if (member === undefined) return [`${path}/${inner} is unknown to ${schema}`];
    return one === null
      ? name === 'customFields'
        ? []
        : [`${path}/${inner} is null`]
      : misfits(member, one, `${path}/${inner}`);
  });
}

test('every seeded collection is one of the catalog', () => {
  expect([...store.keys()].filter((key) => collections.find(key) === undefined)).toEqual([]);
});

test('every seeded record fits its schema, and its references lead somewhere', () => {
  const wrong: string[] = [];
  let checked = 0;
  for (const key of store.keys()) {
    const schema = catalog.findSchema(collections.find(key)?.schema ?? '');
    const members = new Map(schema?.members.map((member) => [member.name, member]));
    for (const record of store.records(key)) {
      checked += 1;
      for (const [name, value] of Object.entries(record.value)) {
        const member = members.get(name);
        wrong.push(
          ...(member === undefined ? [`${name} is unknown to ${schema?.name}`] : misfits(member, value, name)).map(
            (fault) => `${key}: ${fault}`,
          ),
        );
      }
      for (const { name, required } of members.values()) {
        if (required && name !== 'id' && record.value[name] === undefined) wrong.push(`${key}: ${name} is missing`);
      }
    }
  }
  expect([...new Set(wrong)]).toEqual([]);
  expect(checked).toBeGreaterThan(5000);
});

test('every seeded calendar day is a midnight of UTC (CW 6.11)', () => {
  const days = new Set<string>();
  const timed: string[] = [];
  for (const key of store.keys()) {
    const schema = catalog.findSchema(collections.find(key)?.schema ?? '');
    const members = schema?.members.filter((member) => dateKindOf(schema.name, member) === 'date-only') ?? [];
    for (const { value } of store.records(key)) {
      for (const { name } of members) {
        const day = value[name];
        if (day === undefined) continue;
        days.add(`${schema?.name}.${name}`);
        if (!String(day).endsWith('T00:00:00Z')) timed.push(`${key}: ${name} ${day}`);
      }
    }
  }
  expect(timed).toEqual([]);
  expect([...days]).toEqual(
    expect.arrayContaining(['TimeSheet.dateStart', 'TimeSheet.dateEnd', 'Member.hireDate', 'Invoice.date']),
  );
});

describe('the provider has', () => {
  const counts: [string, number][] = [
    ['/company/companies', 43],
    ['/company/contacts', 161],
    ['/system/members', 11],
    ['/service/boards', 3],
    ['/service/tickets', 600],
    ['/time/entries', 2000],
    ['/company/configurations', 303],
  ];
  test.each(counts)('in %s %i records', (key, count) => {
    expect([...store.records(key)]).toHaveLength(count);
  });

  test('some of everything else that is asked for daily', () => {
    const keys = [
      '/finance/agreements',
      '/finance/invoices',
      '/sales/opportunities',
      '/project/projects',
      '/project/tickets',
      '/sales/activities',
      '/schedule/entries',
      '/time/sheets',
      '/expense/entries',
      '/expense/reports',
      '/procurement/purchaseorders',
      '/procurement/purchaseorders/{}/lineitems',
      '/sales/orders',
      '/marketing/campaigns',
    ];
    for (const key of keys) expect([...store.records(key)].length, key).toBeGreaterThan(9);
  });
});

test('the same seed and time give the same provider, another seed another one', () => {
  const snapshot = (seed: number) => {
    const other: Store = createStore();
    seedStore(other, { seed, now: sandboxNow });
    return JSON.stringify([...other.keys()].map((key) => [...other.records(key)]));
  };
  expect(snapshot(1)).toBe(snapshot(1));
  expect(snapshot(2)).not.toBe(snapshot(1));
});

test('nothing has happened later than now', () => {
  const now = '2026-03-10T15:00:00Z';
  for (const key of store.keys()) {
    for (const { stamps } of store.records(key))
      expect(stamps.lastUpdated <= now && stamps.dateEntered <= stamps.lastUpdated, key).toBe(true);
  }
});

test.each(['2026-03-10T00:00:10Z', '2024-02-29T12:00:00Z', '2027-12-31T23:59:59Z'])(
  'at %s, too, there are open tickets of high priority on board 1',
  (time) => {
    const other = createStore();
    seedStore(other, { seed: 1, now: new Date(time) });
    expect(other.find('/service/boards/{}/statuses', 1, [1])?.value).toMatchObject({ name: 'Open', board: { id: 1 } });
    expect(other.find('/service/priorities', 3)?.value.name).toBe('High');
    const wanted = [...other.records('/service/tickets')].filter(
      ({ value }) => JSON.stringify([value.status, value.priority]) === '[{"id":1},{"id":3}]',
    );
    expect(wanted.length).toBeGreaterThanOrEqual(4);
  },
);
