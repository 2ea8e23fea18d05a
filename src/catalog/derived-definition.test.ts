import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deriveDefinition } from '../../scripts/derive-definition.ts';
import { readDefinitionFile, writeCatalogFile } from './build-catalog.ts';
import { type OpenedCatalog, openCatalog } from './catalog.ts';
import { describeEndpoint } from './details.ts';
import type { Definition, Endpoint, Method, Schema } from './endpoint.ts';
import { exampleBody } from './examples.ts';
import { unlistedNote } from './notes.ts';
import { pathKey } from './path-template.ts';
import { readDefinition } from './read-definition.ts';
import { renderSignature } from './signature.ts';

const folder = mkdtempSync(join(tmpdir(), 'derived-'));
let definition: Definition;
let catalog: OpenedCatalog;

beforeAll(async () => {
  definition = readDefinition(deriveDefinition());
  const shippedFile = join(folder, 'catalog.db');
  await writeCatalogFile(definition, 'test', shippedFile);
  catalog = await openCatalog({ dataFolder: folder, shippedFile });
});

afterAll(() => {
  catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

function endpointAt(method: Method, path: string): Endpoint {
  const found = catalog.findEndpoint(method, path);
  if (!found) throw new Error(`cannot happen: ${method} ${path}`);
  return found.endpoint;
}

const schemaOf = (name: string): Schema =>
  definition.schemas.find((schema) => schema.name === name) ?? { name, members: [] };
const memberOf = (schema: string, name: string) => schemaOf(schema).members.find((member) => member.name === name);
const tokens = (value: unknown) => Math.ceil(Buffer.byteLength(JSON.stringify(value)) / 4);

test.each(['/system/audittrail', '/system/audittrail/count'])(
  '%s takes the record whose changes are asked for',
  (path) => {
    const { parameters } = endpointAt('GET', path);
    expect(parameters.slice(0, 2)).toMatchObject([
      { name: 'type', type: 'string' },
      { name: 'id', type: 'integer' },
    ]);
  },
);

test('no GET takes an object, which a query cannot hold', () => {
  const objects = definition.endpoints.filter(
    ({ method, parameters }) =>
      method === 'GET' && parameters.some(({ location, type }) => location === 'query' && type === 'object'),
  );
  expect(objects.map(({ path }) => path)).toEqual([]);
});

test('the derived definition has what 2022.1 declares and what came later', () => {
  expect(definition.endpoints.length).toBeGreaterThanOrEqual(3090);
  const members = definition.schemas.flatMap((schema) => schema.members);
  expect({
    endpoints: definition.endpoints.length,
    schemas: definition.schemas.length,
    modules: new Set(definition.endpoints.map(({ module }) => module)).size,
    lengths: members.filter(({ maxLength }) => maxLength !== undefined).length,
    enumerations: members.filter((member) => member.enum !== undefined).length,
    required: members.filter(({ required }) => required).length,
    onUpdate: members.filter(({ requiredOnUpdate }) => requiredOnUpdate).length,
  }).toEqual({
    endpoints: 3106,
    schemas: 860,
    modules: 12,
    lengths: 784,
    enumerations: 345,
    required: 594,
    onUpdate: 29,
  });
});

test('every schema that is named is there, and every endpoint has words', () => {
  const names = new Set(definition.schemas.map(({ name }) => name));
  const used = [
    ...definition.endpoints.flatMap(({ body, response }) => [body?.schema, response?.schema]),
    ...definition.schemas.flatMap(({ members }) => members.map(({ schema }) => schema)),
  ].filter((name) => name !== undefined);
  expect(used.filter((name) => !names.has(name))).toEqual([]);
  expect(
    definition.endpoints.filter(
      ({ summary, category, module }) => !/^[A-Z].{3,}/.test(summary) || !category || !module,
    ),
  ).toEqual([]);
});

test('tickets have the duties, lengths and values that ConnectWise states', () => {
  expect(
    schemaOf('Ticket')
      .members.filter(({ required }) => required)
      .map(({ name }) => name),
  ).toEqual(['summary', 'company']);
  expect(memberOf('Ticket', 'summary')).toEqual({ name: 'summary', type: 'string', maxLength: 100, required: true });
  expect(memberOf('Ticket', 'severity')).toMatchObject({
    enum: ['Low', 'Medium', 'High'],
    requiredOnUpdate: true,
    nullable: true,
  });
  expect(memberOf('Ticket', 'board')).toMatchObject({ type: 'object', schema: 'BoardReference' });
  expect(memberOf('TimeEntry', 'chargeToType')?.enum).toContain('ServiceTicket');
});

test('no path has a trailing slash, a regular expression or a placeholder without a parameter', () => {
  for (const { path, parameters } of definition.endpoints) {
    expect(path).toMatch(/^(\/([\w-]|\{\w+\})+)+$/);
    const declared = parameters.filter(({ location }) => location === 'path').map(({ name }) => name);
    expect(declared.sort()).toEqual([...new Set([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort());
  }
});

test('details of any endpoint cost at most 1,200 tokens, and its signature one line with all duties', () => {
  for (const { id } of catalog.endpoints) {
    const endpoint = catalog.getEndpoint(id);
    expect(tokens(describeEndpoint(catalog, endpoint)), endpoint.path).toBeLessThanOrEqual(1200);
    const signature = renderSignature(catalog, endpoint);
    const duties =
      endpoint.method === 'PATCH' || endpoint.body?.mediaType !== 'application/json'
        ? []
        : (catalog.findSchema(endpoint.body.schema ?? '')?.members ?? []);
    const missing = duties.filter(({ name, required }) => required && !signature.includes(`${name}*`));
    expect(missing, `${endpoint.path}: ${signature}`).toEqual([]);
    if (duties.filter(({ required }) => required).length <= 3)
      expect(signature.length, signature).toBeLessThanOrEqual(200);
  }
});

describe('details of POST /service/tickets', () => {
  test('begin with what is required and name everything', () => {
    const { body, response, example } = describeEndpoint(catalog, endpointAt('POST', '/service/tickets'));
    expect(body?.members?.slice(0, 2)).toEqual([
      { name: 'summary', type: 'string', required: true, maxLength: 100 },
      { name: 'company', type: 'reference', required: true, listedBy: '/company/companies' },
    ]);
    const named = [...(body?.members ?? []).map(({ name }) => name), ...(body?.more ?? [])];
    const all = schemaOf('Ticket').members.map(({ name }) => name);
    expect(named.sort()).toEqual(all.filter((name) => name !== 'id' && name !== '_info').sort());
    expect(response).toEqual({ status: 201, schema: 'Ticket', sameAsBody: true });
    expect(example).toMatchObject({ summary: expect.any(String), company: { identifier: 'Acme' } });
  });

  test('open single members on demand', () => {
    const { opened, body } = describeEndpoint(catalog, endpointAt('POST', '/service/tickets'), {
      open: ['Company', 'customFields'],
    });
    expect(body).toBeUndefined();
    expect(opened?.map(({ name, members }) => [name, members?.slice(0, 3).map((member) => member.name)])).toEqual([
      ['company', ['id', 'identifier', 'name']],
      ['customFields', expect.arrayContaining([expect.any(String)])],
    ]);
  });

  test('name the nearest member for one that is unknown', () => {
    expect(() => describeEndpoint(catalog, endpointAt('POST', '/service/tickets'), { open: ['sumary'] })).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        details: { field: 'fields', candidates: expect.arrayContaining(['summary']) },
      }),
    );
  });
});

test('a PATCH shows the members of the record, none of them required', () => {
  const { body, example } = describeEndpoint(catalog, endpointAt('PATCH', '/service/tickets/7'));
  expect(body).toMatchObject({ schema: 'PatchOperation', array: true, changes: 'Ticket' });
  expect(body?.members?.filter(({ required }) => required)).toEqual([]);
  expect(example).toEqual([{ op: 'replace', path: 'summary', value: 'Printer does not print' }]);
});

test.each([
  ['POST', '/service/tickets', 'status', '/service/boards/{parentId}/statuses'],
  ['POST', '/service/tickets', 'priority', '/service/priorities'],
  ['POST', '/service/tickets', 'agreement', '/finance/agreements'],
  ['POST', '/service/tickets', 'site', '/company/companies/{parentId}/sites'],
  ['POST', '/time/entries', 'workRole', '/time/workRoles'],
  ['POST', '/company/configurations', 'type', '/company/configurations/types'],
] as const)('%s %s finds values for %s at %s', (method, path, member, list) => {
  const [opened] = describeEndpoint(catalog, endpointAt(method, path), { open: [member] }).opened ?? [];
  expect(opened?.listedBy).toBe(list);
});

test('every example body keeps the lengths, values and duties of its schema', () => {
  for (const { id, method } of catalog.endpoints) {
    const endpoint = catalog.getEndpoint(id);
    const example = exampleBody(catalog, endpoint);
    if (example === undefined || method === 'PATCH') continue;
    const schema = catalog.findSchema(endpoint.body?.schema ?? '');
    for (const record of [example].flat() as Record<string, unknown>[]) {
      const required = (schema?.members ?? []).filter(
        (member) => member.required && member.readOnly !== true && member.name !== '_info',
      );
      expect(Object.keys(record), endpoint.path).toEqual(required.map(({ name }) => name));
      for (const { name, maxLength, enum: values } of required) {
        const value = record[name];
        if (typeof value === 'string' && maxLength) expect(value.length).toBeLessThanOrEqual(maxLength);
        if (values && !Array.isArray(value)) expect(values).toContain(String(value));
      }
    }
  }
});

const official = fileURLToPath(
  new URL('../../../shared/connectwise/definitions/manage-2025.1.openapi.json', import.meta.url),
);

describe('the definition of ConnectWise 2025.1', () => {
  if (!existsSync(official)) console.info('Skipped: the definition of 2025.1 is not beside this checkout.');

  test.skipIf(!existsSync(official))(
    'has exactly 3,053 endpoints, and nine of ten have the category that the derived definition gives',
    () => {
      const read = readDefinitionFile(official).definition;
      expect(read.endpoints).toHaveLength(3053);
      const key = ({ method, path }: { method: string; path: string }) => `${method} ${pathKey(path)}`;
      const derived = new Map(definition.endpoints.map((endpoint) => [key(endpoint), endpoint.category]));
      const both = read.endpoints.filter((endpoint) => derived.has(key(endpoint)));
      expect(both).toHaveLength(3053);
      const agreeing = both.filter((endpoint) => derived.get(key(endpoint)) === endpoint.category);
      expect(agreeing.length / both.length).toBeGreaterThan(0.9);
      const listed = new Set(read.endpoints.map(key));
      expect(definition.endpoints.filter((endpoint) => endpoint.unlisted).map(key)).toEqual(
        definition.endpoints.map(key).filter((one) => !listed.has(one)),
      );
    },
  );
});

test('the operations that no list of 2025.1 has are marked, kept in the file, and said in details', () => {
  const unlisted = definition.endpoints.filter((endpoint) => endpoint.unlisted);
  expect(unlisted.length).toBe(53);
  const kept = catalog.endpoints.filter((endpoint) => endpoint.unlisted);
  const keys = (some: readonly { method: string; path: string }[]) => some.map((one) => `${one.method} ${one.path}`);
  expect(keys(kept)).toEqual(keys(unlisted));
  const doubtful = endpointAt('POST', '/time/entries/{id}/reject');
  expect(describeEndpoint(catalog, doubtful).notes?.[0]).toBe(unlistedNote);
  const sure = endpointAt('POST', '/time/sheets/{id}/reject');
  expect(sure.unlisted).toBeUndefined();
  expect(describeEndpoint(catalog, sure).notes ?? []).not.toContain(unlistedNote);
});
