import { describe, expect, it } from 'vitest';
import { stem } from './stem.ts';

describe('stem', () => {
  it.each([
    ['tickets', 'ticket'],
    ['companies', 'company'],
    ['statuses', 'status'],
    ['SLAs'.toLowerCase(), 'sla'],
    ['people', 'person'],
  ])('makes %s and %s one', (a, b) => {
    expect(stem(a)).toBe(stem(b));
  });

  it.each([
    ['active', 'activities'],
    ['settings', 'set'],
    ['ratings', 'rates'],
    ['customer', 'custom'],
    ['billing', 'bill'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(stem(a)).not.toBe(stem(b));
  });

  it('leaves words with digits as they are', () => {
    expect(stem('o365s')).toBe('o365s');
  });
});
