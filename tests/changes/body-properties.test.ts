import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { manyRuns } from '../support/depth.ts';
import { sharedCatalog } from '../support/shared.ts';
import { prepareCall } from './bodies/prepare-call.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

const schemaOf: Readonly<Record<string, string>> = {
  'POST /service/tickets': 'Ticket',
  'PATCH /service/tickets/1': 'Ticket',
  'POST /company/contacts': 'Contact',
  'PATCH /company/companies/1': 'Company',
  'POST /time/entries': 'TimeEntry',
  'POST /finance/agreements/1/additions': 'Addition',
  'PATCH /company/configurations/1': 'Configuration',
  'PUT /company/companyFinance/1': 'CompanyFinance',
};

const nasty = fc.constantFrom('', ' ', '__proto__', 'constructor', 'a/b', '/', '…', '\ud800', '2025-02-30', '-', '1e9');
const spelt = fc.constantFrom(
  'true',
  'FALSE',
  '12',
  ' 7 ',
  '1.5',
  'low',
  'billable',
  'Do Not Bill',
  'tomorrow 14:00',
  'today',
  '2025-03-09 02:30',
);
const scalar = fc.oneof(
  spelt,
  nasty,
  fc.string({ maxLength: 120 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const reference = fc.dictionary(fc.constantFrom('id', 'ID', 'name', 'identifier', 'title', '_info'), scalar, {
  maxKeys: 3,
});
const row = fc.dictionary(
  fc.constantFrom('id', 'value', 'Value', 'type', 'caption', 'valeu'),
  fc.oneof(scalar, reference),
  { maxKeys: 3 },
);
const value = fc.oneof(
  scalar,
  reference,
  fc.array(fc.oneof(row, scalar), { maxLength: 3 }),
  fc.jsonValue({ maxDepth: 4 }),
);

/** Names that the schema has, as they are and slightly wrong, and any others. */
function names(call: string): fc.Arbitrary<string> {
  const known = catalog.findSchema(schemaOf[call] ?? '')?.members.map(({ name }) => name) ?? [];
  const name = fc.constantFrom(...known);
  return fc.oneof(
    { weight: 6, arbitrary: name },
    name.map((one) => one.toUpperCase()),
    name.map((one) => one.slice(1)),
    fc.tuple(name, nasty).map((parts) => parts.join('/')),
    nasty,
    fc.string({ maxLength: 12 }),
  );
}

const requests = () =>
  fc.constantFrom(...Object.keys(schemaOf)).chain((call) => {
    const object = fc.dictionary(names(call), value, { maxKeys: 5 });
    const operation = fc.record({ op: fc.constantFrom('add', 'replace', 'remove'), path: names(call), value });
    const body = call.startsWith('PATCH') ? fc.oneof(object, fc.array(operation, { maxLength: 4 })) : object;
    return fc.tuple(fc.constant(call), body);
  });

test('whatever a body holds, it is prepared or refused, and what is prepared is prepared again unchanged', async () => {
  let prepared = 0;
  await fc.assert(
    fc.asyncProperty(requests(), async ([call, body]) => {
      const change = await prepareCall(catalog, call, body).catch((error: unknown) => {
        expect(error).toBeInstanceOf(GatewayError);
        expect((error as GatewayError).code).toBe('invalid_body');
        return undefined;
      });
      if (change === undefined) return;
      prepared++;
      const again = await prepareCall(catalog, call, change.body);
      expect(again.body).toEqual(change.body);
      expect(again.warnings.join()).not.toContain('Repaired');
    }),
    { numRuns: manyRuns },
  );
  expect(prepared).toBeGreaterThan(manyRuns / 30);
});

test('a record of right values is sent as it is', async () => {
  const right: Record<string, fc.Arbitrary<unknown>> = {
    summary: fc.string({ minLength: 1, maxLength: 100 }).filter((text) => text.trim() !== ''),
    board: fc.record({ id: fc.integer({ min: 1, max: 1e9 }) }),
    status: fc.record({ name: fc.string({ minLength: 1 }).filter((text) => text.trim() !== '') }),
    severity: fc.constantFrom('Low', 'Medium', 'High'),
    budgetHours: fc.double({ noNaN: true, noDefaultInfinity: true }),
    approved: fc.boolean(),
    parentTicketId: fc.integer(),
    requiredDate: fc
      .date({ min: new Date(0), max: new Date('2099-01-01'), noInvalidDate: true })
      .map((date) => `${date.toISOString().slice(0, 19)}Z`),
  };
  await fc.assert(
    fc.asyncProperty(fc.record(right, { requiredKeys: ['summary'] }), async (members) => {
      const body = { ...members, company: { id: 2 } };
      const change = await prepareCall(catalog, 'POST /service/tickets', body);
      expect(change.body).toEqual(body);
      const isSaid = (warning: string) => !warning.startsWith('The new status could not be read');
      expect(change.warnings.filter(isSaid)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
