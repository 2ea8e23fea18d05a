import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedCatalog } from '../../src/catalog/catalog.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { sharedCatalog } from '../support/shared.ts';
import { createLookupsFixture, failureOf, type LookupsFixture, scriptedLookups } from './lookups-fixture.ts';

let catalog: OpenedCatalog;
let fixture: LookupsFixture;

beforeAll(async () => {
  catalog = await sharedCatalog();
});
beforeEach(() => {
  fixture = createLookupsFixture(catalog);
});

/** How many requests something costs. */
async function cost(work: () => Promise<unknown>): Promise<number> {
  const before = fixture.requests.length;
  await work().catch((error: unknown) => {
    if (!(error instanceof GatewayError)) throw error;
  });
  return fixture.requests.length - before;
}

const minutes = (count: number) => {
  fixture.clock.now = new Date(fixture.clock.now.getTime() + count * 60_000);
};

describe('set-up', () => {
  it('is read whole once, whatever is looked up', async () => {
    const { lookups } = fixture;
    expect(await cost(() => lookups.resolve('statuses', 'new', { board: 1 }))).toBe(1);
    expect(fixture.requests[0]).toEqual({
      method: 'GET',
      path: '/service/boards/1/statuses',
      query: { pageSize: '1000', fields: 'id,name,inactive' },
    });
    expect(await cost(() => lookups.resolve('ServiceStatusReference', 'waiting c', { board: 1 }))).toBe(0);
    // The error names the board.
    expect(await cost(() => lookups.resolve('statuses', 'no such', { board: 1 }))).toBe(1);
    expect(await cost(() => lookups.listNames('statuses', { board: 1 }))).toBe(0);
    expect(await cost(() => lookups.nameOf('statuses', 2, { board: 1 }))).toBe(0);
    expect(await cost(() => lookups.resolve('statuses', 'new', { board: 2 }))).toBe(1);
  });

  it('is kept for an hour, and sites for minutes', async () => {
    const both = async () => {
      await fixture.lookups.resolve('priorities', 'low');
      await fixture.lookups.resolve('sites', 'main', { company: 1 });
    };
    expect(await cost(both)).toBe(2);
    minutes(4);
    expect(await cost(both)).toBe(0);
    minutes(2);
    expect(await cost(both)).toBe(1);
    minutes(55);
    expect(await cost(both)).toBe(2);
  });

  it.each([
    ['POST', '/service/boards/1/statuses'],
    ['PATCH', '/service/boards/1/statuses/3'],
    ['DELETE', '/Service/Boards/1/'],
  ])('is read again after %s %s, and only that', async (_, path) => {
    const { lookups } = fixture;
    const status = () => lookups.resolve('statuses', 'new', { board: 1 });
    const others = () =>
      Promise.all([lookups.resolve('statuses', 'new', { board: 2 }), lookups.resolve('priorities', 'low')]);
    await Promise.all([status(), others()]);
    lookups.dropped(path);
    expect(await cost(others)).toBe(0);
    expect(await cost(status)).toBe(1);
    expect(await cost(status)).toBe(0);
  });

  it('finds a record that was made by a write of our own', async () => {
    const { lookups } = fixture;
    await failureOf(lookups.resolve('sources', 'Carrier Pigeon'));
    const id = await fixture.make('/service/sources', { name: 'Carrier Pigeon' });
    await failureOf(lookups.resolve('sources', 'Carrier Pigeon'));
    lookups.dropped('/service/sources');
    expect(await lookups.resolve('sources', 'Carrier Pigeon')).toMatchObject({ id });
  });

  it('is asked with conditions when it is larger than a page', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({ id: index + 1, name: `Code ${index + 1}x` }));
    const late = { id: 2000, name: 'Late Role' };
    const { lookups, requests } = scriptedLookups(({ query }) => (query?.conditions ? [late] : rows));
    expect(await lookups.resolve('workRoles', 'Late Role')).toMatchObject({ id: 2000 });
    expect(await lookups.resolve('workRoles', 'Late Role')).toMatchObject({ id: 2000 });
    expect(requests.map(({ query }) => query?.conditions)).toEqual([undefined, 'name="Late Role"']);
  });
});

describe('large collections', () => {
  it('keep what was found for minutes, and nothing of what was not', async () => {
    const hit = () => fixture.lookups.resolve('companies', 'Cobalt Engineering');
    const miss = () => fixture.lookups.resolve('companies', 'Nowhere Ltd');
    expect(await cost(hit)).toBe(1);
    expect(await cost(() => fixture.lookups.resolve('companies', ' COBALT engineering '))).toBe(0);
    const first = await cost(miss);
    expect(first).toBeGreaterThan(0);
    expect(await cost(miss)).toBe(first);
    minutes(6);
    expect(await cost(hit)).toBe(1);
    fixture.lookups.dropped('/company/companies/28');
    expect(await cost(hit)).toBe(1);
  });

  it('give names to ids for one request each', async () => {
    const name = () => fixture.lookups.nameOf('CompanyReference', 28);
    expect(await cost(name)).toBe(1);
    expect(await cost(name)).toBe(0);
    expect(await name()).toMatchObject({ id: 28, name: 'Cobalt Engineering', identifier: 'CobaltEng' });
    expect(await fixture.lookups.nameOf('CompanyReference', 99_999)).toBeUndefined();
    expect(await fixture.lookups.nameOf('TicketReference', 1)).toBeUndefined();
  });
});

describe('callers at the same time', () => {
  it('share one request', async () => {
    const { lookups } = fixture;
    const boards = () => Promise.all(['service', 'projects', 'nothing'].map((name) => lookups.resolve('boards', name)));
    expect(await cost(boards)).toBe(1);
    const company = () => lookups.resolve('companies', 'Cobalt Engineering');
    expect(await cost(() => Promise.all([company(), company(), company()]))).toBe(1);
  });

  /** A list that is answered when the test says so, and records that it was cancelled. */
  function slowLookups() {
    const answers: ((rows: unknown) => void)[] = [];
    const givenUp: number[] = [];
    const scripted = scriptedLookups((_, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const index = answers.push(resolve) - 1;
      signal?.addEventListener('abort', () => {
        givenUp.push(index);
        reject(new GatewayError('cancelled', 'The call was cancelled.'));
      });
      return promise;
    });
    return { ...scripted, answers, givenUp };
  }

  it('do not lose it when one of them is cancelled', async () => {
    const { lookups, answers, givenUp } = slowLookups();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = failureOf(lookups.resolve('boards', 'desk', {}, one.signal));
    const second = lookups.resolve('boards', 'desk', {}, two.signal);
    one.abort();
    expect((await first).code).toBe('cancelled');
    expect(givenUp).toEqual([]);
    answers[0]?.([{ id: 1, name: 'Desk' }]);
    expect(await second).toMatchObject({ id: 1 });
  });

  it('cancel it when all of them are cancelled, and the next asks again', async () => {
    const { lookups, answers, givenUp } = slowLookups();
    const stop = new AbortController();
    const calls = [1, 2].map(() => failureOf(lookups.resolve('boards', 'desk', {}, stop.signal)));
    stop.abort();
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(['cancelled', 'cancelled']);
    expect(givenUp).toEqual([0]);
    const next = lookups.resolve('boards', 'desk');
    answers[1]?.([{ id: 1, name: 'Desk' }]);
    expect(await next).toMatchObject({ id: 1 });
    expect((await failureOf(lookups.resolve('boards', 'desk', {}, stop.signal))).code).toBe('cancelled');
  });

  it('do not keep what was read while a write went through', async () => {
    const { lookups, answers, requests } = slowLookups();
    const before = lookups.resolve('boards', 'desk');
    lookups.dropped('/service/boards/1');
    const after = lookups.resolve('boards', 'desk');
    answers[1]?.([{ id: 2, name: 'Desk' }]);
    await after;
    answers[0]?.([{ id: 1, name: 'Desk' }]);
    await before;
    expect(await lookups.resolve('boards', 'desk')).toMatchObject({ id: 2 });
    expect(requests).toHaveLength(2);
  });
});

describe('failures', () => {
  const forbidden = () => new GatewayError('permission_denied', 'No Member Maintenance.', { details: { status: 403 } });

  it('of /system/members for lack of rights fall back to the list that needs fewer', async () => {
    const { lookups, requests } = scriptedLookups(({ path }) => {
      if (path === '/system/members') throw forbidden();
      const row = { id: 3, identifier: 'jdoe', firstName: 'Jo', lastName: 'Doe', defaultEmail: 'jo@msp.example' };
      return [row, { ...row, id: 4, identifier: 'gone', inactiveFlag: true }];
    });
    expect(await lookups.resolve('members', 'jo@msp.example')).toMatchObject({ id: 3 });
    expect(await lookups.resolve('members', 'jo doe')).toMatchObject({ id: 3, identifier: 'jdoe' });
    expect(requests.map(({ path }) => path)).toEqual(['/system/members', '/system/info/members']);
  });

  it('are passed on and not cached; a missing name is better than an error', async () => {
    let fails = true;
    const { lookups, requests } = scriptedLookups(() => {
      if (fails) throw forbidden();
      return [{ id: 1, name: 'Desk' }, { id: 'x', name: 'No number' }, { id: 3, name: null }, 'no record'];
    });
    expect((await failureOf(lookups.resolve('boards', 'desk'))).code).toBe('permission_denied');
    expect(await lookups.nameOf('boards', 1)).toBeUndefined();
    fails = false;
    expect(await lookups.listNames('boards')).toEqual([{ id: 1, name: 'Desk' }]);
    expect(requests).toHaveLength(3);
  });

  it('of an answer that is not a list is reported', async () => {
    const { lookups } = scriptedLookups(() => ({ rows: [] }));
    expect((await failureOf(lookups.resolve('boards', 'desk'))).code).toBe('unreadable_answer');
  });
});
