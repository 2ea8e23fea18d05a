import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { predicatesOf } from '../conditions/expression.ts';
import { parseConditions } from '../conditions/parse-conditions.ts';
import { type OpenedCatalog, openCatalogFile } from './catalog.ts';
import type { Endpoint, Schema } from './endpoint.ts';
import { examples, findExample } from './examples.ts';
import { findNotes, notes } from './notes.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await openCatalogFile({ file: join(import.meta.dirname, '../../dist/catalog.db'), source: 'shipped' });
});
afterAll(() => catalog.close());

function endpointOf(text: string): Endpoint {
  const [method = '', path = ''] = text.split(' ');
  const match = catalog.findEndpoint(method as Endpoint['method'], path.replaceAll('{}', '1'));
  if (!match) throw new Error(`no endpoint ${text}`);
  return match.endpoint;
}

const schemaOf = (name: string | undefined): Schema | undefined =>
  name === undefined ? undefined : catalog.findSchema(name);

test('every note is about something that exists, and cites its source', () => {
  const templates = new Set(catalog.endpoints.map(({ path }) => path.replace(/\{[^}]*\}/g, '{}').toLowerCase()));
  for (const { about, source } of notes) {
    expect(source).toMatch(/^CW \d/);
    for (const subject of about) {
      if (subject.includes(' ')) endpointOf(subject);
      else if (subject.startsWith('/')) expect(templates, subject).toContain(subject.toLowerCase());
      else expect(catalog.findSchema(subject)?.name, subject).toBe(subject);
    }
  }
});

test('notes come with the endpoints they are about', () => {
  expect(findNotes(endpointOf('POST /service/tickets')).join(' ')).toContain('belong to a board');
  expect(findNotes(endpointOf('GET /service/boards/{}/statuses')).join(' ')).toContain('inactive');
  expect(findNotes(endpointOf('GET /company/countries'))).toEqual([]);
});

/** Follows a path of names through the schemas. */
function reaches(schema: Schema | undefined, [name, ...rest]: readonly string[]): boolean {
  const member = schema?.members.find((candidate) => candidate.name === name);
  if (!member) return false;
  return rest.length === 0 ? member.schema === undefined : reaches(schemaOf(member.schema), rest);
}

describe.each(examples)('the example of $endpoint', ({ endpoint: text, params, data }) => {
  test('names members that exist', () => {
    const endpoint = endpointOf(text);
    const conditions = params?.conditions;
    if (conditions !== undefined) {
      // A count takes the conditions of its list.
      const list = endpointOf(text.replace(/\/(count|calculateSla)$/, ''));
      for (const { path } of predicatesOf(parseConditions(conditions)))
        expect(reaches(schemaOf(list.response?.schema), path.segments), path.segments.join('/')).toBe(true);
    }
    const schema = schemaOf(endpoint.method === 'PATCH' ? endpoint.response?.schema : endpoint.body?.schema);
    for (const name of Object.keys(data ?? {})) expect(schema?.members.map((member) => member.name)).toContain(name);
    if (data && endpoint.method === 'POST') {
      const required = (schema?.members ?? []).filter((member) => member.required).map((member) => member.name);
      // `merge` marks a status as required that the server does not ask for (CW 5.5.9).
      expect(Object.keys(data)).toEqual(expect.arrayContaining(required));
    }
  });
});

test('an endpoint without an example of its own gets its required members', () => {
  expect(findExample(catalog, endpointOf('POST /company/contacts/types'))?.data).toHaveProperty('description');
  expect(findExample(catalog, endpointOf('GET /company/countries'))).toBeUndefined();
});
