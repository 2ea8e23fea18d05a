import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../support/connect.ts';
import { readWholeList } from '../support/read-list.ts';

type Row = Readonly<Record<string, unknown>>;

let app: Connection;
beforeAll(async () => {
  app = await connect();
  mkdirSync(join(app.dataDir, 'sandbox'), { recursive: true });
  // A new member is denied by default.
  const policy = { allow: ['POST /system/members', 'POST /system/members *'] };
  writeFileSync(join(app.dataDir, 'sandbox', 'policy.json'), JSON.stringify(policy));
});
afterAll(() => app[Symbol.asyncDispose]());

const readAll = async (path: string) => readWholeList(await app.gateway.context.client(), path);

const idsIn = (data: { table?: { columns: string[]; rows: unknown[][] } }): number[] =>
  (data.table?.rows ?? []).map((row) => Number(row[data.table?.columns.indexOf('id') ?? 0]));
const sorted = (ids: readonly number[]) => [...ids].sort((one, other) => one - other);
const idsOf = (rows: readonly Row[]) => sorted(rows.map(({ id }) => Number(id)));

test('a member whose identifier is within another finds only their own tickets', async () => {
  const create = async (path: string, data: unknown) => {
    const { data: prepared } = await app.call('execute_api_call', { method: 'POST', path, data });
    const { text } = await app.call('confirm_api_write', { change_id: prepared.change_id });
    expect(text).toMatch(/^SENT/);
  };
  const [model = {}] = (await readAll('/system/members')).filter(({ identifier }) => identifier === 'asmith');
  const { id: _, ...like } = model;
  const made = { ...like, identifier: 'smith', firstName: 'Sam', lastName: 'Mith' };
  await create('/system/members', made);
  const others = (await readAll('/service/tickets')).filter(
    ({ closedFlag, resources }) => closedFlag === false && String(resources ?? '').includes('asmith'),
  );
  const shared = Number(others[0]?.id);
  for (const objectId of [shared, 1417]) {
    await create('/schedule/entries', { member: { identifier: 'smith' }, objectId, type: { id: 4 } });
  }
  const expected = sorted([shared, 1417]);
  expect(others.length).toBeGreaterThan(2);

  const built = await app.call('run_fast_memory', { query: 'my-open-tickets', arguments: { member: 'smith' } });
  expect(sorted(idsIn(built.data))).toEqual(expected);
  expect(built.data.notes.join()).not.toContain('looked for');

  const conditions = 'closedFlag=false and resources contains "smith"';
  const typed = await app.call('execute_api_call', {
    path: '/service/tickets',
    params: { conditions, fields: 'id,resources' },
  });
  expect(sorted(idsIn(typed.data))).toEqual(expected);
  expect(typed.data.notes.join()).toContain('resources lists identifiers: "smith" was looked for as a whole one');

  const counted = await app.call('execute_api_call', { path: '/service/tickets/count', params: { conditions } });
  expect(counted.data.count).toBe(2);
  const searched = await app.call('execute_api_call', {
    method: 'POST',
    path: '/service/tickets/search',
    data: { conditions },
    params: { fields: 'id' },
  });
  expect(sorted(idsIn(searched.data))).toEqual(expected);
});

test('a part of an identifier is found by like, and contains says that it was taken for a whole one', async () => {
  const tickets = (conditions: string) =>
    app.call('execute_api_call', { path: '/service/tickets', params: { conditions, fields: 'id' }, max_tokens: 8_000 });
  const none = await tickets('closedFlag=false and resources contains "mars"');
  expect(none.text).toMatch(/^COMPLETE: 0 rows/);
  expect(none.data.notes.join()).toContain('like "%mars%" finds parts');
  const expected = (await readAll('/service/tickets')).filter(
    ({ closedFlag, resources }) => closedFlag === false && String(resources ?? '').includes('mars'),
  );
  const { text } = await tickets('closedFlag=false and resources like "%mars%"');
  expect(text).toMatch(new RegExp(`^COMPLETE: ${expected.length} rows`));
  expect(expected.length).toBeGreaterThan(0);
});

test('a contact is found by a telephone number as people write it', async () => {
  const contacts = await readAll('/company/contacts');
  const number = String(contacts[7]?.defaultPhoneNbr);
  const expected = idsOf(contacts.filter(({ defaultPhoneNbr }) => defaultPhoneNbr === number));
  const [, area, exchange, line] = /^(\d{3})(\d{3})(\d{4})$/.exec(number) ?? [];
  const written = [
    number,
    `(${area}) ${exchange}-${line}`,
    `+1 ${area} ${exchange} ${line}`,
    `1-${area}-${exchange}-${line}`,
    `${area}.${exchange}.${line} x12`,
  ];
  for (const phone of written) {
    const { data } = await app.call('run_fast_memory', { query: 'contact-by-phone', arguments: { phone } });
    expect(idsIn(data), phone).toEqual(expected);
  }
  const company = (await readAll('/company/companies')).find(({ phoneNumber }) => phoneNumber !== undefined);
  const digits = String(company?.phoneNumber);
  const conditions = `phoneNumber = "(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}"`;
  const { data } = await app.call('execute_api_call', {
    path: '/company/companies',
    params: { conditions, fields: 'id,phoneNumber' },
  });
  const same = (await readAll('/company/companies')).filter(({ phoneNumber }) => phoneNumber === digits);
  expect(sorted(idsIn(data))).toEqual(idsOf(same));
});
