import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import type { LookupKind } from '../../src/connectwise/lookups/tables.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { sharedCatalog } from '../support/shared.ts';
import { createWorld, failureOf, scriptedLookups, type World } from './lookups-world.ts';

let catalog: OpenedCatalog;
let world: World;

beforeAll(async () => {
  catalog = await sharedCatalog();
});
beforeEach(() => {
  world = createWorld(catalog);
});

function expectRefusal(error: unknown): undefined {
  expect(error instanceof GatewayError ? error.code : error).toBe('invalid_body');
  return undefined;
}

const makeBoard = (name: string, more: object = {}) =>
  world.make('/service/boards', { name, location: { id: 1 }, department: { id: 1 }, ...more });
const makeStatus = (board: number, name: string, more: object = {}) =>
  world.make(`/service/boards/${board}/statuses`, { name, ...more });
const makeCompany = (name: string, identifier: string, more: object = {}) =>
  world.make('/company/companies', { name, identifier, site: { name: 'Main' }, addressLine1: '1 Road', ...more });

describe('resolve', () => {
  const seeded: [LookupKind, string, object, string][] = [
    ['priorities', 'critical', {}, 'Critical'],
    ['sources', 'PORTAL', {}, 'Portal'],
    ['serviceLocations', ' on-site ', {}, 'On-Site'],
    ['locations', 'ports', {}, 'Portsmouth'],
    ['departments', 'service', {}, 'Professional Services'],
    ['workTypes', 'after', {}, 'After Hours'],
    ['workRoles', 'Engineer', {}, 'Engineer'],
    ['scheduleTypes', 's', {}, 'Service'],
    ['opportunityTypes', 'renewal', {}, 'Renewal'],
    ['communicationTypes', 'cell', {}, 'Cell'],
    ['configurationStatuses', 'stock', {}, 'In Stock'],
    ['companies', 'northgatemfg', {}, 'Northgate Manufacturing'],
    ['companies', 'Summit', {}, 'Summit Orthopedics'],
    ['companies', 'Title & Escrow', {}, 'Fairmont Title & Escrow'],
    ['sites', 'ware', { company: 2 }, 'Warehouse'],
  ];
  test.each(seeded)('%s: "%s"', async (kind, text, parents, name) => {
    expect(await world.lookups.resolve(kind, text, parents)).toMatchObject({ name });
  });

  it('says how sure it is', async () => {
    const how = async (text: string) => (await world.lookups.resolve('companies', text)).matchedBy;
    expect([await how('CobaltEng'), await how('cobalt'), await how('gineering'), await how('28')]).toEqual([
      'exact',
      'prefix',
      'contains',
      'id',
    ]);
  });

  it('finds a member by identifier, by name, and by e-mail address', async () => {
    const members = [
      { id: 899, identifier: 'zoraq', firstName: 'Ada', lastName: 'Holt' },
      { id: 900, identifier: 'zquill', firstName: 'Zora', lastName: 'Quill', officeEmail: 'zora.q@msp.example' },
    ];
    const { lookups } = scriptedLookups(() => members);
    for (const text of ['ZQUILL', 'zora quill', 'Zora Q', 'quill', 'Zora.Q@msp.example']) {
      expect(await lookups.resolve('members', text)).toMatchObject({ id: 900, identifier: 'zquill' });
    }
  });

  it('finds a contact by first, last and full name, and by e-mail address', async () => {
    const item = { type: { id: 1 }, value: 'zora.q@acme.example', defaultFlag: true, communicationType: 'Email' };
    const zora = { firstName: 'Zora Mae', lastName: 'van Quill', company: { id: 3 }, communicationItems: [item] };
    const id = await world.make('/company/contacts', zora);
    for (const text of ['Zora Mae van Quill', 'zora mae van', 'zora', 'quill', 'mae van q', 'ZORA.Q@acme.example']) {
      expect(await world.lookups.resolve('contacts', text)).toMatchObject({ id, name: 'Zora Mae van Quill' });
    }
    await expect(world.lookups.resolve('contacts', 'zora', { company: 4 })).rejects.toThrow('no contact named "zora"');
    expect(await failureOf(world.lookups.resolve('contacts', 'nobody@acme.example'))).toMatchObject({
      code: 'invalid_body',
    });
  });

  it('takes the status of the board that is meant', async () => {
    const [one, other] = [await makeBoard('Quokka Desk'), await makeBoard('Wombat Desk')];
    const ids = [await makeStatus(one, 'Parked'), await makeStatus(other, 'Parked')];
    const found = await Promise.all(
      [one, other].map((board) => world.lookups.resolve('statuses', 'parked', { board })),
    );
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(await failureOf(world.lookups.resolve('statuses', 'parked'))).toMatchObject({
      message: 'A status belongs to a board, and none is given.',
      details: { field: 'board' },
    });
  });

  it('never picks one of several companies, sites or boards', async () => {
    const ids = [await makeCompany('Acme Tools', 'AcmeTools'), await makeCompany('Acme Toys', 'AcmeToys')];
    const failure = await failureOf(world.lookups.resolve('companies', 'acme'));
    expect(failure.message).toBe('"acme" matches 2 companies; none was chosen.');
    expect(failure.details.candidates).toEqual([`Acme Tools (${ids[0]})`, `Acme Toys (${ids[1]})`]);
    expect(failure.details.matches).toMatchObject([{ id: ids[0], identifier: 'AcmeTools' }, { id: ids[1] }]);
    for (const name of ['North Hall', 'North Yard']) await world.make(`/company/companies/1/sites`, { name });
    const site = await failureOf(world.lookups.resolve('sites', 'north', { company: 1 }));
    expect(site.details.candidates).toHaveLength(2);
    await makeCompany('Toys', 'Toys');
    expect(await world.lookups.resolve('companies', 'toys')).toMatchObject({ name: 'Toys', matchedBy: 'exact' });
  });

  it('names no more than ten of many', async () => {
    for (let count = 1; count <= 12; count += 1) await makeCompany(`Zed Works ${count}`, `Zed${count}`);
    const failure = await failureOf(world.lookups.resolve('companies', 'works'));
    expect(failure.details.candidates).toHaveLength(10);
    expect(failure.message).toMatch(/^"works" matches 1\d companies/);
  });

  it('does not guess from a letter or two', async () => {
    // One company begins with an e, and one has "yz" within its name.
    await makeCompany('Xyzzy Partners', 'Xyzzy');
    for (const text of ['e', 'yz']) {
      expect((await failureOf(world.lookups.resolve('companies', text))).message).toMatch(
        /^ConnectWise shows no company named/,
      );
    }
    expect(await world.lookups.resolve('companies', 'xy')).toMatchObject({ name: 'Xyzzy Partners' });
  });

  it('never finds what is inactive, deleted or ended', async () => {
    const board = await makeBoard('Quokka Desk');
    const status = await makeStatus(board, 'Parked (old)', { inactive: true });
    await makeStatus(board, 'Parking');
    await makeBoard('Wombat Desk', { inactiveFlag: true });
    await makeCompany('Zebulon Freight', 'Zebulon', { deletedFlag: true });
    const { lookups } = world;
    expect(await lookups.resolve('statuses', 'park', { board })).toMatchObject({ name: 'Parking' });
    const refused: [LookupKind, string, object?][] = [
      ['statuses', 'Parked (old)', { board }],
      ['statuses', String(status), { board }],
      ['boards', 'Wombat'],
      ['boards', 'Wombat Desk'],
      ['companies', 'Zebulon'],
      ['companies', 'Zebulon Fr'],
    ];
    for (const [kind, text, parents] of refused) {
      expect((await failureOf(lookups.resolve(kind, text, parents))).code).toBe('invalid_body');
    }
    await expect(lookups.resolve('statuses', 'parked (OLD)', { board })).rejects.toThrow(
      `The status "Parked (old)" (${status}) is no longer in use.`,
    );
    const listed = await lookups.listNames('statuses', { board });
    expect(listed.map(({ name }) => name)).not.toContain('Parked (old)');
    expect(await lookups.nameOf('ServiceStatusReference', status, { board })).toMatchObject({ name: 'Parked (old)' });
  });

  it('offers the nearest names where there is none', async () => {
    const priority = await failureOf(world.lookups.resolve('priorities', 'critcal'));
    expect(priority).toMatchObject({ code: 'invalid_body', message: 'ConnectWise shows no priority named "critcal".' });
    expect(priority.details.candidates?.[0]).toBe('Critical (1)');
    const company = await failureOf(world.lookups.resolve('companies', 'Northgate Manufactoring'));
    expect(company.details.candidates?.[0]).toBe('Northgate Manufacturing (2)');
  });

  const awkward = [`O'Neil & Sons`, `The "Best" Shop`, `O'Neil "Best" Shop`, String.raw`Back\slash\ `, '100% [A]_*'];
  test.each(awkward)('finds a company called %s', async (name) => {
    const id = await makeCompany(name, 'Awkward');
    await makeCompany(`${name}x`, 'Decoy');
    expect(await world.lookups.resolve('companies', name)).toMatchObject({ id, matchedBy: 'exact' });
    await expect(world.lookups.resolve('companies', name.trim().slice(0, -1))).rejects.toThrow('matches 2 companies');
  });

  it('takes digits for an id, and checks it', async () => {
    const board = await makeBoard('Level 99');
    const { lookups } = world;
    expect(await lookups.resolve('boards', String(board))).toMatchObject({ id: board, matchedBy: 'id' });
    expect(await lookups.resolve('companies', 5)).toMatchObject({ name: 'Summit Orthopedics', matchedBy: 'id' });
    // "Level 99" contains it, but is not meant.
    for (const kind of ['boards', 'companies']) {
      expect((await failureOf(lookups.resolve(kind, '99'))).message).toMatch(/^ConnectWise shows no \w+ named "99"/);
      expect((await failureOf(lookups.resolve(kind, 99))).message).toMatch(/^ConnectWise shows no \w+ with the id 99/);
    }
  });

  it('never picks between an id and a name that is a number', async () => {
    const id = await makeCompany('Numbers', '7');
    const failure = await failureOf(world.lookups.resolve('companies', '7'));
    expect(failure.details.candidates).toEqual(['Pilgrim Insurance Agency (7)', `Numbers (${id})`]);
    expect(await world.lookups.resolve('companies', 7)).toMatchObject({ id: 7 });
  });

  it('returns only records whose name or identifier holds the text', async () => {
    const { lookups } = world;
    const names = (await lookups.listNames('companies')).flatMap(({ name, identifier = '' }) => [name, identifier]);
    const part = fc
      .tuple(fc.constantFrom(...names), fc.nat(30), fc.integer({ min: 1, max: 12 }))
      .map(([name, from, length]) => name.slice(from % name.length).slice(0, length));
    const text = fc.oneof(
      part,
      part.map((some) => some.toUpperCase()),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(text, async (wanted) => {
        const found = await lookups.resolve('companies', wanted).catch(expectRefusal);
        if (found === undefined || found.matchedBy === 'id') return;
        const labels = [found.name, found.identifier ?? ''].map((label) => label.toLowerCase());
        expect(labels.some((label) => label.includes(wanted.trim().toLowerCase()))).toBe(true);
        const alike = names.filter((name) => name.toLowerCase() === wanted.trim().toLowerCase());
        if (found.matchedBy !== 'exact') expect(alike).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('refuses an empty name without asking', async () => {
    expect(await failureOf(world.lookups.resolve('boards', '  '))).toMatchObject({ code: 'invalid_body' });
    expect(world.requests).toEqual([]);
  });
});
