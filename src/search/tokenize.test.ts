import { describe, expect, it } from 'vitest';
import { splitIdentifier, tokenize } from './tokenize.ts';

const wordsOf = (text: string) => tokenize(text).map((token) => token.text);
const find = (text: string, word: string) => tokenize(text).find((token) => token.text === word);

describe('splitIdentifier', () => {
  it.each([
    ['purchaseOrderStatuses', ['purchase', 'order', 'statuses']],
    ['SLAs', ['slas']],
    ['RMADispositions', ['rma', 'dispositions']],
    ['M365Contacts', ['m365', 'contacts']],
    ['connectWiseHostedSetups', ['connectwise', 'hosted', 'setups']],
    ['time_entry', ['time', 'entry']],
    ['', []],
  ])('splits %s', (name, words) => {
    expect(splitIdentifier(name)).toEqual(words);
  });
});

describe('tokenize', () => {
  it('drops punctuation and possessive endings', () => {
    expect(wordsOf("Contoso's tickets, please!")).toEqual(['contoso', 'tickets', 'please']);
  });

  it('marks owners, values in quotes, names, numbers and what is said by the way', () => {
    expect(find("a member's role", 'member')?.possessive).toBe(true);
    expect(find('status "Open"', 'open')?.quoted).toBe(true);
    expect(find('tickets for Contoso', 'contoso')?.capital).toBe(true);
    expect(find('Tickets for me', 'tickets')?.capital).toBe(false);
    expect(find('ticket #4711', '4711')?.number).toBe(true);
    expect(find('devices (servers)', 'servers')?.aside).toBe(true);
    expect(find('one entry — its notes', 'notes')?.aside).toBe(true);
    expect(find('tasks/checklists', 'checklists')?.slashed).toBe(true);
  });

  it('takes amounts with a point and mail addresses as one value, and marks where a question ends', () => {
    expect(find('45.20 for lunch', '4520')).toMatchObject({ quoted: true, number: false });
    expect(wordsOf('mail ann@example.com')).toEqual(['mail', 'annexamplecom']);
    expect(find('is it done? list them', 'done')?.asked).toBe(true);
    expect(find('the Acme board', 'acme')?.titled).toBe(true);
    expect(find('the SLA board', 'sla')?.titled).toBe(false);
  });

  it.each(['', '   ', '🔥', '\ud800', '""', '((((', '—'])('gives no words for %j', (text) => {
    expect(wordsOf(text)).toEqual([]);
  });

  it('reads the front of a very long request only', () => {
    expect(tokenize('ticket '.repeat(5000)).length).toBeLessThanOrEqual(60);
  });
});
