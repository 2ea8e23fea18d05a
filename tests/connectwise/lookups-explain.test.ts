import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import type { EmptyList } from '../../src/connectwise/lookups/explain-empty.ts';
import { createLookups } from '../../src/connectwise/lookups/lookups.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { sharedCatalog } from '../support/shared.ts';
import { createLookupsFixture, type LookupsFixture } from './lookups-fixture.ts';

let catalog: OpenedCatalog;
let fixture: LookupsFixture;
let board: number;

beforeAll(async () => {
  catalog = await sharedCatalog();
});
beforeEach(async () => {
  fixture = createLookupsFixture(catalog);
  board = await fixture.make('/service/boards', { name: 'Quokka Desk', location: { id: 1 }, department: { id: 1 } });
  await fixture.make(`/service/boards/${board}/statuses`, { name: 'Parked' });
  await fixture.make(`/service/boards/${board}/statuses`, { name: 'Retired', inactive: true });
});

function explain(conditions: string, path?: string, pathValues?: Record<string, string>) {
  return explainFilters({ conditions, ...(pathValues && { pathValues }) }, path);
}

function explainFilters(filters: Omit<EmptyList, 'endpoint'>, path = '/service/tickets') {
  const endpoint = catalog.findEndpoint('GET', path)?.endpoint;
  if (endpoint === undefined) throw new Error(`cannot happen: ${path} is in the catalog`);
  return fixture.lookups.explainEmpty({ endpoint, ...filters });
}

describe('a name that ConnectWise does not have is said, with the nearest', () => {
  test.each([
    ['board/name="Quoka Desk" and closedFlag=false', /^ConnectWise shows no board named "Quoka Desk"; .*"Quokka Desk"/],
    ["BOARD/NAME = 'Quoka Desk'", /no board named "Quoka Desk"/],
    ['company/name="Northgate Manufactoring"', /no company named .*; the nearest is "Northgate Manufacturing"\.$/],
    ['company/identifier="Northgate Manufacturing"', /no company with the identifier .* "NorthgateMfg"\.$/],
    ['id>0 and (board/name like "Quoka Desk" or resources contains "x")', /no board named/],
    ['board/name in ("Quokka Desk","Quoka Desk")', /no board named "Quoka Desk"/],
    ['status/name="Parkt"', /no status named "Parkt"; .*"Parked"/],
    ['board/name="Quokka Desk" and status/name="Completed"', /no status named "Completed"; .*"Parked"/],
    ['owner/identifier="nobody"', /no member with the identifier "nobody"/],
    ['priority/name="Urgnt"', /no priority named "Urgnt"; the nearest is "Urgent"\.$/],
    ['company/id=2 and site/name="Warehose"', /no site named "Warehose"; .*"Warehouse"/],
    ['company/name="Northgate Manufacturing" and site/name="Warehose"', /no site named "Warehose"; .*"Warehouse"/],
    ['contact/name="Nobody Atall"', /no contact named "Nobody Atall"/],
  ])('%s', async (conditions, sentence) => {
    expect(await explain(conditions)).toMatch(sentence);
  });

  test('of the listed records themselves', async () => {
    expect(await explain('name="Coblat Engineering"', '/company/companies')).toMatch(/the nearest is "Cobalt Eng/);
    const values = { parentId: String(board) };
    expect(await explain('name="Parkt"', '/service/boards/{parentId}/statuses', values)).toMatch(/"Parked"/);
  });

  test('one after the other, at most three', async () => {
    const sentence = await explain(
      'board/name="A1" and company/name="B1" and owner/identifier="C1" and priority/name="D1"',
    );
    expect(sentence?.match(/ConnectWise shows no/g)).toHaveLength(3);
  });
});

describe('of what is not in conditions, too', () => {
  const companies = '/company/companies';

  test('a name in an array, and below its elements', async () => {
    expect(await explainFilters({ childConditions: 'types/name="Clyent"' }, companies)).toMatch(
      /no company type named "Clyent"; .*"Client"/,
    );
    expect(
      await explainFilters({ childConditions: 'communicationItems/type/name="Cel"' }, '/company/contacts'),
    ).toMatch(/no communication type named "Cel"; the nearest is "Cell"/);
    expect(await explainFilters({ childConditions: 'types/name="Client"' }, companies)).toBeUndefined();
  });

  test('the caption of a custom field', async () => {
    expect(await explainFilters({ customFieldConditions: 'caption="Acount tier" and value="Gold"' }, companies)).toBe(
      'These records have no custom field with the caption "Acount tier"; the nearest: "Account tier".',
    );
    expect(await explainFilters({ customFieldConditions: 'caption="Outage ID" and value!=null' })).toMatch(
      /no custom field with the caption "Outage ID"; captions are: "Root cause", "Change approved by"\.$/,
    );
    expect(await explainFilters({ customFieldConditions: 'caption="ROOT cause"' })).toBeUndefined();
  });

  test('a name that is the caption of a custom field is found that way', async () => {
    expect(await explainFilters({ childConditions: 'types/name="account tier"' }, companies)).toMatch(
      /^ConnectWise shows no company type .* A custom field has this caption: customFieldConditions caption="Account tier" and value!=null\.$/,
    );
  });

  test('time on a ticket of the other kind (CW 5.5.11)', async () => {
    const id = await fixture.firstId('/project/tickets');
    expect(await explain(`chargeToType="ServiceTicket" and chargeToId=${id}`, '/time/entries')).toBe(
      `${id} is a project ticket: (chargeToType="ServiceTicket" or chargeToType="ProjectTicket") and chargeToId=${id} finds what is charged to it.`,
    );
    expect(await explain(`chargeToType="ProjectTicket" and chargeToId=${id}`, '/time/entries')).toBeUndefined();
  });
});

describe('nothing is said', () => {
  test.each([
    ['of names that exist', 'board/name="quokka desk" and status/name="PARKED" and company/name="Cobalt Engineering"'],
    ['of what is no longer in use, but exists', 'board/name="Quokka Desk" and status/name="Retired"'],
    ['of what is excluded', 'not (board/name="Quoka Desk") and board/name!="x" and board/name not in ("y")'],
    ['of patterns and parts', 'board/name like "Quoka%" and company/name contains "zzz"'],
    ['of other members', 'summary="Quoka Desk" and id=5 and closedFlag=false and nothing/name="x"'],
    ['of a site without a company', 'site/name="Nowhere"'],
    ['of a status of a board that does not exist by id', `board/id=99999 and status/name="Parkt"`],
    ['of what is not a condition', 'board/name=='],
  ])('%s', async (_, conditions) => {
    expect(await explain(conditions)).toBeUndefined();
  });

  test('without a catalog, or when the looking up fails', async () => {
    const endpoint = catalog.findEndpoint('GET', '/service/tickets')?.endpoint;
    if (endpoint === undefined) throw new Error('cannot happen: tickets are in the catalog');
    const client = {
      tenant: { host: 'h', company: 'c' },
      send: () => Promise.reject(new GatewayError('unreachable', 'x')),
      close: async () => {},
    };
    const list = { endpoint, conditions: 'board/name="Quoka Desk"' };
    const now = () => new Date(0);
    expect(await createLookups({ client, now }).explainEmpty(list)).toBeUndefined();
    expect(await createLookups({ client, now, catalog }).explainEmpty(list)).toBeUndefined();
  });
});

it('asks only once for what it needs', async () => {
  await explain('board/name="Quoka Desk" and status/name="Parkt"');
  const asked = fixture.requests.length;
  await explain('board/name="Quoka Desk" and status/name="Parkt"');
  expect(fixture.requests).toHaveLength(asked);
});
