import { expect, test } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import { readDefinition } from './read-definition.ts';

type Json = Record<string, unknown>;

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const answers = (schema: Json, mediaType = 'application/json') => ({ 200: { content: { [mediaType]: { schema } } } });

function read(paths: Json, components: Json = {}) {
  return readDefinition({ openapi: '3.0.1', info: { title: 'Test', version: '1.2' }, paths, components });
}

function only(paths: Json, components: Json = {}) {
  const [endpoint] = read(paths, components).endpoints;
  if (!endpoint) throw new GatewayError('internal', 'no endpoint');
  return endpoint;
}

function membersOf(schemas: Json, name: string) {
  const definition = read({ '/a/b': { get: { responses: {} } } }, { schemas });
  return definition.schemas.find((schema) => schema.name === name)?.members;
}

test('title, version and the order of endpoints are those of the document', () => {
  const definition = read({ '/b/x': { post: {}, get: {} }, '/a/y': { get: {} } });
  expect(definition).toMatchObject({ title: 'Test', version: '1.2' });
  expect(definition.endpoints.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /b/x',
    'POST /b/x',
    'GET /a/y',
  ]);
});

test('a path loses its trailing slash and the regular expression of a placeholder', () => {
  const paths = ['/finance/recap/', '/a/{id:int(^[0-9]{1,3}$)}/b', '/system/members/{name:regex(^(types. |('];
  const read2 = read(Object.fromEntries(paths.map((path) => [path, { get: {} }])));
  expect(read2.endpoints.map(({ path }) => path)).toEqual(['/finance/recap', '/a/{id}/b', '/system/members/{name}']);
});

test('paths that differ only in case are one, in the first spelling, with the methods of both', () => {
  const { endpoints } = read({
    '/system/allowedfiletypes/': { get: { summary: 'first one' }, post: {} },
    '/system/AllowedFileTypes': { get: { summary: 'second one' }, delete: {} },
  });
  expect(endpoints.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /system/allowedfiletypes',
    'POST /system/allowedfiletypes',
    'DELETE /system/allowedfiletypes',
  ]);
  expect(endpoints[0]?.summary).toBe('first one');
});

test('placeholders are spelled as most paths do, and their parameters with them', () => {
  const parameter = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'integer' } });
  const { endpoints } = read({
    '/a/{grandParentId}/b': { get: { parameters: [parameter('grandParentId')] } },
    '/a/{grandparentId}/c': { get: { parameters: [parameter('grandparentId')] } },
    '/a/{grandparentId}/d': { get: { parameters: [parameter('grandparentId')] } },
  });
  expect(endpoints[0]).toMatchObject({
    path: '/a/{grandparentId}/b',
    parameters: [{ name: 'grandparentId', location: 'path' }],
  });
  expect(endpoints[0]?.parameters).toHaveLength(1);
});

test('a parameter that is declared in the path and not in it goes to the query, as optional', () => {
  const { parameters } = only({
    '/a/b': {
      get: { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer', format: 'int32' } }] },
    },
  });
  expect(parameters).toEqual([{ name: 'id', location: 'query', required: false, type: 'integer', format: 'int32' }]);
});

test('headers are dropped, shared and referred parameters are taken, undeclared placeholders are added', () => {
  const { parameters } = only(
    {
      '/a/{id}/{key}': {
        parameters: [{ $ref: '#/components/parameters/Page' }],
        get: { parameters: [{ name: 'clientId', in: 'header', required: true, schema: { type: 'string' } }] },
      },
    },
    { parameters: { Page: { name: 'page', in: 'query', required: true, schema: { type: 'integer' } } } },
  );
  expect(parameters).toEqual([
    { name: 'id', location: 'path', required: true, type: 'integer' },
    { name: 'key', location: 'path', required: true, type: 'string' },
    { name: 'page', location: 'query', required: true, type: 'integer' },
  ]);
});

test("ConnectWise's own media type is JSON, and the lowest 2xx is the status", () => {
  const schemas = { Ticket: { type: 'object', properties: { id: { type: 'integer' } } } };
  const content = {
    'application/vnd.connectwise.com+json; version=2025.1': { schema: { type: 'array', items: ref('Ticket') } },
  };
  const endpoint = only({ '/a/b': { get: { responses: { 404: {}, 207: {}, 201: { content } } } } }, { schemas });
  expect(endpoint).toMatchObject({
    status: 201,
    response: { schema: 'Ticket', array: true, mediaType: 'application/json' },
  });
});

test('bodies that are not JSON, or have no schema, are kept', () => {
  const { endpoints } = read(
    {
      '/a/form': { post: { requestBody: { content: { 'multipart/form-data': { schema: ref('Form') } } } } },
      '/a/file': { get: { responses: { 200: { content: { 'application/pdf': {} } } } } },
      '/a/text': { get: { responses: answers({ type: 'string' }) } },
      '/a/ids': { get: { responses: answers({ type: 'array', items: { type: 'integer' } }) } },
      '/a/none': { delete: { responses: { 204: {} } } },
    },
    { schemas: { Form: { type: 'object', properties: {} } } },
  );
  expect(endpoints.map(({ body, response }) => body ?? response)).toEqual([
    { schema: 'Form', array: false, mediaType: 'multipart/form-data' },
    { array: false, mediaType: 'application/pdf' },
    { array: false, type: 'string', mediaType: 'application/json' },
    { array: true, type: 'integer', mediaType: 'application/json' },
    undefined,
  ]);
});

test('a body written in place becomes a schema named after the operation', () => {
  const schema = {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'object', properties: { b: { type: 'string' } } } },
  };
  const definition = read({
    '/a/b': { post: { operationId: 'postThing', requestBody: { content: { 'application/json': { schema } } } } },
  });
  expect(definition.endpoints[0]?.body?.schema).toBe('postThingBody');
  expect(definition.schemas).toEqual([
    { name: 'postThingBody', members: [{ name: 'a', type: 'object', schema: 'postThingBodyA', required: true }] },
    { name: 'postThingBodyA', members: [{ name: 'b', type: 'string' }] },
  ]);
});

test('members have type, format, length, duty and words', () => {
  const properties = {
    name: { type: 'string', description: ' Max length: 50;' },
    severity: {
      type: 'string',
      nullable: true,
      enum: ['Low', 'High', null],
      description: 'How bad. Required On Updates;',
    },
    count: { type: 'integer', format: 'int32', readOnly: true },
    tags: { type: 'array', items: { type: 'string', enum: ['A', 'B'] } },
    _info: { type: 'object', additionalProperties: { type: 'string' } },
  };
  expect(membersOf({ Thing: { type: 'object', required: ['name'], properties } }, 'Thing')).toEqual([
    { name: 'name', type: 'string', maxLength: 50, required: true },
    {
      name: 'severity',
      type: 'string',
      enum: ['Low', 'High'],
      requiredOnUpdate: true,
      nullable: true,
      description: 'How bad.',
    },
    { name: 'count', type: 'integer', format: 'int32', readOnly: true },
    { name: 'tags', type: 'array', itemType: 'string', enum: ['A', 'B'] },
    { name: '_info', type: 'object' },
  ]);
});

test('references are resolved: records by name, enumerations and lists in place, circles without end', () => {
  const schemas = {
    Board: {
      type: 'object',
      properties: { parent: ref('Board'), kind: ref('Kind'), all: ref('Boards'), lost: ref('Nowhere') },
    },
    Kind: { type: 'string', enum: ['X'] },
    Boards: { type: 'array', items: ref('Board') },
    Loop: ref('Loop'),
  };
  expect(membersOf(schemas, 'Board')).toEqual([
    { name: 'parent', type: 'object', schema: 'Board' },
    { name: 'kind', type: 'string', enum: ['X'] },
    { name: 'all', type: 'array', schema: 'Board' },
    { name: 'lost', type: 'object' },
  ]);
});

test('allOf lays schemas over each other, and around one reference is that reference', () => {
  const schemas = {
    Base: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
    Full: { allOf: [ref('Base'), { type: 'object', properties: { name: { type: 'string' } } }, ref('Full')] },
    User: { type: 'object', properties: { base: { nullable: true, allOf: [ref('Base')] } } },
  };
  expect(membersOf(schemas, 'Full')).toEqual([
    { name: 'id', type: 'integer', required: true },
    { name: 'name', type: 'string' },
  ]);
  expect(membersOf(schemas, 'User')).toEqual([{ name: 'base', type: 'object', schema: 'Base', nullable: true }]);
});

test('names of schemas lose their dots without running into each other', () => {
  const record = { type: 'object', properties: {} };
  const schemas = {
    'Company.Configuration': record,
    Configuration: record,
    'Finance.Currency': record,
    'Type.Currency': record,
  };
  const definition = read({ '/a/b': { get: { responses: answers(ref('Company.Configuration')) } } }, { schemas });
  expect(definition.schemas.map(({ name }) => name)).toEqual([
    'CompanyConfiguration',
    'Configuration',
    'Currency',
    'TypeCurrency',
  ]);
  expect(definition.endpoints[0]?.response?.schema).toBe('CompanyConfiguration');
});

test('summaries and tags are kept; generated summaries, which only name a type, are not', () => {
  const { endpoints } = read({
    '/a/kept': { get: { tags: ['My Tag'], summary: 'Look at it closely' } },
    '/a/things': {
      get: { summary: 'Get List of ConnectWise.Apis.v3_0.Thing', responses: answers({ type: 'array', items: {} }) },
    },
  });
  expect(endpoints.map(({ category, summary }) => [category, summary])).toEqual([
    ['My Tag', 'Look at it closely'],
    ['Things', 'List things'],
  ]);
});

test.each([
  ['no object', [], 'top level'],
  ['Swagger 2', { swagger: '2.0', paths: {} }, 'Swagger 2.0'],
  ['another document', { name: 'x' }, 'no "openapi"'],
  ['an unknown version', { openapi: '4.0.0', paths: { '/a': {} } }, 'OpenAPI 4.0.0'],
  ['no paths', { openapi: '3.0.0' }, 'no "paths"'],
  ['empty paths', { openapi: '3.0.0', paths: {} }, 'empty'],
  ['paths without operations', { openapi: '3.0.0', paths: { '/a': {} } }, 'not one operation'],
])('a definition with %s is refused in one sentence', (_, document, words) => {
  expect(() => readDefinition(document)).toThrow(
    expect.objectContaining({ code: 'definition_invalid', message: expect.stringContaining(words) }),
  );
});
