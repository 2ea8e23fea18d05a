import type { Word } from './read-words.ts';
import {
  attributeNouns,
  auxiliaries,
  belongs,
  contextPrepositions,
  emptyNouns,
  filterPrepositions,
  isPreposition,
  stopWords,
  valueWords,
} from './stop-words.ts';
import { findVerb } from './verbs.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Where a word stands: it names the thing, says what the thing belongs to, or only narrows the records. */
export type Zone = 'head' | 'context' | 'filter';

export interface Placed {
  word: Word;
  zone: Zone;
}

/** Can name what is wanted: neither filler nor a value. */
export function isThing(word: Word): boolean {
  if (word.phrase) return true;
  if (word.compound && !isValue(word)) return true;
  if (stopWords.has(word.text) || word.slashed || word.participle || isValue(word)) return false;
  return !emptyNouns.has(word.text) && word.known;
}

export function isValue(word: Word): boolean {
  return word.quoted || word.number || word.amount || (valueWords.has(word.text) && !word.phrase);
}

export function isPlural(word: Word): boolean {
  return /[^sui]s$/.test(word.text) || /(statuses|ies|sses|people|children)$/.test(word.text);
}

/** `tickets help desk board`: behind a plural comes another noun only where the catalog has it below (`companies sites`). */
function endsHead(word: Word, next: Word | undefined, vocabulary: Vocabulary): boolean {
  // `members schedules`: the apostrophe is left out.
  if (next === undefined || isPlural(next) || !isPlural(word) || !isThing(next) || next.compound || word.possessive)
    return false;
  return (
    !vocabulary.isChild(word.stem, next.stem) &&
    !next.meanings.some(({ stems }) => stems.some((stem) => vocabulary.isChild(word.stem, stem)))
  );
}

/** The noun behind a word in the same run; names and values in between are passed over. */
function nextNoun(words: readonly Word[], at: number): Word | undefined {
  for (const [place, word] of words.slice(at + 1).entries()) {
    if (words[at + place]?.clauseEnd === true || stopWords.has(word.text)) return undefined;
    if (isThing(word)) return word;
    if (isPreposition(word.text)) return undefined;
  }
  return undefined;
}

/** What a preposition turns the zone into, given what stands around it. */
function zoneBehind(words: readonly Word[], at: number): Zone {
  const next = words[at + 1];
  const text = words[at]?.text ?? '';
  // `for categorizing assets`: a purpose narrows nothing and names nothing.
  if (next !== undefined && /^(for|to)$/.test(text) && /ing$/.test(next.text) && !next.compound) return 'filter';
  const noun = words.slice(at + 1).find((word) => !stopWords.has(word.text));
  if (noun !== undefined && attributeNouns.has(noun.text) && /^(of|in)$/.test(text)) return 'filter';
  return 'context';
}

const newNoun = /^(a|an|the|we|i|they|you|he|she|our|my|their)$/;

/** A determiner right behind the head noun, with no conjunction or comma between. */
function isFreeNoun(words: readonly Word[], at: number): boolean {
  const before = words[at - 1];
  return before !== undefined && !before.clauseEnd && isThing(before) && !before.possessive;
}

/** Behind these a preposition says again where the thing is: `tickets that came from a campaign`. */
const relatives = /^(that|which|who|whose|as)$/;

/** Puts every word where it stands: before the first preposition, behind it, or in a part that only narrows. */
export function placeWords(
  words: readonly Word[],
  vocabulary: Vocabulary,
  {
    thingKnown,
    changes,
    creates,
    converts,
  }: { thingKnown: boolean; changes: boolean; creates: boolean; converts: boolean },
): Placed[] {
  const placed: Placed[] = [];
  let zone: Zone = thingKnown ? 'context' : 'head';
  let headSaid = thingKnown;
  let relative = false;
  for (const [at, word] of words.entries()) {
    const plain = !word.phrase && !word.compound;
    // `change the status of ticket 5 to In Progress`: behind the last `to` stands the new value.
    // `convert a ticket into a project ticket`: nor is what it becomes what is converted.
    const newValue = changes && /^(to|as)$/.test(word.text) && (zone === 'context' || words[at + 1]?.capital === true);
    if (headSaid && (newValue || (converts && /^(to|into)$/.test(word.text)))) {
      placed.push(...words.slice(at + 1).map((value): Placed => ({ word: value, zone: 'filter' })));
      break;
    }
    if (plain && contextPrepositions.has(word.text)) {
      if (headSaid && (zone !== 'filter' || relative || word.text === 'for')) zone = zoneBehind(words, at);
      continue;
    }
    // `the amount of that payment`: points at a record and narrows nothing.
    if (word.text === 'that' && contextPrepositions.has(words[at - 1]?.text ?? '')) continue;
    if (plain && filterPrepositions.has(word.text) && at > 0) {
      if (headSaid) zone = belongs.has(words[at - 1]?.text ?? '') ? 'context' : 'filter';
      relative = relatives.test(word.text);
      continue;
    }
    // `members and their email`: of what is wanted anyway.
    if (headSaid && /^(their|its|his|her)$/.test(word.text)) {
      zone = 'filter';
      continue;
    }
    // `which tracks has a contact`, `boards a technician can see`: another noun begins.
    const begins = (plain && auxiliaries.has(word.text)) || (newNoun.test(word.text) && isFreeNoun(words, at));
    if (headSaid && zone === 'head' && begins) {
      zone = 'context';
      continue;
    }
    // `tickets breaching SLA`, `machines running Windows`.
    if (plain && headSaid && zone === 'head' && /ing$/.test(word.text) && !word.known) zone = 'filter';
    // `new deal wingtip 40k server refresh`: behind the thing and a word that nobody knows stands what it says.
    const text = creates && headSaid && zone === 'head' && plain && !word.known && !stopWords.has(word.text);
    if (text && /^\p{L}/u.test(word.text) && findVerb(word.text) === undefined) zone = 'filter';
    placed.push({ word, zone });
    // `add note to po 662 vendor is late`: behind the number of the record stands what is written into it.
    if (creates && zone === 'context' && word.number && !isPreposition(words[at + 1]?.text ?? '')) zone = 'filter';
    if (zone !== 'head' || !isThing(word)) continue;
    headSaid = true;
    if (word.leads || endsHead(word, nextNoun(words, at), vocabulary)) zone = 'context';
  }
  return placed;
}
