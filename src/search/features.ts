import { stem } from './stem.ts';
import { isPreposition, stopWords, valueWords } from './stop-words.ts';
import { tokenize } from './tokenize.ts';
import { findVerb } from './verbs.ts';

/** Pairs of words and pieces of words are counted in this many buckets each, by a hash: no list of them is kept. */
export const buckets = 8192;

/** What the model sees of a request. */
export interface Features {
  /** Words as stems; names and numbers by a mark. */
  words: string[];
  /** Buckets of two neighbouring words. */
  pairs: number[];
  /** Buckets of four neighbouring letters, which a misspelt word shares with the right one. */
  pieces: number[];
  /** Buckets of two and three neighbours in the pattern of the sentence, where any noun is a noun: for the form alone. */
  patterns: number[];
  /** Words that say something and are known. */
  known: number;
}

/** How much a word, a pair and a piece weigh. */
export const featureWeights = { word: 1, pair: 0.7, piece: 0.4, pattern: 1.2 };

export const unknownWord = '<unknown>';
export const unknownName = '<name>';
const anyNumber = '<n>';

/** FNV-1a, in buckets. */
function bucketOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % buckets;
}

/** What a word is in the pattern of a sentence: itself where it is no noun, else whether it is one or many. */
function roleOf(word: string, capital: boolean): string {
  if (stopWords.has(word) || isPreposition(word) || valueWords.has(word) || findVerb(word) !== undefined) return word;
  if (capital) return 'Name';
  return /[^sui]s$|(statuses|ies|sses|people)$/.test(word) ? 'Many' : 'One';
}

/** Reads a request as the model does. `isKnown` says which stems it was trained on. */
export function featuresOf(request: string, isKnown: (stem: string) => boolean): Features {
  const words: string[] = [];
  const pieces = new Set<number>();
  const roles: string[] = ['^'];
  let known = 0;
  for (const { text, number, capital } of tokenize(request)) {
    if (text === '') continue;
    if (number || /^\d/.test(text)) {
      words.push(anyNumber);
      roles.push('#');
      continue;
    }
    const stemmed = stem(text);
    roles.push(roleOf(text, capital && !isKnown(stemmed)));
    if (isKnown(stemmed) && !stopWords.has(text) && !isPreposition(text)) known++;
    words.push(isKnown(stemmed) ? stemmed : capital ? unknownName : unknownWord);
    const marked = `<${text}>`;
    for (let at = 0; at + 4 <= marked.length && at < 20; at++) pieces.add(bucketOf(marked.slice(at, at + 4)));
  }
  const marked = ['^', ...words, '$'];
  const pairs = marked.slice(1).map((word, at) => bucketOf(`${marked[at]} ${word}`));
  roles.push('$');
  const patterns = new Set<number>();
  for (let at = 1; at < roles.length; at++) {
    patterns.add(bucketOf(`${roles[at - 1]} ${roles[at]}`));
    if (at > 1) patterns.add(bucketOf(`${roles[at - 2]} ${roles[at - 1]} ${roles[at]}`));
  }
  return { words, pairs: [...new Set(pairs)], pieces: [...pieces], patterns: [...patterns], known };
}
