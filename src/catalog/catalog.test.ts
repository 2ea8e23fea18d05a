import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../core/storage.ts';
import { writeCatalogFile } from './build-catalog.ts';
import { type OpenedCatalog, openCatalog } from './catalog.ts';
import { catalogFolder, pointerFile } from './catalog-file.ts';
import type { Definition, Method, Parameter } from './endpoint.ts';

const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
const shippedFile = join(folder, 'shipped.db');
const dataFolder = join(folder, 'data');

const id: Parameter = { name: 'id', location: 'path', required: true, type: 'integer', format: 'int32' };
const name: Parameter = { name: 'memberIdentifier', location: 'path', required: true, type: 'string' };
const fields: Parameter = {
  name: 'fields',
  location: 'query',
  required: false,
  type: 'string',
  enum: ['a', 'b'],
  description: 'which',
};

function endpoint(method: Method, path: string, ...parameters: Parameter[]): Definition['endpoints'][number] {
  return {
    method,
    path,
    module: path.split('/')[1] ?? '',
    category: 'C',
    summary: `${method} it`,
    parameters,
    status: 200,
  };
}

const body = { schema: 'Ticket', array: false, mediaType: 'application/json' };
const definition: Definition = {
  title: 'Test',
  version: '7.1',
  endpoints: [
    { ...endpoint('GET', '/service/tickets', fields), response: { ...body, array: true }, description: 'all of them' },
    {
      ...endpoint('POST', '/service/tickets'),
      body,
      response: { array: false, type: 'string', mediaType: 'text/plain' },
      status: 201,
    },
    endpoint('GET', '/service/tickets/{id}', id),
    endpoint('DELETE', '/service/tickets/{id}', id),
    endpoint('GET', '/service/tickets/count'),
    endpoint('GET', '/system/members/{id}', id),
    endpoint('GET', '/system/members/{memberIdentifier}', name),
    endpoint('POST', '/finance/agreements/types{id}/copy', id),
    endpoint('GET', '/service/tickets/{parentId}/notes', { ...id, name: 'parentId' }),
  ],
  schemas: [
    {
      name: 'Ticket',
      members: [
        { name: 'summary', type: 'string', maxLength: 100, required: true, description: 'what' },
        {
          name: 'impact',
          type: 'string',
          enum: ['Low'],
          requiredOnUpdate: true,
          nullable: true,
          readOnly: true,
          format: 'x',
        },
        { name: 'notes', type: 'array', schema: 'Note' },
        { name: 'ids', type: 'array', itemType: 'integer' },
      ],
    },
    { name: 'Note', members: [] },
  ],
};

let catalog: OpenedCatalog;

beforeAll(async () => {
  const searchIndex = () => new Map([['words', new Uint8Array([1, 2, 3])]]);
  await writeCatalogFile(definition, 'abc', shippedFile, { searchIndex, now: () => new Date('2026-01-02T03:04:05Z') });
  const localEndpoints = [endpoint('GET', '/gateway/changes/{id}', name)];
  catalog = await openCatalog({ dataFolder, shippedFile, localEndpoints });
});

afterAll(() => {
  catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what was written comes back whole', () => {
  for (const [index, expected] of definition.endpoints.entries())
    expect(catalog.getEndpoint(index + 1)).toEqual({ ...expected, id: index + 1 });
  for (const schema of definition.schemas) expect(catalog.findSchema(schema.name)).toEqual(schema);
  expect(catalog.findSchema('ticket')).toBeUndefined();
});

test('lists are the GETs of ConnectWise that answer an array of a schema', () => {
  expect(catalog.lists()).toEqual([{ path: '/service/tickets', schema: 'Ticket' }]);
});

test('the head says where the catalog is from and what it holds', () => {
  expect(catalog.info).toEqual({
    file: shippedFile,
    source: 'shipped',
    title: 'Test',
    version: '7.1',
    builtAt: '2026-01-02T03:04:05.000Z',
    counts: { endpoints: 9, parameters: 7, schemas: 2, modules: 3, categories: 1 },
  });
});

test('local endpoints come last, with negative ids, and are found like others', () => {
  expect(catalog.endpoints).toHaveLength(10);
  expect(catalog.endpoints.at(-1)).toEqual({
    id: -1,
    method: 'GET',
    path: '/gateway/changes/{id}',
    module: 'gateway',
    category: 'C',
    summary: 'GET it',
  });
  expect(catalog.findEndpoint('GET', '/gateway/changes/7')?.endpoint.id).toBe(-1);
  expect(catalog.getEndpoint(-1).parameters).toEqual([name]);
});

test.each<[method: Method, path: string, template: string | undefined, values?: Record<string, string>]>([
  ['GET', '/service/tickets', '/service/tickets', {}],
  ['GET', '/Service/TICKETS/', '/service/tickets', {}],
  ['GET', '/service/tickets/123', '/service/tickets/{id}', { id: '123' }],
  ['GET', '/service/tickets/{id}', '/service/tickets/{id}', {}],
  ['GET', '/service/tickets/{ticketId}', '/service/tickets/{id}', {}],
  ['GET', '/service/tickets/count', '/service/tickets/count', {}],
  ['DELETE', '/service/tickets/count', undefined],
  ['GET', '/service/tickets/serach', undefined],
  ['GET', '/service/tickets/5/notes', '/service/tickets/{parentId}/notes', { parentId: '5' }],
  ['GET', '/system/members/12', '/system/members/{id}', { id: '12' }],
  ['GET', '/system/members/jdoe', '/system/members/{memberIdentifier}', { memberIdentifier: 'jdoe' }],
  ['GET', '/system/members/J%20Doe', '/system/members/{memberIdentifier}', { memberIdentifier: 'J Doe' }],
  ['GET', '/system/members/{memberIdentifier}', '/system/members/{memberIdentifier}', {}],
  ['POST', '/finance/agreements/types7/copy', '/finance/agreements/types{id}/copy', { id: '7' }],
  ['POST', '/finance/agreements/types{id}/copy', '/finance/agreements/types{id}/copy', {}],
  ['GET', '/', undefined],
  ['GET', '/service', undefined],
])('%s %s is %s', (method, path, template, values) => {
  const match = catalog.findEndpoint(method, path);
  expect(match?.endpoint.path).toBe(template);
  expect(match?.pathValues).toEqual(values);
});

test('the methods of a path are those of its template', () => {
  expect(catalog.methodsOf('/service/tickets/9')).toEqual(['GET', 'DELETE']);
  expect(catalog.methodsOf('/service/tickets/count')).toEqual(['GET']);
  expect(catalog.methodsOf('/nowhere')).toEqual([]);
});

test('an id that is not in the catalog is an error', () => {
  expect(() => catalog.getEndpoint(99)).toThrow(expect.objectContaining({ code: 'unknown_endpoint' }));
  expect(() => catalog.getEndpoint(-9)).toThrow(expect.objectContaining({ code: 'unknown_endpoint' }));
});

test('what search keeps is handed back', () => {
  expect(catalog.searchIndex('words')).toEqual(new Uint8Array([1, 2, 3]));
  expect(catalog.searchIndex('nothing')).toBeUndefined();
});

test('a flag wins over the data folder, and the data folder over the shipped file', async () => {
  mkdirSync(catalogFolder(dataFolder), { recursive: true });
  writeFileSync(join(catalogFolder(dataFolder), 'mine.db'), readFileSync(shippedFile));
  writeFileSync(pointerFile(dataFolder), '{"file":"mine.db"}');
  const flagFile = join(folder, 'flag.db');
  writeFileSync(flagFile, readFileSync(shippedFile));
  const own = await openCatalog({ dataFolder, shippedFile });
  const flagged = await openCatalog({ flagFile, dataFolder, shippedFile });
  expect(own.info).toMatchObject({ source: 'data folder', file: join(catalogFolder(dataFolder), 'mine.db') });
  expect(flagged.info).toMatchObject({ source: 'flag', file: flagFile });
  own.close();
  flagged.close();
});

test.each([
  ['text that is not JSON', 'catalog'],
  ['no name', '{"file":1}'],
  ['a path', '{"file":"../elsewhere.db"}'],
])('a pointer with %s is an error that says how to fix it', async (_, text) => {
  const damagedFolder = mkdtempSync(join(folder, 'pointer-'));
  mkdirSync(catalogFolder(damagedFolder), { recursive: true });
  writeFileSync(pointerFile(damagedFolder), text);
  await expect(openCatalog({ dataFolder: damagedFolder, shippedFile })).rejects.toMatchObject({
    code: 'catalog_damaged',
    hint: expect.stringContaining('build-database'),
  });
});

test.each<[string, (file: string) => Promise<void> | void, string]>([
  ['is missing', () => {}, 'catalog_missing'],
  [
    'is not an SQLite file',
    (file) => writeFileSync(file, 'no database at all, but long enough to have a head of one'.repeat(20)),
    'catalog_damaged',
  ],
  ['is empty', (file) => writeFileSync(file, ''), 'catalog_damaged'],
  ['is another SQLite file', (file) => execute(file, 'CREATE TABLE a (b)'), 'catalog_damaged'],
  ['has a format of another time', (file) => copyAnd(file, 'PRAGMA user_version = 99'), 'catalog_damaged'],
  ['is cut short', (file) => copyAnd(file).then(() => truncateSync(file, 8192)), 'catalog_damaged'],
])('a catalog that %s is an error that says how to fix it', async (_, damage, code) => {
  const flagFile = join(mkdtempSync(join(folder, 'damaged-')), 'catalog.db');
  await damage(flagFile);
  await expect(openCatalog({ flagFile, dataFolder, shippedFile })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(flagFile),
    hint: expect.stringContaining('build-database'),
  });
});

test('a row that does not fit is an error with the name of the file', async () => {
  const flagFile = join(mkdtempSync(join(folder, 'misfit-')), 'catalog.db');
  await copyAnd(flagFile, "UPDATE endpoints SET method = 'TRACE' WHERE id = 1");
  const changed = await openCatalog({ flagFile, dataFolder, shippedFile });
  const message = expect.stringMatching(/catalog\.db cannot be used: the column method holds "TRACE"\.$/);
  expect(() => changed.endpoints).toThrow(expect.objectContaining({ code: 'catalog_damaged', message }));
  expect(() => changed.getEndpoint(1)).toThrow(expect.objectContaining({ code: 'catalog_damaged', message }));
  changed.close();
});

async function copyAnd(file: string, sql = 'SELECT 1') {
  writeFileSync(file, readFileSync(shippedFile));
  await execute(file, sql);
}

async function execute(file: string, sql: string) {
  const database = await openDatabase(file);
  database.exec(sql);
  database.close();
}
