import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCorrector, isOneEditApart } from './typing-errors.ts';

describe('isOneEditApart', () => {
  it.each([
    ['ticket', 'tikcet', true],
    ['ticket', 'tiket', true],
    ['ticket', 'tickket', true],
    ['ticket', 'ticker', true],
    ['ticket', 'tickets', true],
    ['ticket', 'ticket', false],
    ['ticket', 'packet', false],
    ['ticket', 'tekcit', false],
  ])('says of %s and %s: %s', (a, b, expected) => {
    expect(isOneEditApart(a, b)).toBe(expected);
  });

  it('holds for any word with one letter left out', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{2,12}$/), fc.nat(11), (word, at) => {
        const place = at % word.length;
        expect(isOneEditApart(word, word.slice(0, place) + word.slice(place + 1))).toBe(true);
      }),
    );
  });
});

describe('createCorrector', () => {
  const correct = createCorrector(['company', 'ticket', 'timer', 'order', 'time', 'notes']);

  it.each([
    ['compnay', 'company'],
    ['tiket', 'ticket'],
    ['tiem', 'time'],
  ])('mends %s', (typed, meant) => {
    expect(correct(typed)).toBe(meant);
  });

  it.each(['tier', 'older', 'acme', 'tim', 'zzzzzz', 'o365'])('leaves %s as it is', (word) => {
    expect(correct(word)).toBeUndefined();
  });
});
