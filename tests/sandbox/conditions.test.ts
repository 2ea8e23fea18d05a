import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { sharedCatalog } from '../support/shared.ts';
import { type Asked, startSandbox } from './ask.ts';

let catalog: OpenedCatalog;
let asked: Asked;
beforeAll(async () => {
  catalog = await sharedCatalog();
  asked = startSandbox(catalog);
});

/** All records of a list that satisfy conditions. */
async function select(path: string, conditions: string, query: Record<string, string> = {}) {
  const { status, body } = await asked.ask(path, { query: { conditions, pageSize: 1000, ...query } });
  expect(status, JSON.stringify(body).slice(0, 300)).toBe(200);
  return body;
}

const open = "status/name='Open'";

describe('CW 2.2: the language, on the records of the sandbox', () => {
  test('CW 2.2.1: each operator', async () => {
    const all = await select('/service/tickets', '');
    const ids = (list: { id: number }[]) => list.map(({ id }) => id);
    const where = (test: (id: number) => boolean) => ids(all).filter(test);
    expect(ids(await select('/service/tickets', 'id=1100'))).toEqual([1100]);
    expect(ids(await select('/service/tickets', 'id!=1100'))).toEqual(where((id) => id !== 1100));
    expect(ids(await select('/service/tickets', 'id<1100'))).toEqual(where((id) => id < 1100));
    expect(ids(await select('/service/tickets', 'id<=1100'))).toEqual(where((id) => id <= 1100));
    expect(ids(await select('/service/tickets', 'id>1100'))).toEqual(where((id) => id > 1100));
    expect(ids(await select('/service/tickets', 'id>=1100'))).toEqual(where((id) => id >= 1100));
    expect(ids(await select('/service/tickets', 'id in (1100, 1200)'))).toEqual([1100, 1200]);
    expect(ids(await select('/service/tickets', 'id not in (1100,1200)'))).toEqual(
      where((id) => id !== 1100 && id !== 1200),
    );
    const vpn = await select('/service/tickets', 'summary contains "vpn"');
    expect(vpn.length).toBeGreaterThan(0);
    expect(vpn.every(({ summary }: { summary: string }) => /vpn/i.test(summary))).toBe(true);
    expect(await select('/service/tickets', 'summary not contains "vpn"')).toHaveLength(600 - vpn.length);
    expect(await select('/service/tickets', 'summary like "vpn%"')).toHaveLength(vpn.length);
  });

  test('CW 2.2.2: in takes numbers and strings', async () => {
    expect((await select('/service/tickets', 'status/name in ("New","Assigned")')).length).toBeGreaterThan(0);
    expect(await select('/service/boards', 'id in (3, 2, 4)')).toHaveLength(2);
  });

  test('CW 2.2.3, 2.2.4: neither keywords nor names mind their case', async () => {
    const expected = await select('/service/tickets', 'board/id=1 and closedFlag=false');
    expect(await select('/service/tickets', 'Board/Id = 1 AND ClosedFlag = False')).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  });

  test('CW 2.2.5: AND binds tighter than OR, parentheses tighter than both', async () => {
    expect(await select('/service/boards', 'id=1 or id=2 and id=3')).toHaveLength(1);
    expect(await select('/service/boards', '(id=1 or id=2) and id=3')).toHaveLength(0);
  });

  test('CW 2.2.6, 2.2.7: spaces are optional and both quotes work', async () => {
    expect(await select('/service/boards', 'name="Service Desk"')).toHaveLength(1);
    expect(await select('/service/boards', "name = 'Service Desk'")).toHaveLength(1);
  });

  test('CW 2.2.8: a quote within a value is doubled or escaped', async () => {
    const doubled = await select('/company/contacts', "lastName='O''Brien'");
    expect(doubled.length).toBeGreaterThan(0);
    expect(await select('/company/contacts', String.raw`lastName='O\'Brien'`)).toEqual(doubled);
    expect(await select('/company/contacts', `lastName="O'Brien"`)).toEqual(doubled);
  });

  test('CW 2.2.10: datetimes are in brackets; a day alone works', async () => {
    const some = await select('/service/tickets', 'dateEntered>=[2026-02-10T00:00:00Z]');
    expect(some.length).toBeGreaterThan(0);
    expect(await select('/service/tickets', 'dateEntered >= [2026-02-10]')).toEqual(some);
  });

  test('CW 2.2.11: null is a word of its own', async () => {
    const without = await select('/service/tickets', 'owner = null');
    expect(without.length).toBeGreaterThan(0);
    expect(without.every((ticket: object) => !('owner' in ticket))).toBe(true);
    expect(await select('/service/tickets', 'owner!=null')).toHaveLength(600 - without.length);
    expect(await select('/service/tickets', 'parentTicketId = null')).toHaveLength(600);
  });

  test('CW 2.2.12: references are filtered with a slash', async () => {
    const tickets = await select('/service/tickets', 'company/identifier="NorthgateMfg" and board/name="Service Desk"');
    expect(tickets.length).toBeGreaterThan(0);
    expect(new Set(tickets.map((ticket: { company: { name: string } }) => ticket.company.name))).toEqual(
      new Set(['Northgate Manufacturing']),
    );
  });

  test('CW 2.2.13: lastUpdated and dateEntered work at the top level and in _info', async () => {
    const plain = await select('/service/tickets', 'lastUpdated > [2026-03-01T00:00:00Z]');
    expect(plain.length).toBeGreaterThan(0);
    expect(await select('/service/tickets', '_info/lastUpdated > [2026-03-01T00:00:00Z]')).toEqual(plain);
    expect(plain.every((ticket: object) => !('lastUpdated' in ticket))).toBe(true);
  });

  test('CW 2.2.14: strings are compared without regard to case', async () => {
    expect(await select('/company/companies', 'name="NORTHGATE manufacturing"')).toHaveLength(1);
  });

  test('CW 2.2.15: like without a wildcard is equality; * and % are any run, _ is one character', async () => {
    const names = async (pattern: string) =>
      (await select('/service/boards', `name like "${pattern}"`)).map(({ name }: { name: string }) => name);
    expect(await names('Service')).toEqual([]);
    expect(await names('Service*')).toEqual(['Service Desk']);
    expect(await names('%desk')).toEqual(['Service Desk']);
    expect(await names('Projec_s')).toEqual(['Projects']);
    expect(await names('[ps]%')).toEqual(['Service Desk', 'Projects']);
  });

  test('CW 2.2.17: resources is one text', async () => {
    const mine = await select('/service/tickets', "resources contains 'asmith'");
    expect(mine.length).toBeGreaterThan(0);
    expect((await select('/service/tickets', "resources='asmith'")).length).toBeLessThanOrEqual(mine.length);
  });

  test('CW 2.2.18, 2.4: arrays are filtered by childConditions, and one element must satisfy all', async () => {
    const [contact] = await select('/company/contacts', 'id=7');
    const [mail, phone] = contact.communicationItems;
    const child = (childConditions: string) => select('/company/contacts', '', { childConditions });
    expect(
      await child(`communicationItems/value like "${mail.value}" AND communicationItems/communicationType="Email"`),
    ).toEqual([contact]);
    expect(
      await child(`communicationItems/value="${mail.value}" and communicationItems/value="${phone.value}"`),
    ).toEqual([]);
    const deciders = await child('types/name="Decision Maker"');
    expect(deciders.length).toBeGreaterThanOrEqual(40);
    expect(await child('types/id=2')).toEqual(deciders);
    expect(await select('/company/contacts', 'id=7', { childConditions: 'types/id=2' })).toEqual([contact]);
  });

  test('CW 2.2.19: enums take =, != and in', async () => {
    const cancelled = await select('/finance/agreements', 'agreementStatus="Cancelled"');
    const others = await select('/finance/agreements', 'agreementStatus!="Cancelled"');
    const listed = await select('/finance/agreements', 'agreementStatus in ("Cancelled","Active","Expired")');
    expect(cancelled.length).toBeGreaterThan(0);
    expect(listed).toHaveLength(cancelled.length + others.length);
  });

  test('CW 2.5: customFieldConditions read caption and value of one row', async () => {
    const gold = await select('/company/companies', '', {
      customFieldConditions: 'caption="Account tier" AND value="Gold"',
    });
    const given = await select('/company/companies', '', {
      customFieldConditions: 'caption="Account tier" AND value !=null',
    });
    expect(gold.length).toBeGreaterThan(0);
    expect(given.length).toBeGreaterThan(gold.length);
    expect(
      await select('/company/companies', '', { customFieldConditions: 'caption="Onboarded on" AND value="Gold"' }),
    ).toEqual([]);
  });
});

describe('CW 2.3: the conditions that ConnectWise itself prints', () => {
  test.each([
    ['CW 2.3.1', '/time/entries', '(chargeToType="ServiceTicket" OR chargeToType="ProjectTicket") AND chargeToId=1100'],
    ['CW 2.3.2', '/schedule/entries', 'type/id=4 AND objectId=1596'],
    ['CW 2.3.3', '/procurement/products', "chargeToType='Ticket' AND chargeToId=1100"],
    ['CW 2.3.4', '/sales/activities', 'ticket/id=1100'],
    ['CW 2.3.6', '/company/configurations', 'contact/id=7'],
    ['CW 2.3.6', '/sales/opportunities', 'contact/id=7'],
    ['CW 2.3.6', '/sales/activities', 'contact/id=7'],
    ['CW 2.3.6', '/service/tickets', 'contact/id=7'],
    ['CW 2.3.6', '/project/projects', 'contact/id=7'],
  ])('%s: %s?conditions=%s', async (_, path, conditions) => {
    expect(Array.isArray(await select(path, conditions))).toBe(true);
  });

  test('CW 2.3.1: time on a ticket is what the sub-collection shows, too', async () => {
    const entries = await select(
      '/time/entries',
      '(chargeToType="ServiceTicket" OR chargeToType="ProjectTicket") AND chargeToId=1100',
    );
    const { body } = await asked.ask('/service/tickets/1100/timeentries');
    expect(entries.length).toBeGreaterThan(0);
    expect(body.map(({ id }: { id: number }) => id)).toEqual(entries.map(({ id }: { id: number }) => id));
  });
});

describe('CW 2.6: orderBy and fields', () => {
  test('CW 2.6.1: several keys, ascending where nothing is said, nothing first', async () => {
    const rows = await select('/service/tickets', 'closedFlag=false', {
      orderBy: 'priority/sort desc, id',
      fields: 'id,priority/sort',
    });
    const expected = [...rows].sort((a, b) => b.priority.sort - a.priority.sort || a.id - b.id);
    expect(rows).toEqual(expected);
    const byOwner = await select('/service/tickets', open, { orderBy: 'owner/identifier asc' });
    expect(byOwner[0]).not.toHaveProperty('owner');
  });

  test('CW 2.6.1: _info/lastUpdated desc', async () => {
    const rows = await select('/service/tickets', '', {
      orderBy: '_info/lastUpdated desc',
      fields: '_info/lastUpdated',
    });
    const times = rows.map((row: { _info: { lastUpdated: string } }) => row._info.lastUpdated);
    expect(times).toEqual([...times].sort().reverse());
  });

  test('CW 2.6.2: only the named members, nested ones inside their object, without _info', async () => {
    const [row] = await select('/service/tickets', 'id=1100', { fields: 'id,summary,status/id,board/name' });
    expect(row).toEqual({
      id: 1100,
      summary: expect.any(String),
      status: { id: expect.any(Number) },
      board: { name: expect.any(String) },
    });
  });

  test('CW 2.6.2: _info comes when asked for, unknown names are ignored, a star gives the id', async () => {
    const [row] = await select('/service/tickets', 'id=1100', { fields: 'ID,assignedTo,_info' });
    expect(Object.keys(row)).toEqual(['id', '_info']);
    expect(await select('/service/tickets', 'id=1100', { fields: '*' })).toEqual([{ id: 1100 }]);
  });

  test('CW 2.1.5, 2.6.2: fields work on single records and on POST', async () => {
    expect((await asked.ask('/service/tickets/1100', { query: { fields: 'id' } })).body).toEqual({ id: 1100 });
    const made = await startSandbox(catalog).ask('/service/tickets', {
      method: 'POST',
      body: { summary: 'x', company: { id: 2 } },
      query: { fields: 'summary' },
    });
    expect(made.body).toEqual({ summary: 'x' });
  });
});

describe('CW 2.7: errors', () => {
  test.each([
    ['/service/tickets', "resources/identifier='x'", 'resources/identifier'],
    ['/service/tickets', 'member/id=1', 'member/id'],
    ['/service/tickets', 'assignedTo/id=1', 'assignedTo/id'],
    ['/service/tickets', "initialDescription='x'", 'initialDescription'],
    ['/service/boards', "board/name='x'", 'board/name'],
    ['/finance/invoices', 'invoiceDate>[2025-01-01]', 'invoiceDate'],
    ['/service/tickets/1100/notes', "noteType='TicketNote'", 'noteType'],
    ['/company/contacts', "types/name='x'", 'types/name'],
    ['/company/contacts', "types='x'", 'types'],
  ])('CW 2.7.1, 4.2.14: %s?conditions=%s: unknown name, without errors', async (path, conditions, name) => {
    const answer = await asked.ask(path, { query: { conditions } });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ code: 'ApiFindCondition', message: `${name} is not a recognized name.` });
  });

  test.each([
    ['/finance/agreements', 'agreementStatus="Canceled"'],
    ['/finance/agreements', 'AgreementStatus Not Like "Cancelled"'],
    ['/finance/agreements', 'agreementStatus contains "Act"'],
    ['/finance/agreements', 'agreementStatus in ("Active","Nope")'],
    ['/service/tickets', 'severity > "Low"'],
  ])('CW 2.2.19, 2.7.2: %s?conditions=%s: enum misuse', async (path, conditions) => {
    const answer = await asked.ask(path, { query: { conditions } });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ code: 'ApiFindCondition', message: 'Enum value supplied was invalid' });
  });

  test.each([
    ['closedFlag=1', 'Expected a boolean value, not a numeric.'],
    ['closedFlag="true"', 'Expected a boolean value, not a string.'],
    ['id="1100"', 'Expected a numeric value, not a string.'],
    ['board/id=true', 'Expected a numeric value, not a boolean.'],
    ['summary=5', 'Expected a string value, not a numeric.'],
    ['lastUpdated>"2025-01-01"', 'Expected a datetime value, not a string.'],
    ['id like "1%"', 'Expected a numeric value, not a string.'],
  ])('CW 2.2.9, 2.7.3: conditions=%s: %s', async (conditions, beginning) => {
    const { status, body } = await asked.ask('/service/tickets', { query: { conditions } });
    expect(status).toBe(400);
    expect(body.message.startsWith(beginning), body.message).toBe(true);
    for (const word of ['quotes', 'square brackets', 'digits', 'true or false', 'null'])
      expect(body.message).toContain(word);
  });

  test.each([
    'status/name is null',
    'status/name=Open',
    'id=',
    '(id=1',
    'id=1 and',
    "summary='x",
    'lastUpdated>2025-01-01',
  ])('CW 2.7.3: conditions=%s: syntax', async (conditions) => {
    const { status, body } = await asked.ask('/service/tickets', { query: { conditions } });
    expect(status).toBe(400);
    expect(body.code).toBe('ApiFindCondition');
  });

  test('CW 2.2.2: the same on counts, in orderBy, and for in within childConditions', async () => {
    expect((await asked.ask('/service/tickets/count', { query: { conditions: 'nope=1' } })).status).toBe(400);
    expect((await asked.ask('/service/tickets', { query: { orderBy: 'nope' } })).status).toBe(400);
    expect((await asked.ask('/company/contacts', { query: { childConditions: 'types/id in (1,2)' } })).status).toBe(
      400,
    );
  });

  test('CW 2.6.4, 2.7.5: a page in a search body, verbatim', async () => {
    const text = '{"conditions":"id=1","page":2}';
    const answer = await asked.ask('/service/tickets/search', { method: 'POST', text });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      code: 'ConnectWiseApi',
      message:
        "Could not find member 'page' on object of type 'FilterValues'. Path 'page', line 1, position 28." +
        'Check your accept header to make sure you are using the correct version.',
    });
  });
});

test.each(['/service/tickets', '/project/tickets'])(
  'CW 2.6.4: %s/search lists by a body, paged by the query',
  async (path) => {
    const conditions = 'closedFlag=false';
    const listed = await asked.ask(path, { query: { conditions, pageSize: 3 } });
    const found = await asked.ask(`${path}/search`, { method: 'POST', body: { conditions }, query: { pageSize: 3 } });
    expect(found.status).toBe(200);
    expect(found.body).toEqual(listed.body);
    expect(found.body).toHaveLength(3);
  },
);
