import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { manyRuns } from '../../../tests/support/depth.ts';
import { compileConditions } from '../../conditions/evaluate-conditions.ts';
import { parseConditions } from '../../conditions/parse-conditions.ts';
import { nameMatches, readNamedRecord, recordsMatching } from './match-names.ts';
import { likenessQuery, nameQuery, narrow, numberQuery } from './name-query.ts';
import type { LookupTable } from './tables.ts';
import { tables } from './tables.ts';

const { companies, contacts, agreements }: Record<string, LookupTable> = tables;
if (!companies || !contacts || !agreements) throw new Error('cannot happen: the tables have these');

test.each([
  [companies, 'exact', 'Acme', 'name="Acme" or identifier="Acme"'],
  [companies, 'prefix', `O'Neil`, `name like "O'Neil%" or identifier like "O'Neil%"`],
  [companies, 'exact', 'The "Best"', `name='The "Best"' or identifier='The "Best"'`],
  [companies, 'exact', `O'Neil "Best"`, `name like "O'Neil %Best%" or identifier like "O'Neil %Best%"`],
  [companies, 'contains', '50% [A]_*', 'name like "%50% %A%%%%" or identifier like "%50% %A%%%%"'],
  [contacts, 'exact', 'Jo Doe', '(firstName="Jo" and lastName="Doe") or firstName="Jo Doe" or lastName="Jo Doe"'],
  [contacts, 'prefix', 'Jo', 'firstName like "Jo%"'],
] as const)('%# asks %s', (table, how, text, conditions) => {
  expect(nameQuery(table, how, text)).toEqual({ conditions });
});

it('asks for an e-mail address among the items of a contact, and only for the whole of it', () => {
  expect(nameQuery(contacts, 'exact', 'jo@acme.example')).toEqual({
    conditions: '',
    childConditions: 'communicationItems/value="jo@acme.example"',
  });
  expect(nameQuery(contacts, 'prefix', 'jo@acme.example')).toBeUndefined();
});

it('asks nothing for what cannot be a name', () => {
  for (const text of ['', ' ', 'x'.repeat(201), 'a\u0000b', 'a\ud800b'])
    expect(nameQuery(companies, 'exact', text)).toBeUndefined();
  expect(likenessQuery(companies, '- # ab')).toBeUndefined();
});

it('narrows by the parent and by what is in use, around the whole of the query', () => {
  const query = numberQuery(agreements, '12');
  expect(narrow(query, agreements, { company: 3 }, true).conditions).toBe(
    'company/id=3 and agreementStatus="Active" and (id=12 or name="12")',
  );
  expect(narrow(query, agreements, {}, false)).toEqual({ conditions: 'id=12 or name="12"' });
  expect(narrow({ conditions: '' }, agreements, { company: 3 }, false).conditions).toBe('company/id=3');
});

it('finds at least every record that matches, whatever the name holds', () => {
  const piece = fc.constantFrom('a', 'B', ' ', '"', "'", '\\', '%', '*', '_', '[', ']', 'é');
  const name = fc.string({ unit: piece, minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom(companies, contacts), name, name, name, (table, first, second, text) => {
      const [one, two] = [first.trim(), second.trim()];
      // A contact always has a first name (CW 5.4.4).
      if (one === '') return;
      const row = { id: 1, name: one, identifier: two, firstName: one, lastName: two };
      const record = readNamedRecord(table, row);
      for (const how of nameMatches) {
        const query = nameQuery(table, how, text);
        const matches = record !== undefined && recordsMatching(how, text, [record]).length > 0;
        if (!matches) continue;
        expect(query).toBeDefined();
        const holds = compileConditions(parseConditions(query?.conditions ?? ''));
        expect(holds(({ segments }) => row[segments[0] as keyof typeof row])).toBe(true);
      }
    }),
    { numRuns: manyRuns },
  );
});
