import { splitClauses } from './main-clause.ts';
import { isThing, isValue } from './place-words.ts';
import { readWords, type Word } from './read-words.ts';
import { stopWords, valueWords } from './stop-words.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Puts what is asked for first, and behind it what was said before, as if it were said with a preposition. */
export function orderWords(words: readonly Word[], vocabulary: Vocabulary): readonly Word[] {
  const { main, front, zone } = splitClauses(words);
  if (front.length === 0) return main;
  // What is asked for is named in the main part, where that has a noun.
  const story = main.some(isThing) ? front.map((word) => ({ ...word, topic: false, leads: false })) : front;
  return [...main, ...readWords(zone === 'context' ? 'of' : 'where', vocabulary), ...story];
}

/** `add Printer as a type on the board`: the thing is what it is added as, and before that stands its name. */
export function orderAsThing(words: readonly Word[]): readonly Word[] {
  const at = words.findIndex(
    ({ text }, place) =>
      text === 'as' && words[place - 1]?.text !== 'such' && /^(an?|new|another)$/.test(words[place + 1]?.text ?? ''),
  );
  const noun = words.slice(at + 1).find((word) => !stopWords.has(word.text) && !isValue(word));
  if (at < 1 || noun === undefined || !isThing(noun)) return words;
  return [...words.slice(at + 1), ...words.slice(0, at).map((word) => ({ ...word, quoted: true }))];
}

const beings = /^(is|are|was|were|be|been|has|have|gets?|got|being)$/;
const askers = /^(who|whos|what|whats|anything|anyone|anybody|nothing|nobody)$/;

/** `who is notified about …`, `what was invoiced to …`: with no noun in front, the participle names what is asked for. */
export function nameAsked(words: readonly Word[], vocabulary: Vocabulary): readonly Word[] {
  const asker = words.findIndex(({ text }) => askers.test(text));
  if (asker === -1 || asker > 2) return words;
  const at = words.findIndex(({ text }, place) => place > asker && !beings.test(text));
  const word = words[at];
  if (word === undefined || at > asker + 3 || !/ed$/.test(word.text) || word.phrase || stopWords.has(word.text))
    return words;
  const meant = word.meanings.length > 1 || vocabulary.has(word.stem);
  if (!meant || (valueWords.has(word.text) && word.meanings.length < 2)) return words;
  return words.map((one) => (one === word ? { ...one, topic: true, participle: false, phrase: true } : one));
}
