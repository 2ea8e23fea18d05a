import { expect, test } from 'vitest';
import { boundByDate } from './bound-by-date.ts';
import type { ConnectWiseRequest } from './client.ts';

const now = new Date('2026-03-01T15:30:00Z');
const list = (conditions?: string): ConnectWiseRequest => ({
  method: 'GET',
  path: '/service/tickets',
  query: conditions === undefined ? {} : { Conditions: conditions },
});

test.each<[string, ConnectWiseRequest, string | undefined]>([
  [
    'a search for a word',
    list('summary contains "printer" or summary contains "toner"'),
    '(summary contains "printer" or summary contains "toner") and lastUpdated >= [2025-12-01T00:00:00Z]',
  ],
  [
    'a search by POST',
    { method: 'POST', path: '/service/tickets/search', body: { conditions: 'closedFlag=false' } },
    '(closedFlag=false) and lastUpdated >= [2025-12-01T00:00:00Z]',
  ],
  ['one that has a bound', list('summary contains "x" and DateEntered > [2026-01-01]'), undefined],
  ['one without conditions', list(), undefined],
  ['one that would not fit into an error', list(`summary contains "${'x'.repeat(500)}"`), undefined],
])('%s', (_, request, bounded) => {
  expect(boundByDate(request, now)).toBe(bounded);
});
