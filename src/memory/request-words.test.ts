import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findOpenWords } from './request-words.ts';

const query = {
  name: 'late-invoices',
  description: 'Late invoices of a client in the last year, or since a date',
  path: '/finance/invoices',
  params: { conditions: 'company/id={company} and dueDate<[{before=today}]' },
};

test.each<[string, string[], string[]]>([
  ['late invoices of a client', [], []],
  ['Show me the late invoices of the customer in the last year!', [], []],
  ['late invoices before 2026-03-01', ['before 2026-03-01'], []],
  ['late invoices since yesterday', ['since yesterday'], []],
  ['late invoices of Maple Leaf', [], ['Maple Leaf']],
  ['late invoices of Bank of Montreal and O’Neil’s', [], ['Bank of Montreal and O’Neil']],
  ['late invoices of Acme, not paid', [], ['Acme', 'not paid']],
  ['5 late invoices of X', [], ['5', 'X']],
  ['late invoices that I have', [], ['I']],
  ['late invoices in march', [], ['march']],
  ['late invoices of the past week', [], ['past week']],
])('%s leaves open %j and %j', (request, periods, phrases) => {
  const open = findOpenWords(request, query, (stem) => (/^(client|customer)$/.test(stem) ? 'compani' : undefined));
  expect(open.periods.map(({ side, words }) => `${side} ${words}`)).toEqual(periods);
  expect(open.phrases).toEqual(phrases);
});

test('a word that the query does not have is never lost, wherever it is', () => {
  const own = ['late', 'invoices', 'of', 'the', 'client', 'since', 'please', 'my'];
  const foreign = fc.stringMatching(/^[b-df-hj-np-tv-z]{4,9}$/);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...own), { maxLength: 8 }), fc.nat(8), foreign, (words, at, name) => {
      const request = words.toSpliced(at, 0, name).join(' ');
      expect(findOpenWords(request, query).phrases.join(' ')).toContain(name);
    }),
  );
});
