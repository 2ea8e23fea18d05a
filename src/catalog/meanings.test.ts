import { beforeAll, describe, expect, test } from 'vitest';
import { sharedCatalog } from '../../tests/support/shared.ts';
import { predicatesOf } from '../conditions/expression.ts';
import { parseConditions } from '../conditions/parse-conditions.ts';
import type { OpenedCatalog } from './catalog.ts';
import { meaningIn, meaningOf, meanings } from './meanings.ts';

let catalog: OpenedCatalog;
beforeAll(async () => {
  catalog = await sharedCatalog();
});

describe.each(meanings)('$text', ({ schemas, members, text, source }) => {
  test('is about members that exist, cites its source, and fits a search result', () => {
    for (const schema of schemas) {
      const names = catalog.findSchema(schema)?.members.map(({ name }) => name);
      for (const member of members.slice(0, schemas.length > 1 ? 1 : undefined))
        expect(names, schema).toContain(member);
    }
    expect(source).toMatch(/^CW \d|^the definition/);
    expect(text.length).toBeLessThanOrEqual(125);
  });

  test('says what is not documented', () => {
    expect(/weak/.test(source) && /respon|sla/i.test(members[0] ?? '')).toBe(/not documented/.test(text));
  });

  test('has conditions that can be asked', () => {
    for (const [condition] of text.matchAll(/\b\w+(?:=|>)(?:"[^"]*"|\w+)/g)) {
      const [predicate] = predicatesOf(parseConditions(condition));
      const [name = ''] = predicate?.path.segments ?? [];
      for (const schema of schemas.slice(0, 1))
        expect(catalog.findSchema(schema)?.members.map((member) => member.name)).toContain(name);
    }
  });
});

test('a member has the meaning that filters with it', () => {
  expect(meaningOf('Ticket', 'closedFlag')).toContain('closedFlag=false');
  expect(meaningOf('Ticket', 'respondMinutes')).toContain('in minutes');
  expect(meaningOf('Ticket', 'summary')).toBeUndefined();
  expect(meaningOf('Company', 'closedFlag')).toBeUndefined();
});

test.each([
  ['/service/tickets', 'show me the open tickets of Acme', /closedFlag=false/],
  ['/service/tickets/count', 'how many tickets are in SLA', /isInSla/],
  ['/service/tickets', 'average first response time', /respondMinutes/],
  ['/service/tickets', 'unassigned tickets', /owner=null/],
  ['/time/entries', 'time that is not invoiced', /invoiceFlag=false/],
  ['/finance/agreements', 'live agreements', /agreementStatus="Active"/],
  ['/sales/opportunities', 'open opportunities', /status\/id in/],
  ['/company/configurations', 'devices in use', /activeFlag=true/],
  ['/service/tickets', 'tickets of Acme', undefined],
  ['/company/countries', 'active countries', undefined],
])('%s for “%s”', (path, said, text) => {
  const endpoint = catalog.findEndpoint('GET', path)?.endpoint;
  const meaning = endpoint && meaningIn(catalog, endpoint, said);
  if (text === undefined) expect(meaning).toBeUndefined();
  else expect(meaning).toMatch(text);
});
