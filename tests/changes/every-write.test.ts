import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { Endpoint, Member } from '../../src/catalog/endpoint.ts';
import { idMembers, isIdMember, silentIdMembers } from '../../src/catalog/id-members.ts';
import type { Values, Write } from '../../src/changes/change.ts';
import type { Plan, PlanContext } from '../../src/changes/plan.ts';
import { planChange } from '../../src/changes/plan-change.ts';
import { takesForm } from '../../src/changes/plan-upload.ts';

import type { ConnectWiseRequest } from '../../src/connectwise/client.ts';
import { createUploads } from '../../src/connectwise/documents/uploads.ts';
import { createLookups } from '../../src/connectwise/lookups/lookups.ts';
import { createReadCache } from '../../src/connectwise/lookups/read-cache.ts';
import { createZone } from '../../src/core/zone.ts';
import { sharedCatalog } from '../support/shared.ts';
import { scriptedClient } from './fixtures.ts';

const catalog = await sharedCatalog();
const id = 7;

/** A system in which every number is a record, whose texts all say which schema it has. */
function answer({ method, path, query }: ConnectWiseRequest): unknown {
  if (method !== 'GET') return { id };
  const response = catalog.findEndpoint('GET', path)?.endpoint.response;
  const [, ids = String(id)] = /\bid in \(([\d,]+)\)/.exec(query?.conditions ?? '') ?? [];
  const rows = ids.split(',').map((one) => recordOf(response?.schema ?? '', Number(one)));
  return response?.array === true ? rows : rows[0];
}

function recordOf(schema: string, own: number): Values {
  const entries = (catalog.findSchema(schema)?.members ?? []).flatMap(({ name, type }): [string, unknown][] => {
    if (name === 'company') return [[name, { id: 2, name: 'Acme' }]];
    if (name === 'product') return [[name, { id: 3, identifier: 'Widget' }]];
    return type === 'string' ? [[name, `A ${schema}`]] : [];
  });
  return { ...Object.fromEntries(entries), id: own };
}

interface Filled {
  body: Values;
  /** Paths of the members with a number that the table knows, does not know, and of references. */
  known: string[];
  silent: string[];
  references: string[];
}

/** A body that names a record in every member that can. */
function fill(schema: string, filled: Filled, prefix = '', depth = 0): Values {
  const values: Record<string, unknown> = {};
  for (const member of catalog.findSchema(schema)?.members ?? []) {
    const path = `${prefix}${member.name}`;
    const value = fillMember(member, schema, path, filled, depth);
    if (value !== undefined) values[member.name] = value;
  }
  for (const [key, meaning] of Object.entries(idMembers)) {
    const name = key.slice(key.indexOf('.') + 1);
    if (typeof meaning === 'string' || !('by' in meaning) || !(name in values)) continue;
    if (key.includes('.') && key !== `${schema}.${name}`) continue;
    const [said] = Object.keys(meaning.lists);
    values[meaning.by] = key === 'ScheduleEntry.objectId' ? { identifier: said } : said;
    filled.references = filled.references.filter((path) => path !== `${prefix}${meaning.by}`);
  }
  return values;
}

function fillMember(member: Member, schema: string, path: string, filled: Filled, depth: number): unknown {
  const isArray = member.type === 'array';
  const wrap = (value: unknown) => (isArray ? [value] : value);
  const at = isArray ? `${path}/0` : path;
  if (member.name === 'id' || member.readOnly) return undefined;
  if (isIdMember(member)) {
    const isSilent = [`${schema}.${member.name}`, member.name].some((key) => key in silentIdMembers);
    (isSilent ? filled.silent : filled.known).push(at);
    return wrap(id);
  }
  if (member.schema?.endsWith('Reference')) {
    const { members = [] } = catalog.findSchema(member.schema) ?? {};
    if (members.some(({ name }) => name === 'name' || name === 'identifier')) filled.references.push(at);
    return wrap({ id });
  }
  if (member.schema === undefined || depth > 0 || member.schema === 'CustomFieldValue') return undefined;
  return wrap(fill(member.schema, filled, `${at}/`, depth + 1));
}

function writeOf({ method, path, body, response }: Endpoint): Write & Omit<Filled, 'body'> {
  const concrete = path.replace(/\{[^}]*\}/g, String(id));
  const filled: Filled = { body: {}, known: [], silent: [], references: [] };
  const schema = method === 'PATCH' ? response?.schema : body?.schema;
  if (method !== 'DELETE' && schema !== undefined) {
    const prefix = body?.array && method !== 'PATCH' ? '0/' : '';
    const value = fill(schema, filled, prefix);
    filled.body = prefix === '' ? value : ([value] as unknown as Values);
  }
  const sends = Object.keys(filled.body).length > 0;
  return { ...filled, method: method as Write['method'], path: concrete, body: sends ? filled.body : undefined };
}

/** What of this preview is a number without a name or a reason. */
function bareIds({ named = [], names }: Plan, { known, silent, references }: Omit<Filled, 'body'>): string[] {
  const at = new Map(named.map((one) => [one.member, one]));
  return [
    ...known.filter((path) => at.get(path)?.title === undefined),
    ...silent.filter((path) => at.get(path)?.unread === undefined),
    ...references.filter((path) => at.get(path) === undefined && names?.get(path) === undefined),
  ];
}

test('no preview of a write of the catalog has a number without a name, or the reason why it has none', async () => {
  const writes = catalog.endpoints
    .filter(({ id: row, method }) => row > 0 && method !== 'GET')
    // A PUT is refused where PATCH exists.
    .filter(({ method, path }) => method !== 'PUT' || !catalog.methodsOf(path).includes('PATCH'))
    .map(({ id: row }) => catalog.getEndpoint(row))
    .filter((endpoint) => !takesForm(endpoint) && endpoint.body?.mediaType.includes('json') !== false);
  expect(writes.length).toBeGreaterThan(900);
  const found: string[] = [];
  let previews = 0;
  const now = () => new Date('2026-03-10T15:00:00Z');
  const { client } = scriptedClient(answer);
  const context: PlanContext = {
    client,
    catalog,
    findSchema: (name) => catalog.findSchema(name),
    lookups: createLookups({ client, catalog, now }),
    uploads: createUploads({ home: tmpdir(), moreFolders: [], now }),
    cache: createReadCache(now),
    own: { stamps: new Map() },
    me: async () => undefined,
    zone: async () => createZone('UTC'),
    now,
  };
  for (const endpoint of writes) {
    const { known, silent, references, ...write } = writeOf(endpoint);
    if (endpoint.method === 'PATCH' && write.body === undefined) continue;
    const what = `${endpoint.method} ${endpoint.path}`;
    const plan = await planChange(context, { ...write, strict: false });
    previews += 1;
    found.push(...bareIds(plan, { known, silent, references }).map((path) => `${what} ${path}`));
    const parents = [...endpoint.path.matchAll(/\/\{/g)].length;
    const own = endpoint.method === 'PATCH' || endpoint.method === 'DELETE' ? 1 : 0;
    const ofPath = (plan.named ?? []).filter(({ member }) => member === undefined).length;
    if (ofPath < parents - own) found.push(`${what} path`);
  }
  expect(found).toEqual([]);
  expect(previews).toBeGreaterThan(900);
});
