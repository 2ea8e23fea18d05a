import { expect, test } from 'vitest';
import type { Endpoint, Member } from '../../src/catalog/endpoint.ts';
import { purposeOf } from '../../src/changes/body/check-body.ts';
import { checkMember, checkRecord } from '../../src/changes/body/check-record.ts';
import { type BodyContext, createFindings } from '../../src/changes/body/findings.ts';
import { createZone } from '../../src/core/zone.ts';
import { sharedCatalog } from '../support/shared.ts';

const catalog = await sharedCatalog();
const writes = catalog.endpoints
  .filter(({ method }) => method === 'POST' || method === 'PUT')
  .map(({ id }) => catalog.getEndpoint(id));

const contextOf = (endpoint: Endpoint): BodyContext => ({
  purpose: purposeOf(endpoint),
  findSchema: (name) => catalog.findSchema(name),
  zone: createZone('America/New_York'),
  nowMs: Date.parse('2026-03-10T15:00:00Z'),
  findings: createFindings(),
});

/** Values that most members refuse. */
const wrong = [{}, [], 'no such value', 1.5, true, [{}], [[1]], { name: '' }, 'x'.repeat(2_000)];

/** What a fault suggests, as values: JSON where it has some, else its alternatives. */
function suggestionsIn(allowed: string): unknown[] {
  if (/^at most \d+ characters$/.test(allowed)) return ['x'.repeat(Number(/\d+/.exec(allowed)?.[0]))];
  if (allowed === 'true or false') return [true, false];
  const number = /such as ([\d.]+)$/.exec(allowed)?.[1];
  if (number !== undefined) return [Number(number)];
  if (/^[[{"]/.test(allowed)) return allowed.split(/(?<=\}), | or /).map((text) => JSON.parse(text));
  return allowed.replace(/ and \d+ more$/, '').split(/, | or /);
}

test('what a fault of a body suggests is accepted in its place, in every body of the catalog', () => {
  const seen = new Set<string>();
  const refused: string[] = [];
  let checked = 0;
  for (const endpoint of writes) {
    const schema = endpoint.body?.schema === undefined ? undefined : catalog.findSchema(endpoint.body.schema);
    if (schema === undefined || seen.has(schema.name)) continue;
    seen.add(schema.name);
    const faultsOf = (member: Member, value: unknown) => {
      const context = contextOf(endpoint);
      checkMember(context, member, value, { schema, path: member.name, depth: 0 });
      return context.findings.faults;
    };
    for (const member of schema.members) {
      // Members of one form get the same suggestions.
      const { name: _, description: __, required: ___, ...form } = member;
      const key = JSON.stringify(form);
      if (seen.has(key)) continue;
      seen.add(key);
      for (const value of wrong) {
        for (const { path, allowed } of faultsOf(member, value)) {
          // A part of the member is tested with the schema that it belongs to.
          if (path !== member.name || allowed === undefined) continue;
          for (const suggested of suggestionsIn(allowed)) {
            checked++;
            if (faultsOf(member, suggested).length > 0) refused.push(`${schema.name}.${member.name}: ${allowed}`);
          }
        }
      }
    }
  }
  expect(refused).toEqual([]);
  expect(checked).toBeGreaterThan(2_000);
});

test.each<[schema: string, path: string, names: string]>([
  ['Ticket', '/service/tickets', 'description notes comment closed isOpen resolution contactEmail assignedTo'],
  ['ProjectTicket', '/project/tickets', 'details note completed'],
  ['ServiceNote', '/service/tickets/{parentId}/notes', 'noteType type'],
  ['Company', '/company/companies', 'active isInactive'],
  ['Contact', '/company/contacts', 'email phone mobile'],
  ['TimeEntry', '/time/entries', 'ticketId ticketNumber'],
])('the members that a wrong name of a %s suggests can be given', (name, path, wrongNames) => {
  const schema = catalog.findSchema(name) ?? { name, members: [] };
  const endpoint = catalog.findEndpoint('POST', path.replace('{parentId}', '1'))?.endpoint;
  for (const purpose of ['create', 'change'] as const) {
    for (const wrongName of wrongNames.split(' ')) {
      const context = { ...contextOf(endpoint ?? catalog.getEndpoint(1)), purpose };
      checkRecord(context, { [wrongName]: 'x' }, schema);
      const allowed = context.findings.faults.find((fault) => fault.path === wrongName)?.allowed;
      const suggested = schema.members.filter(
        (member) => member.name !== 'id' && allowed?.split(/\W+/).includes(member.name),
      );
      for (const member of suggested) {
        const again = { ...contextOf(endpoint ?? catalog.getEndpoint(1)), purpose };
        // A note needs one of its flags; which one is given is not the question here.
        checkRecord(again, { internalAnalysisFlag: true, [member.name]: null }, schema);
        const problems = again.findings.faults.filter(
          (fault) => !fault.problem.startsWith('is required') && fault.path === member.name,
        );
        expect(problems, `${purpose}: ${allowed}`).toEqual([]);
      }
      expect(suggested.length > 0 || allowed === undefined || allowed.startsWith('a note'), allowed).toBe(true);
    }
  }
});
