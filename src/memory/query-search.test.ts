import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWordIndex, wordsIn } from './query-search.ts';

const texts = [
  'Open tickets of a client',
  'My open tickets',
  'Overdue invoices of all clients',
  'Time entries on a ticket',
  'Configurations whose warranty expires',
];

/** As the search of endpoints names records. */
const names = new Map([
  ['client', 'compani'],
  ['customer', 'compani'],
  ['devic', 'configur'],
  ['contract', 'agreement'],
]);
const nameFor = (stem: string) => names.get(stem);

function search(text: string) {
  const index = createWordIndex(nameFor);
  for (const [id, line] of texts.entries()) index.put(id, [line]);
  return index.search(text, 5).map(({ id, score }) => [texts[id], Math.round(score * 100) / 100] as const);
}

test.each([
  ['open tickets of a client', 'Open tickets of a client'],
  ['show me all OPEN TICKETS for the customer', 'Open tickets of a client'],
  ['which tickets do I have open', 'My open tickets'],
  ['tickets that are assigned to me', 'My open tickets'],
  ['invoice overdue', 'Overdue invoices of all clients'],
  ['devices with an expiring warranty', 'Configurations whose warranty expires'],
  ['time entry for ticket', 'Time entries on a ticket'],
])('“%s” finds “%s” first', (text, expected) => {
  expect(search(text)[0]?.[0]).toBe(expected);
});

test('the same words score 1, and a text with “my” scores low for a request without it', () => {
  expect(search('Overdue invoices of all clients')[0]?.[1]).toBe(1);
  const mine = search('open tickets').find(([text]) => text === 'My open tickets');
  expect(mine?.[1]).toBeLessThan(0.6);
});

test('a name in the request lowers the score slightly, an unknown subject much', () => {
  const [name] = search('open tickets of client Silverline');
  const [subject] = search('open tickets of client zebra');
  expect(name?.[1]).toBeGreaterThan((subject?.[1] ?? 1) + 0.1);
});

test.each(['', '   ', 'the of a', '😀', "'; DROP TABLE x; --"])('%j finds nothing', (text) => {
  expect(search(text)).toEqual([]);
});

test('a text that is put again replaces the old one, and a removed text is not found', () => {
  const index = createWordIndex();
  index.put(1, ['printer tickets', 'paper jam']);
  expect(index.search('paper jam', 5)).toEqual([{ id: 1, score: 1 }]);
  index.put(1, ['scanner tickets']);
  expect(index.search('paper jam', 5)).toEqual([]);
  index.remove(1);
  expect(index.search('scanner tickets', 5)).toEqual([]);
});

test('polite words are ignored, and I means my', () => {
  expect(wordsIn('please show me the tickets')).toEqual(['ticket']);
  expect(wordsIn('what do I own')).toEqual(['my', 'own']);
});

test('the same words in another order score exactly the same, whatever else is saved', () => {
  const word = fc.stringMatching(/^[b-df-hj-np-tv-z]{4,6}$/);
  const unlike = fc.uniqueArray(word, { minLength: 6, maxLength: 10 }).chain((words) =>
    fc.record({
      words: fc.constant(words),
      other: fc.shuffledSubarray(words, { minLength: words.length }),
      // Words that more texts hold weigh less, so that the sums have unlike parts.
      more: fc.array(fc.subarray(words, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
    }),
  );
  fc.assert(
    fc.property(unlike, ({ words, other, more }) => {
      const index = createWordIndex();
      const texts = [words, other, ...more].map((list) => list.join(' '));
      for (const [id, text] of texts.entries()) index.put(id, [text]);
      const scores = new Map(index.search(words.slice(1).join(' '), 20).map(({ id, score }) => [id, score]));
      expect(scores.get(0)).toBe(scores.get(1));
    }),
  );
});
