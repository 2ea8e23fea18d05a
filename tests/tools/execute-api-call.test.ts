import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';

test('without a page a list is read up to 1,000 rows, kept as a table, and shown in part', async () => {
  await using app = await connect();
  const { data, text } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { fields: 'id,summary' },
  });
  expect(data.outcome).toMatch(/^COMPLETE: \d{3} rows in tickets_\d+\.$/);
  expect(text.startsWith(data.outcome)).toBe(true);
  expect(data.shown).toMatch(/^the first \d+ of \d{3} rows$/);
  expect(data.next).toContain('query_results');
});

test('a page that was asked for is PARTIAL, with the true number of rows and the next step', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { fields: 'id', pageSize: 10 },
  });
  expect(data.outcome).toMatch(/^PARTIAL: 10 of \d{3} rows in tickets_\d+; one page was read\.$/);
  expect(data.next).toContain('all_pages');
});

test('all_pages reads to the end, max_records stops before', async () => {
  await using app = await connect();
  const entries = { path: '/time/entries', params: { fields: 'id' }, all_pages: true };
  expect((await app.call('execute_api_call', entries)).data.outcome).toMatch(
    /^COMPLETE: \d,\d{3} rows in entries_\d+\.$/,
  );
  const { data } = await app.call('execute_api_call', { ...entries, max_records: 1500 });
  expect(data.outcome).toMatch(/^PARTIAL: 1,500 of \d,\d{3} rows in entries_\d+; max_records was reached\.$/);
});

test('for_each reads the lists of many records into one table', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', {
    path: '/finance/agreements/{id}/additions',
    for_each: [1, 2, 3],
  });
  expect(data.outcome).toMatch(/^COMPLETE: \d+ rows in additions_\d+\.$/);
  const whose = data.table.columns.indexOf('parentId');
  expect(new Set(data.table.rows.map((row: unknown[]) => row[whose]))).toEqual(new Set([1, 2, 3]));
});

test('for_each takes a SELECT over stored tables', async () => {
  await using app = await connect();
  const agreements = await app.call('execute_api_call', { path: '/finance/agreements', params: { fields: 'id' } });
  const [name = ''] = /agreements_\d+/.exec(agreements.data.outcome) ?? [];
  const { data } = await app.call('execute_api_call', {
    path: '/finance/agreements/{id}/additions',
    for_each: `select id from ${name} order by id limit 2`,
  });
  expect(data.notes.join(' ')).toContain('2 lists were read into one');
});

test('for_each without a place in the path, or without ids, is refused', async () => {
  await using app = await connect();
  const { text } = await app.call('execute_api_call', { path: '/service/tickets', for_each: [1] });
  expect(text).toMatch(/^invalid_argument: .*no place/);
  const none = await app.call('execute_api_call', { path: '/service/tickets/{id}/notes', for_each: [] });
  expect(none.text).toMatch(/^invalid_argument: for_each gives no ids/);
});

test('sql over it makes a report of one call', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', {
    path: '/time/entries',
    all_pages: true,
    sql: 'select member_identifier, round(sum(actualHours), 1) hours from it group by 1 order by 2 desc',
  });
  expect(data.outcome).toMatch(/^COMPLETE: \d,\d{3} rows in entries_\d+\. The query returned \d+ rows\.$/);
  expect(data.table.columns).toEqual(['member_identifier', 'hours']);
  const hours = data.table.rows.map((row: number[]) => row[1]);
  expect(hours).toEqual([...hours].sort((a, b) => b - a));
});

test('sql has a result also if no record fills a column, or if there is no record', async () => {
  await using app = await connect();
  const ask = (conditions: string) =>
    app.call('execute_api_call', {
      path: '/service/tickets',
      params: { conditions },
      sql: 'select count(*) open, count(owner_id) owned from it',
    });
  const unassigned = await ask('closedFlag=false and owner=null');
  expect(unassigned.data.table.rows).toEqual([[expect.any(Number), 0]]);
  expect(unassigned.data.table.rows[0][0]).toBeGreaterThan(0);
  const none = await ask('id=1');
  expect(none.data.table.rows).toEqual([[0, 0]]);
  expect(none.text).toContain('No rows are visible to this login');
});

test('sql over a joined table that is not whole is PARTIAL', async () => {
  await using app = await connect();
  const entries = await app.call('execute_api_call', { path: '/time/entries', params: { pageSize: 5 } });
  const [, table = ''] = / in (\w+)/.exec(entries.data.outcome) ?? [];
  const joined = await app.call('execute_api_call', {
    path: '/system/members',
    all_pages: true,
    sql: `select identifier from it where id not in (select member_id from ${table})`,
  });
  expect(joined.data.outcome).toMatch(new RegExp(`^PARTIAL: ${table} holds .* COMPLETE: \\d+ rows in members_`));
});

test('sql keeps columns of one name apart, texts whole, and leaves out what * brings and no row fills', async () => {
  await using app = await connect();
  const ask = (sql: string) => app.call('execute_api_call', { path: '/service/boards', sql });
  expect((await ask('select 1 id, 2 id')).data.table).toEqual({ columns: ['id', 'id'], rows: [[1, 2]] });
  const long = 'word '.repeat(60).trim();
  expect((await ask(`select '${long}' text from it limit 1`)).data.table.rows).toEqual([[long]]);
  const { columns, rows } = (await ask('select * from it limit 1')).data.table;
  expect(columns).toContain('name');
  expect(columns).not.toContain('_record');
  expect(rows[0]).not.toContain(null);
});

test('a list that ends on its first page is COMPLETE', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', { path: '/service/boards' });
  expect(data.outcome).toMatch(/^COMPLETE: \d+ rows in boards_\d+\.$/);
  expect(data.next).toBeUndefined();
});

test('a list whose rows do not fit shows whole rows and says so', async () => {
  await using app = await connect();
  const { data, text } = await app.call('execute_api_call', { path: '/service/tickets', params: { pageSize: 500 } });
  expect(data.shown).toMatch(/ of 500 rows$/);
  expect(data.table.rows.every((row: unknown[]) => row.length === data.table.columns.length)).toBe(true);
  expect(Buffer.byteLength(text) / 4).toBeLessThanOrEqual(1_500);
  expect(Buffer.byteLength(JSON.stringify(data)) / 4).toBeLessThanOrEqual(1_500);
});

test('an empty list says that others may exist', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', { path: '/service/tickets', params: { conditions: 'id<0' } });
  expect(data.outcome).toBe('COMPLETE: 0 rows.');
  expect(data.notes.join()).toContain('No rows are visible to this login');
});

test('pageId goes on behind that id, with its header, and without page and order', async () => {
  await using app = await connect();
  const params = { pageId: '1100', page: '1', orderBy: 'id desc', pageSize: '30', fields: 'id' };
  const { data } = await app.call('execute_api_call', { path: '/service/tickets', params });
  expect(data.table.rows.flat().slice(0, 2)).toEqual([1101, 1102]);
  expect(data.outcome).toMatch(/^PARTIAL: 30 of /);
  expect(data.notes.join()).toMatch(/page and orderBy were left out/);
  expect(data.next).toContain('"pageId":"1130"');
  const all = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { pageId: 1500 },
    all_pages: true,
  });
  expect(all.data.outcome).toMatch(/^PARTIAL: 100 of .*a later page was asked for/);
  const wrong = await app.call('execute_api_call', { path: '/service/tickets', params: { pageId: 'next' } });
  expect([wrong.isError, wrong.text]).toEqual([true, expect.stringMatching(/pageId "next" is not an id/)]);
});

test('an empty list of set-up, which no role hides in part, does not', async () => {
  await using app = await connect();
  const path = '/service/boards/1/statuses';
  const { data } = await app.call('execute_api_call', { path, params: { conditions: 'id<0' } });
  expect(data.outcome).toBe('COMPLETE: 0 rows.');
  expect(data.notes ?? []).toEqual([]);
});

test('a count is a number', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', { path: '/service/tickets/count', params: {} });
  expect(data.count).toBeGreaterThan(500);
});

test.each([
  ['service/tickets/count', {}],
  ['/service/tickets/count/', {}],
  ['/v4_6_release/apis/3.0/service/tickets/count', {}],
  ['/Service/Tickets/count', {}],
  ["/service/tickets/count?conditions=status/name = 'Open' and closedFlag=false", undefined],
  ['/service/tickets/count?conditions=status%2Fname%20%3D%20%27Open%27', undefined],
])('the path %s is understood', async (path, params) => {
  await using app = await connect();
  const { data, isError, text } = await app.call('execute_api_call', { path, ...(params ? { params } : {}) });
  expect(isError, text).toBe(false);
  expect(data.count).toBeGreaterThan(0);
});

test('placeholders are filled from params, in any case', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', {
    path: '/company/companies/{id}',
    method: 'get',
    params: { ID: 2 },
  });
  expect(data.record.id).toBe(2);
});

test('params and data may be JSON text', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', { path: '/service/tickets', params: '{"conditions":"id<0"}' });
  expect(data.outcome).toBe('COMPLETE: 0 rows.');
});

test('a path outside the catalog is refused with the nearest endpoints', async () => {
  await using app = await connect();
  const { text, isError } = await app.call('execute_api_call', { path: '/service/tickts' });
  expect(isError).toBe(true);
  expect(text).toMatch(/^unknown_endpoint: .*\/service\/tickts/);
  expect(text).toContain('GET /service/tickets');
});

test('a method that the path lacks is answered with those it has', async () => {
  await using app = await connect();
  const { text } = await app.call('execute_api_call', { path: '/service/tickets/5/merge', method: 'DELETE' });
  expect(text).toContain('it has POST');
});

test('send_raw_api_request sends what the catalog does not know, with a warning', async () => {
  await using app = await connect();
  const { text, isError } = await app.call('send_raw_api_request', { raw_request: 'GET /service/unheardOf?page=1' });
  // It left the gateway: the refusal is the sandbox's.
  expect(isError).toBe(true);
  expect(text).toContain('The endpoint does not exist.');
});

test('a GET with a body is refused before anything is sent', async () => {
  await using app = await connect();
  const { text } = await app.call('execute_api_call', { path: '/service/tickets', data: { summary: 'x' } });
  expect(text).toMatch(/^invalid_argument: A GET has no body/);
});

test("ConnectWise's own words are passed through as foreign text", async () => {
  await using app = await connect();
  const { text } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: 'assignedTo/id=5' },
    strict: false,
  });
  expect(text).toMatch(/^request_rejected: /);
  expect(text).toContain('assignedTo/id is not a recognized name.');
});

test('a record that is not there is a record_not_found', async () => {
  await using app = await connect();
  const { text } = await app.call('execute_api_call', { path: '/service/tickets/99999999' });
  expect(text).toMatch(/^record_not_found: /);
});

test('records are enclosed in markers, nulls and _info are left out unless asked for', async () => {
  await using app = await connect();
  const { text, data } = await app.call('execute_api_call', { path: '/company/companies/2', params: {} });
  expect(text).toMatch(/<data id\d+>[\s\S]*<\/data id\d+>/);
  expect(data.record).not.toHaveProperty('_info');
  const asked = await app.call('execute_api_call', { path: '/company/companies/2', params: { fields: 'id,_info' } });
  expect(asked.data.record._info.lastUpdated).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d \S+$/);
});

test('a name that ConnectWise does not know is refused with the right one before anything is sent', async () => {
  await using app = await connect();
  const { text } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: "statusName='Open'" },
  });
  expect(text).toMatch(/^invalid_conditions: /);
  expect(text).toContain("status/name='Open'");
});

test('a certain mistake is repaired, said, and sent', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', {
    path: '/service/tickets/count',
    params: { conditions: "closedFlag == 'false'" },
  });
  expect(data.count).toBeGreaterThan(0);
  expect(data.notes.join(' ')).toMatch(/false/);
});

test('the filters of a POST search are checked like conditions', async () => {
  await using app = await connect();
  const search = (conditions: string) =>
    app.call('execute_api_call', { path: '/service/tickets/search', method: 'POST', data: { conditions } });
  expect((await search("statusName='Open'")).text).toMatch(/^invalid_conditions: /);
  expect((await search("status/name='Open' && closedFlag=false")).isError).toBe(false);
});

test('dates are read in the zone of the user, and shown in it', async () => {
  await using app = await connect({ environment: { CONNECTWISE_TIMEZONE: 'America/New_York' } });
  const { data } = await app.call('execute_api_call', {
    path: '/time/entries',
    params: { conditions: 'timeStart >= last week', fields: 'id,timeStart', pageSize: 3, orderBy: 'timeStart asc' },
  });
  expect(data.notes.join(' ')).toContain('2026-03-02T05:00:00Z');
  for (const [, time] of data.table.rows) expect(time).toMatch(/^2026-03-\d\d \d\d:\d\d E[SD]T$/);
});

test('a column that was asked for stays where all its cells are empty', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: 'owner=null and closedFlag=false', fields: 'id,owner/identifier', pageSize: 2 },
  });
  expect(data.table.columns).toEqual(['id', 'owner/identifier']);
});

test('no rows for a name that does not exist offers the nearest names', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: "board/name='Service Dsk'" },
  });
  expect(data.outcome).toBe('COMPLETE: 0 rows.');
  expect(data.notes.join(' ')).toContain('Service Desk');
});

const manyIds = Array.from({ length: 600 }, (_, at) => 1001 + at).join(', ');

test('filters too long for a URL go by POST search where there is one', async () => {
  await using app = await connect();
  const { data, isError, text } = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions: `id in (${manyIds}) and closedFlag=false`, fields: 'id,closedFlag' },
  });
  expect(isError, text).toBe(false);
  expect(data.outcome).toMatch(/^COMPLETE: \d+ rows in tickets_/);
  expect(data.table.rows.every((row: unknown[]) => row[1] === false)).toBe(true);
});

test('elsewhere a long list of ids is asked in parts, with what else was asked for', async () => {
  await using app = await connect();
  const ids = Array.from({ length: 500 }, (_, at) => at + 1).join(', ');
  const long = await app.call('execute_api_call', {
    path: '/company/configurations',
    params: { conditions: `id in (${ids}) and activeFlag=true`, fields: 'id' },
  });
  const short = await app.call('execute_api_call', {
    path: '/company/configurations/count',
    params: { conditions: 'activeFlag=true and id<=500' },
  });
  expect(long.data.outcome).toMatch(new RegExp(`^COMPLETE: ${short.data.count} rows`));
});

test('what is too long and cannot be asked otherwise is refused with a way out', async () => {
  await using app = await connect();
  const names = Array.from({ length: 200 }, (_, at) => `'Company number ${at}'`).join(', ');
  const { text } = await app.call('execute_api_call', {
    path: '/company/companies',
    params: { conditions: `name in (${names})` },
  });
  expect(text).toMatch(/^invalid_conditions: The request would be \d+ characters long; ConnectWise accepts 2000/);
});

test('conditions on a flag of the statuses are refused with the ids that do it', async () => {
  await using app = await connect();
  const ask = (conditions: string, path = '/sales/opportunities') =>
    app.call('execute_api_call', { path, params: { conditions, fields: 'id' } });
  const statuses = await app.call('execute_api_call', {
    path: '/sales/opportunities/statuses',
    params: { conditions: 'closedFlag=false', fields: 'id' },
  });
  const ids = statuses.data.table.rows.flat().join(',');
  for (const written of ['closedFlag=false', 'closedFlag != true', 'open=true']) {
    const { text } = await ask(`id>0 and ${written}`);
    expect(text).toMatch(/^invalid_conditions: /);
    expect(text).toContain(`Corrected: id>0 and status/id in (${ids})\n`);
  }
  expect((await ask('closedFlag=false', '/sales/opportunities/count')).text).toContain(`status/id in (${ids})`);
  expect((await ask(`id>0 and status/id in (${ids})`)).data.outcome).toMatch(/^COMPLETE: [1-9]/);
  const both = await ask('wonFlag=true or lostFlag=true');
  expect(both.text).toMatch(/Corrected: status\/id in \([\d,]+\) or status\/id in \([\d,]+\)\n/);
  // Other faults are as they were.
  expect((await ask('nothing=1')).text).not.toContain('status/id');
});

describe('what people and clients write is corrected where it is certain', () => {
  let app: Connection;
  const api = (given: Record<string, unknown>) => app.call('execute_api_call', given);
  beforeAll(async () => {
    app = await connect();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test.each([['[1534,1535]'], ['["#1534", "1535"]'], ['#1534, #1535'], ['1534;1535'], [['#1534', 1535]]])(
    'for_each %j is two ids, of a read and of a write',
    async (forEach) => {
      const path = '/service/tickets/{id}/notes';
      expect((await api({ path, for_each: forEach })).text).toContain('2 lists were read into one');
      const data = { summary: 'Two of many' };
      const many = await api({ path: '/service/tickets/{id}', method: 'PATCH', for_each: forEach, data });
      expect(many.data.records).toBe(2);
    },
  );

  test.each([['[1534,'], ['[1534'], ['first'], [['1534]']], [[{}]], ['[[1534]]'], ['']])(
    'for_each %j is refused before any request',
    async (forEach) => {
      for (const method of ['GET', 'PATCH']) {
        const path = method === 'GET' ? '/service/tickets/{id}/notes' : '/service/tickets/{id}';
        const { text } = await api({ path, method, for_each: forEach, ...(method === 'PATCH' && { data: { id: 1 } }) });
        expect(text).toMatch(/^invalid_argument: (execute_api_call: )?(for_each|The path .* needs)/);
      }
    },
  );

  test('the number of a ticket may have its #, in the path and in params', async () => {
    const params = { fields: 'id' };
    for (const given of [
      { path: '#1534', params },
      { path: '/service/tickets/#1534', params },
      { path: '/service/tickets/{id}', params: { ...params, id: '#1534' } },
      { path: '/Service/TICKETS/1534', params },
    ])
      expect((await api(given)).data.record).toEqual({ id: 1534 });
    const { data } = await api({ path: '/SERVICE/Tickets/Count', params: { conditions: 'id=#1534' } });
    expect(data.count).toBe(1);
  });

  test('a module that is left out is added where only one fits', async () => {
    const { text } = await api({ path: 'companies', params: { fields: 'id' } });
    expect(text).toMatch(/^COMPLETE: .*\nNote: \/companies was read as \/company\/companies\./);
    expect((await api({ path: 'tickets' })).text).toMatch(/^unknown_endpoint: .*\n.*GET \/service\/tickets/);
  });

  test('{me} and dates are filled in conditions, and a person may be compared as such', async () => {
    const path = '/service/tickets';
    expect((await api({ path, params: { conditions: 'owner={me}' } })).text).toMatch(/^invalid_argument: {me} needs/);
    const me = { path: '/gateway/me', method: 'PUT', data: { member: 'jordan MARSH', timeZone: '' } };
    expect((await api(me)).text).toMatch(
      /^invalid_argument: PUT \/gateway\/me changed nothing.*\n.*save_to_fast_memory/,
    );
    const saved = await app.call('save_to_fast_memory', { ...me, description: 'Who I am' });
    expect(saved.data.me).toMatchObject({ member: 'jmarsh' });
    const count = async (conditions: string) =>
      (await api({ path: `${path}/count`, params: { conditions } })).data.count as number;
    const mine = await count("owner/identifier='jmarsh' and dateEntered < [today]");
    expect(mine).toBeGreaterThan(0);
    for (const conditions of ['owner={me}', 'owner = "{me}"', 'owner/identifier={me}', 'owner/id = {me}'])
      expect(await count(`${conditions} and dateEntered < {today}`)).toBe(mine);
    expect((await api({ path, params: { conditions: 'owner={me}', pageSize: 1 } })).text).toContain('With me=jmarsh.');
    const body = { conditions: 'owner={me} and dateEntered < {today}', page: 1, pageSize: 1000, fields: 'id' };
    const found = await api({ path: `${path}/search`, method: 'POST', data: body });
    expect(found.data.outcome).toContain(`COMPLETE: ${mine} rows`);
    expect(found.data.table.columns).toEqual(['id']);
    expect(found.text).not.toContain('no parameter');
    const other = await api({ path, params: { conditions: 'owner={them}' } });
    expect(other.text).toMatch(/^invalid_conditions: .*placeholder/s);
  });

  test('a list of a saved query may come as JSON text', async () => {
    const params = { conditions: 'id in ({ids})', fields: 'id' };
    await app.call('save_to_fast_memory', {
      path: '/service/tickets',
      description: 'By number',
      name: 'by-id',
      params,
    });
    const run = await app.call('run_fast_memory', { query: 'by-id', arguments: { ids: '["#1536", "1537"]' } });
    expect(run.data.table.rows).toEqual([[1536], [1537]]);
  });

  test('a member is not guessed', async () => {
    const me = { path: '/gateway/me', method: 'PUT', data: { member: 'Jordan' }, description: 'Who I am' };
    const { text } = await app.call('save_to_fast_memory', me);
    expect(text).toMatch(/^invalid_body: ConnectWise has no member "Jordan"/);
  });

  test('brackets in like are text, in a list, a search by POST and a saved query', async () => {
    const data = { summary: '[SLB-4711] Disk full', company: 'Larkspur Biotech', board: 'Service Desk' };
    const prepared = await api({ path: '/service/tickets', method: 'POST', data });
    await app.call('confirm_api_write', { change_id: prepared.data.change_id });
    const conditions = "summary like '[SLB-4711]%'";
    const list = await api({ path: '/service/tickets', params: { conditions, fields: 'summary' } });
    expect(list.data.table.rows.map((row: unknown[]) => row.at(-1))).toEqual([data.summary]);
    expect(list.data.notes.join()).toContain('[[]');
    const search = await api({ path: '/service/tickets/search', method: 'POST', data: { conditions } });
    expect(search.data.outcome).toContain('COMPLETE: 1 row');
    const saved = {
      path: '/service/tickets',
      description: 'SLB',
      name: 'slb',
      params: { conditions: 'summary like "[{x}]%"' },
    };
    await app.call('save_to_fast_memory', saved);
    const run = await app.call('run_fast_memory', { query: 'slb', arguments: { x: 'SLB-4711' } });
    expect(run.data.outcome).toContain('COMPLETE: 1 row');
    const without = { conditions: `not (${conditions}) and summary not like '[SLB-4711]%'` };
    const others = await api({ path: '/service/tickets/count', params: without });
    const all = await api({ path: '/service/tickets/count', params: {} });
    expect(others.data.count).toBe(all.data.count - 1);
  });
});

test('a list shows custom fields by caption, arrays by their names, and the dates of _info', async () => {
  await using app = await connect();
  const list = async (fields?: string) =>
    (
      await app.call('execute_api_call', {
        path: '/company/companies',
        params: { pageSize: 2, ...(fields !== undefined && { fields }) },
      })
    ).data;
  expect((await list('id,types,customFields,_info/dateEntered')).table).toEqual({
    columns: ['id', 'types', 'customFields/Account tier', '_info/dateEntered'],
    rows: [
      [1, 'Managed Client', 'Bronze', '2023-06-24 15:00 UTC'],
      [2, 'Client', 'Gold', '2020-07-01 15:00 UTC'],
    ],
  });
  const notes = (await list()).notes.join(' ');
  expect(notes).toMatch(/More columns, .* types, .* customFields, _info\/lastUpdated, _info\/dateEntered\./);
});

test('what no row fills is said in one line, first what the filter names: else the filter seems to hold', async () => {
  await using app = await connect();
  const call = { path: '/time/entries', params: { conditions: 'invoice/id=null and hourlyCost=null', pageSize: 1000 } };
  const { data } = await app.call('execute_api_call', call);
  expect(data.notes).toContainEqual(
    expect.stringMatching(/^Empty in all 1,000 rows: invoice, hourlyCost, .* … \(\d+\)\.$/),
  );
  const sql = 'select sum(actualHours) > 0 from it where invoice_id is null and hourlyCost is null';
  const asked = await app.call('execute_api_call', { ...call, sql });
  expect(asked.data.notes).toContain('Empty in every row of it: hourlyCost, invoice_id.');
  expect(asked.data.table.rows).toEqual([[1]]);
});

test('an array that is asked for names its table, which SQL joins', async () => {
  await using app = await connect();
  const params = { fields: 'id,types', conditions: 'id<3' };
  const { data } = await app.call('execute_api_call', { path: '/company/companies', params });
  const [, note = ''] =
    /^(types: table companies_\d+_types \(parent_id, id, name\)\.)$/m.exec(data.notes.join('\n')) ?? [];
  const [table = ''] = /companies_\d+_types/.exec(note) ?? [];
  const sql = `select parent_id, name from ${table} order by 1`;
  expect((await app.call('query_results', { sql })).data.table.rows).toEqual([
    [1, 'Managed Client'],
    [2, 'Client'],
  ]);
});

test('sql reads the dates of _info under both names', async () => {
  await using app = await connect();
  const { data } = await app.call('execute_api_call', {
    path: '/company/companies',
    params: { fields: 'id,_info/dateEntered', conditions: 'id<3', orderBy: 'id' },
    sql: 'select id, dateEntered, _info_dateEntered from it',
  });
  expect(data.table.rows).toEqual([
    [1, '2023-06-24T15:00:00Z', '2023-06-24T15:00:00Z'],
    [2, '2020-07-01T15:00:00Z', '2020-07-01T15:00:00Z'],
  ]);
});

test('an error in sql keeps the rows and says where, and query_results asks them', async () => {
  await using app = await connect();
  const ask = (conditions: string) =>
    app.call('execute_api_call', {
      path: '/company/companies',
      params: { fields: 'id,name', conditions },
      sql: 'select nam from it',
    });
  await app.call('execute_api_call', { path: '/service/boards' });
  const { text } = await ask('id<4');
  const [, table = ''] =
    /^invalid_sql: There is no column nam\. Did you mean name\? The 3 rows are kept as (companies_\d+): query_results asks it again\./.exec(
      text,
    ) ?? [];
  expect(text).toContain('Columns of it: id, name');
  expect(text).not.toContain('boards');
  expect((await app.call('query_results', { sql: `select count(name) from ${table}` })).data.table.rows).toEqual([[3]]);
  expect((await ask('id<0')).text).toMatch(
    /^invalid_sql: There is no column nam\. Did you mean name\? it has no rows\.\n/,
  );
});
