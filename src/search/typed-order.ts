import type { FoundIntent } from './find-intent.ts';
import type { Word } from './read-words.ts';
import { isPreposition, stopWords, valueWords } from './stop-words.ts';
import { findVerb } from './verbs.ts';

/** Orders without a verb in front, as hurried people type them. */

/** `project 92 note: client delays it`, `note on opp 455: waiting`: what is written out is to be kept. */
function writesNote(words: readonly Word[]): boolean {
  const at = words.findIndex(({ aside }) => aside);
  const noun = words.slice(0, at).findIndex(({ text }) => /^(note|comment|task|todo)$/.test(text));
  if (at < 1 || noun === -1 || words[at - 1]?.clauseEnd !== true) return false;
  return words
    .slice(0, at)
    .every(({ text }) => findVerb(text) === undefined || /^(note|comment|task|todo)$/.test(text));
}

const answers = /^(reply|respond|comment|answer)$/;

/** `45m on 91231`, `2 hours for Contoso`: an amount of time in front is to be logged. */
function amountInFront(words: readonly Word[]): number {
  const [first, second] = [words[0], words[1]];
  const behind = /^\d+(h|hr|hrs|m|min|mins)$/.test(first?.text ?? '') ? 1 : first?.number && second?.amount ? 2 : 0;
  return behind > 0 && /^(on|for|at|to|against)$/.test(words[behind]?.text ?? '') ? behind : 0;
}

/** Who gets something without a verb of making it: `exempt hardware from the tax`, `bill Contoso for the cabling`. */
export function findTyped(words: readonly Word[]): FoundIntent | undefined {
  if (writesNote(words)) return { intent: 'create', said: true, rest: words };
  const amount = amountInFront(words);
  if (amount > 0) return { intent: 'create', said: true, thing: 'time entry', rest: words.slice(amount) };
  const at = words.findIndex(({ text }) => !stopWords.has(text));
  const [verb, next] = [words[at], words[at + 1]];
  if (verb === undefined || next === undefined || verb.clauseEnd || /^(what|which|who|how)/.test(words[0]?.text ?? ''))
    return undefined;
  const order = (thing: string): FoundIntent => ({ intent: 'create', said: true, thing, rest: words.slice(at + 1) });
  // `reply on ticket 5 that …`: an answer is a note.
  if (answers.test(verb.text) && /^(on|to|in)$/.test(next.text)) return order('note');
  if (/^(bill|invoice)$/.test(verb.text) && next.capital && !next.known) return order('invoice');
  // Both stay in the request, as the catalog's nouns have the same stems.
  return /^(exclude|exempt)$/.test(verb.text) ? { intent: 'create', said: true, rest: words } : undefined;
}

const doneWords = /^(closed|resolved|completed?|done|won|lost|cancell?ed|waiting|escalated|inactive|received|shipped)$/;

const levels = /^(high|low|medium|normal|critical|urgent|active|inactive|yes|no|true|false)$/;
const mends =
  /\b(should|must|needs? to|has to) (be|have)\b|^(is|are|has|have) now\b|^now (has|have|is)\b|\b(make|set|change|correct|fix) (it|that|to)\b/;

/**
 * `opp 77 move close date to Friday`, `ticket 5512 should be high`, `88120 done`: hurried people name the record
 * first, and then say what is to be done to it.
 */
export function findBehindRecord(words: readonly Word[]): FoundIntent | undefined {
  const number = words.findIndex((word) => word.number);
  if (number < 1 || words.slice(0, number).some((word) => !word.known || word.clauseEnd || isPreposition(word.text)))
    return undefined;
  const behind = words.slice(number + 1).filter((word) => !stopWords.has(word.text) || /^(is|be)$/.test(word.text));
  const [first, second] = behind;
  if (first === undefined) return undefined;
  // `88121 to John`, `ticket 5512 to tier 2`: it goes to another.
  if (first.text === 'to') return { intent: 'update', said: true, rest: words };
  const without = (gone: Word) => words.filter((word) => word !== gone);
  const verb = findVerb(first.text);
  const plain = verb !== undefined && verb.doubtful === undefined && verb.weak !== true && !/s$/.test(first.text);
  // `90112 close, user confirmed`: behind the order stands why.
  const end = words.findIndex((word, at) => at > number && word.clauseEnd);
  const why = (word: Word): Word => (end !== -1 && words.indexOf(word) > end ? { ...word, aside: true } : word);
  if (plain && second !== undefined) return { intent: verb.intent, said: true, rest: without(first).map(why) };
  const said = words.slice(number + 1).map((word) => word.text);
  if (doneWords.test(first.text) || mends.test(said.join(' ')) || givesValue(behind)) {
    const change = words.find((word, at) => at > number && /^(make|change|set|correct|fix)$/.test(word.text));
    return { intent: 'update', said: true, rest: change === undefined ? words : without(change) };
  }
  return undefined;
}

/** `ticket 5512 due date Friday`, `opp 55 probability 80`: one value with what it shall be, not `ticket 5512 notes today`. */
function givesValue([noun, ...more]: readonly Word[]): boolean {
  const at = noun !== undefined && valueWords.has(noun.text) ? 1 : 0;
  const [value, behind] = at === 1 ? more : [noun, ...more];
  if (value === undefined || behind === undefined || !value.known || /s$/.test(value.text)) return false;
  if (/^(time|hours?|work|history|audit|link|file)$/.test(value.text) || isPreposition(behind.text)) return false;
  return (
    value.text === 'date' || behind.number || behind.quoted || doneWords.test(behind.text) || levels.test(behind.text)
  );
}
