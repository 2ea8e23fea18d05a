import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Endpoint, Member, Method, Payload, Schema } from '../../src/catalog/endpoint.ts';
import { createReferenceTargets } from '../../src/catalog/reference-targets.ts';
import type { WriteMode } from '../../src/changes/change.ts';
import { createChanges } from '../../src/changes/changes.ts';
import { createJournal, type Journal, migrations } from '../../src/changes/journal.ts';
import { type Policy, parsePattern } from '../../src/changes/policy.ts';
import type { ConnectWiseAnswer, ConnectWiseClient, ConnectWiseRequest } from '../../src/connectwise/client.ts';
import { createUploads } from '../../src/connectwise/documents/uploads.ts';
import type { Lookups } from '../../src/connectwise/lookups/lookups.ts';
import { createLookups } from '../../src/connectwise/lookups/lookups.ts';
import { systemTimer } from '../../src/core/async.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { migrate } from '../../src/core/storage.ts';
import { createZone } from '../../src/core/zone.ts';

const text = (name: string, more: Partial<Member> = {}): Member => ({ name, type: 'string', ...more });
const reference = (name: string, schema: string, more: Partial<Member> = {}): Member => ({
  name,
  type: 'object',
  schema,
  ...more,
});

const schemas: Schema[] = [
  {
    name: 'Ticket',
    members: [
      { name: 'id', type: 'integer', readOnly: true },
      text('summary', { required: true, maxLength: 100 }),
      reference('company', 'CompanyReference', { required: true }),
      reference('board', 'BoardReference'),
      reference('status', 'ServiceStatusReference'),
      reference('priority', 'PriorityReference'),
      reference('owner', 'MemberReference'),
      text('severity', { enum: ['Low', 'Medium', 'High'], requiredOnUpdate: true }),
      { name: 'budgetHours', type: 'number' },
      { name: 'customFields', type: 'array', schema: 'CustomFieldValue' },
    ],
  },
  {
    name: 'TicketMerge',
    members: [
      { name: 'mergeTicketIds', type: 'array', itemType: 'integer' },
      reference('status', 'ServiceStatusReference', { required: true }),
    ],
  },
  {
    name: 'Limit',
    members: [
      text('name', { required: true }),
      text('level', { requiredOnUpdate: true }),
      text('total', { readOnly: true }),
    ],
  },
  { name: 'TicketNote', members: [text('text', { required: true }), { name: 'resolutionFlag', type: 'boolean' }] },
];

const json = (schema: string, array = false): Payload => ({ schema, array, mediaType: 'application/json' });

function endpoint(method: Method, path: string, more: Partial<Endpoint> = {}): Omit<Endpoint, 'id'> {
  const module = path.split('/')[1] ?? '';
  return { method, path, module, category: module, summary: path, parameters: [], status: 200, ...more };
}

const endpoints: Endpoint[] = [
  endpoint('GET', '/service/tickets/{id}', { response: json('Ticket') }),
  endpoint('POST', '/service/tickets', { body: json('Ticket'), response: json('Ticket'), status: 201 }),
  endpoint('PATCH', '/service/tickets/{id}', { body: json('PatchOperation', true), response: json('Ticket') }),
  endpoint('PUT', '/service/tickets/{id}', { body: json('Ticket'), response: json('Ticket') }),
  endpoint('DELETE', '/service/tickets/{id}', { status: 204 }),
  endpoint('POST', '/service/tickets/{parentId}/notes', {
    body: json('TicketNote'),
    response: json('TicketNote'),
    status: 201,
  }),
  endpoint('POST', '/service/tickets/{parentId}/merge', { body: json('TicketMerge') }),
  endpoint('DELETE', '/service/tickets/changelogs', { status: 204 }),
  endpoint('GET', '/service/tickets', { response: json('Ticket', true) }),
  endpoint('GET', '/service/boards/{parentId}/statuses/{id}', { response: json('Status') }),
  endpoint('PUT', '/system/settings/{id}', { body: json('Setting'), response: json('Setting') }),
  endpoint('PUT', '/system/limits/{id}', { body: json('Limit'), response: json('Limit') }),
  endpoint('PATCH', '/system/locks/{id}', { body: json('PatchOperation', true) }),
  endpoint('POST', '/procurement/lines/bulk', { body: json('TicketNote', true), status: 207 }),
  endpoint('POST', '/system/documents', { body: { array: false, mediaType: 'multipart/form-data' }, status: 201 }),
].map((definition, index) => ({ ...definition, id: index + 1 }));

const matches = (template: string, path: string) =>
  new RegExp(`^${template.replace(/\{\w+\}/g, '[0-9]+')}$`, 'i').test(path) || template === path;

export const catalog: Catalog = {
  info: {
    file: 'memory',
    source: 'shipped',
    title: 'Test',
    version: '1',
    builtAt: '2026-01-01T00:00:00Z',
    counts: { endpoints: endpoints.length, parameters: 0, schemas: schemas.length, modules: 3, categories: 3 },
  },
  endpoints,
  findEndpoint(method, path) {
    const found = endpoints.find((candidate) => candidate.method === method && matches(candidate.path, path));
    return found && { endpoint: found, pathValues: {} };
  },
  methodsOf: (path) => endpoints.filter((candidate) => matches(candidate.path, path)).map(({ method }) => method),
  getEndpoint: (id) => endpoints[id - 1] ?? fail(),
  findSchema: (name) => schemas.find((schema) => schema.name === name),
  lists: () => [],
  referenceTargets: () => createReferenceTargets(endpoints),
  close() {},
};

function fail(): never {
  throw new GatewayError('unknown_endpoint', 'no such endpoint');
}

export const ticket = {
  id: 4711,
  summary: "Server down\n'; status New → Closed",
  company: { id: 2, identifier: 'acme', name: 'Acme' },
  board: { id: 1, name: 'Help Desk' },
  status: {
    id: 1,
    name: 'New',
    _info: { status_href: 'https://cw.example/v2025_1//apis/3.0/service/boards/1/statuses/1' },
  },
  severity: 'Low',
  budgetHours: 2,
  customFields: [
    { id: 1, caption: 'Site code', type: 'Text', value: 'X1' },
    { id: 2, caption: 'Vault', type: 'Password', value: 'geheim' },
  ],
  _info: { lastUpdated: '2026-11-01T00:00:00Z' },
};

export type Script = (request: ConnectWiseRequest, signal?: AbortSignal) => unknown;

export const lists: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  '/service/tickets': [],
  '/service/boards/1/statuses': [
    { id: 1, name: 'New', defaultFlag: true },
    { id: 5, name: 'Waiting Customer', escalationStatus: 'NoEscalation' },
    { id: 6, name: 'Waiting Vendor', timeEntryNotAllowed: true },
    { id: 9, name: 'Closed', closedStatus: true },
  ],
  '/service/boards': [{ id: 1, name: 'Help Desk' }],
  '/system/members': [
    { id: 3, identifier: 'jdoe', firstName: 'Jane', lastName: 'Doe' },
    { id: 4, identifier: 'jdoyle', firstName: 'Jim', lastName: 'Doyle' },
  ],
};

/** ConnectWise as these tests need it: ticket 4711, a board's statuses, and an echo for what is written. */
export const answers: Script = ({ method, path, query }) => {
  if (method !== 'GET') return { id: 4711 };
  const [, ids] = /^id in \(([\d,]+)\)$/.exec(query?.conditions ?? '') ?? [];
  if (path === '/service/tickets' && ids !== undefined) {
    const known = ids
      .split(',')
      .map(Number)
      .filter((id) => id === 4711 || id < 10);
    return known.map((id) => (id === 4711 ? ticket : { id, summary: `Ticket ${id}`, company: ticket.company }));
  }
  if (path === '/service/tickets/4711') return ticket;
  const list = lists[path];
  if (list !== undefined) return list;
  const [, collection = '', id] = /^(.*)\/(\d+)$/.exec(path) ?? [];
  const record = lists[collection]?.find((one) => String(one.id) === id);
  if (record !== undefined) return record;
  throw new GatewayError('record_not_found', `${path} was not found.`);
};

export function scriptedClient(script: Script = answers) {
  const requests: ConnectWiseRequest[] = [];
  const client: ConnectWiseClient = {
    tenant: { host: 'cw.example', company: 'acme' },
    async send(request, signal): Promise<ConnectWiseAnswer> {
      requests.push(structuredClone(request));
      const body = await script(request, signal);
      return { status: request.method === 'POST' ? 201 : 200, body, contentType: 'application/json' };
    },
    async close() {},
  };
  return { client, requests, writes: () => requests.filter(({ method }) => method !== 'GET') };
}

/** For tests of bodies alone: nothing has a name. */
export const namelessLookups: Lookups = {
  findKind: () => undefined,
  resolve: () => fail(),
  listNames: async () => [],
  nameOf: async () => undefined,
  identify: async (_list, id) => ({ id, gone: false }),
  findTwin: async () => undefined,
  explainEmpty: async () => undefined,
  dropped() {},
};

/** Nothing of what these tests write is denied by default. */
const openPolicy: Policy = { deny: [], confirm: [], allow: ['* /system/**', '* /** *'].map(parsePattern) };

/** A journal that goes with the test. */
export function memoryJournal(now: () => Date): Journal {
  const database = new DatabaseSync(':memory:');
  migrate(database, 'memory', migrations);
  const tenant = { host: 'cw.example', company: 'acme' };
  return createJournal(database, { file: 'memory', tenant, owner: 'test', now, isAlive: async () => false });
}

export interface SetUp {
  journal?: Journal;
  policy?: Policy;
  lookups?: Lookups;
  /** Identifier of the user. */
  me?: string;
  /** Another than the small one of these fixtures. */
  catalog?: Catalog;
  mode?: WriteMode;
  script?: Script;
}

/** Changes over the scripted client, with a clock that tests move and a random source that never repeats. */
export function setUp({
  mode = 'confirm',
  script,
  catalog: given = catalog,
  lookups,
  me,
  journal,
  policy = openPolicy,
}: SetUp = {}) {
  const scripted = scriptedClient(script);
  const clock = { now: new Date('2026-11-02T10:00:00.500Z') };
  let seed = 1;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const uploads = createUploads({ home: join(tmpdir(), 'nobody'), moreFolders: [], now: () => clock.now });
  const zone = async () => createZone('America/New_York');
  const now = () => clock.now;
  const changes = createChanges({
    client: scripted.client,
    catalog: given,
    policy: () => policy,
    timer: systemTimer,
    journal: journal ?? memoryJournal(() => clock.now),
    lookups: lookups ?? createLookups({ client: scripted.client, catalog: given, now }),
    me: async () => me,
    uploads,
    mode,
    zone,
    now,
    random,
  });
  return { ...scripted, changes, clock };
}
