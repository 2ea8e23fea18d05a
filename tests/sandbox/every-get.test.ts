import { beforeAll, expect, test } from 'vitest';
import type { Catalog, OpenedCatalog } from '../../src/catalog/catalog.ts';
import type { Member, Payload } from '../../src/catalog/endpoint.ts';
import { sharedCatalog } from '../support/shared.ts';
import { startSandbox } from './ask.ts';
import { firstIds, leastBody } from './least-body.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

/** Where a value does not fit what the catalog says, as `path: what`. */
function misfits({ findSchema }: Catalog, schemaName: string, value: unknown, at: string): string[] {
  const schema = findSchema(schemaName);
  // A few schemas have no members: anything fits them.
  if (schema === undefined || schema.members.length === 0) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: no object`];
  const members = new Map(schema.members.map((member) => [member.name, member]));
  return Object.entries(value).flatMap(([name, inner]) => {
    const member = members.get(name);
    const path = `${at}.${name}`;
    // `_info` holds whatever hrefs the record has, and is declared in most places only.
    if (name === '_info') return typeof inner === 'object' ? [] : [`${path}: no object`];
    return member === undefined ? [`${path}: unknown`] : misfitsOf({ findSchema } as Catalog, member, inner, path);
  });
}

function misfitsOf(known: Catalog, member: Member, value: unknown, at: string): string[] {
  const { type, schema, itemType } = member;
  if (type === 'array') {
    if (!Array.isArray(value)) return [`${at}: no array`];
    const element: Member = { name: '', type: schema === undefined ? (itemType ?? 'object') : 'object' };
    const ofSchema = schema === undefined ? element : { ...element, schema };
    return value.flatMap((one, index) => misfitsOf(known, ofSchema, one, `${at}[${index}]`));
  }
  if (type === 'object') return schema === undefined ? [] : misfits(known, schema, value, at);
  if (type === 'integer') return Number.isInteger(value) ? [] : [`${at}: ${JSON.stringify(value)} is not an integer`];
  if (typeof value !== type) return [`${at}: ${JSON.stringify(value)} is no ${type}`];
  if (member.enum !== undefined && !member.enum.includes(String(value))) return [`${at}: ${value} is not allowed`];
  if (member.maxLength !== undefined && String(value).length > member.maxLength) return [`${at}: too long`];
  return [];
}

function misfitsOfBody(known: Catalog, { schema, array, type }: Payload, body: unknown, at: string): string[] {
  if (array !== Array.isArray(body)) return [`${at}: ${array ? 'no array' : 'an array'}`];
  const elements = array ? (body as unknown[]) : [body];
  if (schema !== undefined) return elements.flatMap((element) => misfits(known, schema, element, at));
  return type === undefined || type === 'object' || elements.every((element) => typeof element === type) ? [] : [at];
}

/** What a few paths need in addition to numbers. */
const queries: Readonly<Record<string, Record<string, string | number>>> = {
  '/system/audittrail': { type: 'Ticket', id: 1600 },
  '/system/documents': { recordType: 'Ticket', recordId: 1600 },
  '/system/documents/count': { recordType: 'Ticket', recordId: 1600 },
};
const named: Readonly<Record<string, string>> = { reportName: 'Service', memberIdentifier: 'asmith' };

/** Counts which the definition says answer with records; they count all the same. */
const mistaken = new Set([
  '/sales/opportunities/{parentId}/notes/count',
  '/schedule/calendars/count',
  '/schedule/calendars/info/count',
]);

test('the answer of every GET endpoint of the catalog fits its schema', async () => {
  const { ask, post, patch } = startSandbox(catalog);
  // A document and an entry of the audit trail, so that their lists hold something.
  const form = new FormData();
  for (const [name, value] of [
    ['recordType', 'Ticket'],
    ['recordId', '1600'],
    ['title', 'x'],
  ] as const)
    form.set(name, value);
  form.set('file', new File(['x'], 'x.png'));
  expect((await ask('/system/documents', { method: 'POST', form })).status).toBe(201);
  await patch('/service/tickets/1600', { op: 'replace', path: 'summary', value: 'x' });
  await post('/system/callbacks', { url: 'https://example.com', objectId: 1, type: 'ticket', level: 'owner' });
  await fillEmptyCollections();
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  let rows = 0;
  for (const { id, method, path } of catalog.endpoints) {
    if (id < 0 || method !== 'GET') continue;
    const isTicket = /^\/service\/tickets\/\{/.test(path);
    const first = await firstIds(ask, path);
    const concrete = path.replace(
      /\{([^}]*)\}/g,
      (_, name) => named[name] ?? String(first.shift() ?? (isTicket ? 1600 : 1)),
    );
    const answer = await ask(concrete, { query: { pageSize: 20, ...queries[path] } });
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const { response } = catalog.getEndpoint(id);
    if (answer.status !== 200 || response === undefined || response.mediaType !== 'application/json') continue;
    if (mistaken.has(path)) expect(answer.body).toEqual({ count: expect.any(Number) });
    else wrong.push(...misfitsOfBody(catalog, response, answer.body, path));
    rows += Array.isArray(answer.body) ? answer.body.length : 1;
  }
  expect(wrong.slice(0, 20)).toEqual([]);
  expect([...statuses.keys()].sort()).toEqual([200, 404, 501]);
  expect(statuses.get(200)).toBeGreaterThan(1500);
  expect(statuses.get(501)).toBeLessThan(40);
  expect(rows).toBeGreaterThan(1000);

  /** So that most paths below a record lead somewhere; twice, as some records refer to others of this kind. */
  async function fillEmptyCollections(): Promise<void> {
    for (const { id, method, path } of [...catalog.endpoints, ...catalog.endpoints]) {
      if (id < 0 || method !== 'POST' || path.endsWith('}') || /\/(copy|bulk|search|merge)$/.test(path)) continue;
      const ids = await firstIds(ask, path);
      const concrete = path.replace(/\{[^}]*\}/g, () => String(ids.shift() ?? 1));
      const list = await ask(concrete, { query: { pageSize: 1 } });
      if (!Array.isArray(list.body) || list.body.length > 0) continue;
      await post(concrete, leastBody(catalog, catalog.getEndpoint(id).body?.schema ?? ''));
    }
  }
});
