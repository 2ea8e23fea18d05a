import { splitWord } from './compounds.ts';
import type { LexiconEntry } from './lexicon-entry.ts';
import type { SearchIndex } from './load-index.ts';
import type { Meaning } from './parse-request.ts';
import { stem } from './stem.ts';
import { createCorrector } from './typing-errors.ts';

/** What the words of a request are looked up in. */
export interface Vocabulary {
  /** The catalog's names have this stem. */
  has(stem: string): boolean;
  /** The catalog's names have exactly this word. */
  writes(word: string): boolean;
  /** The catalog has a name with these two stems as neighbours: `holiday list`. */
  isCompound(left: string, right: string): boolean;
  /** The stems are the whole name of a resource below one of the first: the `statuses` of a `board`; `strictly`: not of the module. */
  hasChild(parent: string, child: readonly string[], strictly: boolean): boolean;
  /** The second is a word of the name of a resource below one of the first: `company`, `site`. */
  isChild(parent: string, child: string): boolean;
  /** Members of records have this stem. */
  hasMember(stem: string): boolean;
  /** Words run together, split; the word itself where it is one. */
  split(word: string): readonly string[];
  /** The word that was meant, one typing error away. */
  correct(word: string): string | undefined;
  /** The trade's word or phrase, by its stems with spaces. */
  phrase(stems: string): Phrase | undefined;
  /** A word or phrase of the trade begins with this stem. */
  begins(stem: string): boolean;
  /** Words of the longest phrase. */
  readonly longestPhrase: number;
}

export interface Phrase {
  meanings: readonly Meaning[];
  /** The literal word is not meant. */
  instead: boolean;
  leads: boolean;
  topic: boolean;
}

const stemsOf = (text: string): string[] => text.split(' ').map(stem);

function phraseOf({ means, weight = 0.9, ...entry }: LexiconEntry): Phrase {
  const [topic, leads] = [entry.topic ?? false, entry.leads ?? false];
  const meanings = means.map((meaning) => ({ stems: stemsOf(meaning), strength: weight }));
  return { meanings, instead: topic || (entry.instead ?? false), leads, topic };
}

/** Whether a resource whose name has the word lies below one of this name. */
function lies(
  index: Pick<SearchIndex, 'resources' | 'postings'>,
  parent: string,
  child: string,
  { whole, strictly = false }: { whole?: string; strictly?: boolean } = {},
): boolean {
  return (index.postings.get(child) ?? []).some(({ resource, part }) => {
    const { own = [], parents = [], module = '' } = index.resources[resource] ?? {};
    if (part !== 'own' || (whole !== undefined && own.join(' ') !== whole)) return false;
    return parents[0]?.includes(parent) === true || (!strictly && module === parent);
  });
}

function isCompound(
  { resources, postings }: Pick<SearchIndex, 'resources' | 'postings'>,
  left: string,
  right: string,
): boolean {
  return (postings.get(right) ?? []).some(({ resource, part }) => {
    const found = resources[resource];
    if (found === undefined || (part !== 'own' && part !== 'name')) return false;
    return found[part].some((word, at) => word === right && found[part][at - 1] === left);
  });
}

/** Made when an index is loaded; whatever needs the whole lexicon or catalog is looked up when it is asked for. */
export function createVocabulary(
  index: Pick<SearchIndex, 'resources' | 'postings' | 'members'>,
  words: readonly string[],
  lexicon: readonly LexiconEntry[],
): Vocabulary {
  const { postings, members } = index;
  const written = new Set(words);
  const entries = new Map(lexicon.map((entry) => [stemsOf(entry.say).join(' '), entry]));
  const firsts = new Set([...entries.keys()].map((say) => say.split(' ', 1)[0] ?? ''));
  const read = new Map<string, Phrase>();
  return {
    has: (word) => postings.has(word),
    writes: (word) => written.has(word),
    isCompound: (left, right) => isCompound(index, left, right),
    hasChild: (parent, child, strictly) =>
      lies(index, parent, child.at(-1) ?? '', { whole: child.join(' '), strictly }),
    isChild: (parent, child) => lies(index, parent, child),
    hasMember: (word) => members.has(word),
    split: (word) => splitWord(word, (piece) => postings.has(stem(piece))),
    correct: createCorrector([...words, ...lexicon.map((entry) => entry.say)]),
    phrase: (stems) => {
      const entry = entries.get(stems);
      const found = read.get(stems) ?? (entry && phraseOf(entry));
      if (found !== undefined) read.set(stems, found);
      return found;
    },
    begins: (stem) => firsts.has(stem),
    longestPhrase: Math.max(1, ...lexicon.map((entry) => entry.say.split(' ').length)),
  };
}
