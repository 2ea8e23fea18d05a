import { lexicon } from './lexicon.ts';
import type { Meaning } from './parse-request.ts';
import { stem } from './stem.ts';

/** What the words of a request are looked up in. */
export interface Vocabulary {
  /** The catalog's names have this stem. */
  has(stem: string): boolean;
  /** The catalog's names have exactly this word. */
  writes(word: string): boolean;
  /** The catalog has a name with these two stems as neighbours: `holiday list`. */
  isCompound(left: string, right: string): boolean;
  /** The stems are the whole name of a resource below one of the first: the `statuses` of a `board`. */
  hasChild(parent: string, child: readonly string[]): boolean;
  /** The second is an own word of a resource below one of the first: `company`, `site`. */
  isChild(parent: string, child: string): boolean;
  /** Members of records have this stem. */
  hasMember(stem: string): boolean;
  /** Words run together, split; the word itself where it is one. */
  split(word: string): readonly string[];
  /** The word that was meant, one typing error away. */
  correct(word: string): string | undefined;
  /** The trade's word or phrase, by its stems with spaces. */
  phrase(stems: string): Phrase | undefined;
  /** Words of the longest phrase. */
  readonly longestPhrase: number;
}

export interface Phrase {
  meanings: readonly Meaning[];
  instead: boolean;
  leads: boolean;
  topic: boolean;
}

export const stemsOf = (text: string): string[] => text.split(' ').map(stem);

/** The lexicon by stems, so that `clients` and `client` are one. */
export function indexLexicon(): Map<string, Phrase> {
  const phrases = new Map<string, Phrase>();
  for (const { say, means, weight = 0.9, instead = false, leads = false, topic = false } of lexicon) {
    const meanings = means.map((meaning) => ({ stems: stemsOf(meaning), strength: weight }));
    phrases.set(stemsOf(say).join(' '), { meanings, instead: instead || topic, leads, topic });
  }
  return phrases;
}
