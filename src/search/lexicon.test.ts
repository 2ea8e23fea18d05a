import { describe, expect, it } from 'vitest';
import { lexicon } from './lexicon.ts';

describe('the lexicon', () => {
  it('says every word once', () => {
    const said = lexicon.map(({ say }) => say);
    expect(said.filter((say, at) => said.indexOf(say) !== at)).toEqual([]);
  });

  it('gives every word a meaning, a reason and a weight up to one', () => {
    for (const { say, means, because, weight = 0.9 } of lexicon) {
      expect(
        means.every((meaning) => /^[a-z0-9 ]+$/.test(meaning)),
        say,
      ).toBe(true);
      expect(because.length, say).toBeGreaterThan(4);
      expect(weight, say).toBeGreaterThan(0);
      expect(weight, say).toBeLessThanOrEqual(1);
    }
  });
});
