import type { Word } from './read-words.ts';
import { emptyNouns, isPreposition, stopWords, valueWords } from './stop-words.ts';
import { findBehindRecord, findTyped } from './typed-order.ts';
import { actionSynonyms, actionVerbs, determiners, findVerb, type Intent, type Verb } from './verbs.ts';

export interface FoundIntent {
  intent: Intent;
  /** False where the request has no verb, so that reading is only assumed. */
  said: boolean;
  /** The words without the verbs. */
  rest: readonly Word[];
  /** What the verb itself names: to schedule is to make a schedule entry. */
  thing?: string;
}

/** `how many tickets`, `number of tickets`, `ticket count`. */
function isCount(words: readonly Word[]): boolean {
  const text = words
    .slice(0, 8)
    .map((word) => (word.phrase && /^(number|count|total)$/.test(word.text) ? '' : word.text))
    .join(' ');
  // Hours and days are summed over records, and what is in stock is a quantity: neither is a count of records.
  if (/\bhow many (\w+ )?(hours?|hrs|minutes|days)\b/.test(text) || words.some((word) => word.topic)) return false;
  if (/^\S+ counts? (by|per|of|for|where|with)\b/.test(text)) return true;
  if (
    /\bhow many\b|(?<!\b(?:phone|fax|mobile|serial|model|part|tag|account|ticket|invoice|order|po|version) )\b(total )?(number|count|tally) of\b|^(the )?total\b.*\bcount\b/.test(
      text,
    )
  )
    return true;
  return words.length > 1 && /^counts?$/.test(words.at(-1)?.text ?? '');
}

/** Whether a word that is also a noun or an adjective is the verb here, by what stands behind it. */
function isVerbHere(doubt: NonNullable<Verb['doubtful']>, words: readonly Word[], at: number): boolean {
  const next = words[at + 1];
  if (next === undefined) return false;
  if (doubt === 'third person') return determiners.has(next.text) || next.number;
  if (determiners.has(next.text) || next.number || next.text === 'new') return true;
  // `log billable work`: an amount of time has its adjectives.
  if (doubt === 'compound' && isTimeSpent(words, at)) return true;
  if (doubt === 'compound') return !isPlaceOrTime(next) && !(words[at + 1]?.compound ?? false);
  if (doubt === 'noun') return (next.capital && !next.known) || /^(time|hours?|minutes?|mins?|hrs?)$/.test(next.text);
  // `new tickets` are tickets; `new ticket` is what PowerShell calls making one.
  const noun = words
    .slice(at + 1)
    .find((word) => word.known && !valueWords.has(word.text) && !stopWords.has(word.text));
  const text = words[at]?.text ?? '';
  // PowerShell's own spelling: `New Agreement Types`.
  if (words.slice(at + 1).every((word) => word.capital || stopWords.has(word.text))) return true;
  if (text === 'new') return noun !== undefined && !/[^siu]s$|statuses$/.test(lastOfRun(words, noun));
  return true;
}

/** `schedule for today`, `schedule today`, `dispatch board`: the word before is a noun. */
function isPlaceOrTime(word: Word): boolean {
  return (
    isPreposition(word.text) || valueWords.has(word.text) || /^(board|portal|calendar|view|is|are)$/.test(word.text)
  );
}

/** The last word of the run of nouns that begins with this one. */
function lastOfRun(words: readonly Word[], first: Word): string {
  let last = first;
  for (const word of words.slice(words.indexOf(first) + 1)) {
    if (!word.known || stopWords.has(word.text) || word.number || last.clauseEnd) break;
    last = word;
  }
  return last.text;
}

interface Candidate {
  at: number;
  intent: Intent;
  weak: boolean;
  thing?: string;
}

const articles = /^(an?|the|my|our|your|his|her|its|their)$/;

/** The verb: the first strong one before the first noun; of weak ones (`what`, `need`) only where no other is. */
function findVerbAt(words: readonly Word[]): Candidate | undefined {
  let found: Candidate | undefined;
  // `what did we bill`: a question with these asks, whatever verb is in it (`how do I close a ticket` tells to do).
  const asks =
    /^(what|whats|which|who|whos|whose|when|where|did|does|has|is|are|was|were)$/.test(words[0]?.text ?? '') ||
    (words[0]?.text === 'how' && /^(much|often|long|far|old|many)$/.test(words[1]?.text ?? ''));
  for (const [at, word] of words.entries()) {
    if (word.phrase || word.quoted || word.aside) break;
    if (word.text === 'to' || /^(bulk|mass|batch)$/.test(word.text)) continue;
    // `list my changes`, `make an update`, `show change 7`: behind an article or a verb of reading it is a noun.
    const noun =
      articles.test(words[at - 1]?.text ?? '') || (found?.at === at - 1 && found.intent === 'read' && !found.weak);
    const verb = noun ? undefined : findVerb(word.text);
    // Behind a verb (`get schedule entries`) a doubtful word is a noun, unless `to` says otherwise.
    const free = found === undefined || found.weak || words[at - 1]?.text === 'to';
    if (verb !== undefined && (verb.doubtful === undefined || (free && isVerbHere(verb.doubtful, words, at)))) {
      const spent =
        (verb.intent === 'create' || word.text === 'put') && word.text !== 'submit' && isTimeSpent(words, at);
      // `write on ticket 5 that …`: what is written on a record is a note.
      const written = word.text === 'write' && /^(on|in|into)$/.test(words[at + 1]?.text ?? '');
      const thing = spent ? 'time entry' : written ? 'note' : verb.thing;
      const intent = isChangeHere(words, at)
        ? 'update'
        : spent
          ? 'create'
          : opensRecord(words, at)
            ? 'read'
            : givesTo(words, at)
              ? 'create'
              : verb.intent;
      const candidate: Candidate = { at, intent, weak: verb.weak ?? false, ...(thing && { thing }) };
      // `we need another status` wants one made, `I need a list` does not.
      const wants =
        word.text === 'need' &&
        /^(another|new|additional)$/.test(words[at + (words[at + 1]?.text === 'a' ? 2 : 1)]?.text ?? '');
      if (wants) return { at, intent: 'create', weak: false };
      if (asks && candidate.intent !== 'read') break;
      if (found === undefined || found.weak || (found.intent === 'read' && verb.intent !== 'read')) found = candidate;
      continue;
    }
    const action = actionSynonyms.get(word.text) ?? word.text;
    if (verb === undefined && actionVerbs.has(action) && !stopWords.has(word.text))
      return found && !found.weak ? found : { at, intent: 'read', weak: false };
    if (!stopWords.has(word.text) && !emptyNouns.has(word.text)) {
      const order = asks ? undefined : unknownOrder(words, at);
      if (order !== undefined && (found === undefined || found.weak)) return { at, intent: order, weak: false };
      break;
    }
  }
  return found;
}

/**
 * An order in a verb that nothing here knows: `unhook his phone from …`. A noun does not stand in front of a
 * determiner, so it is a verb, and of what people do to a record the most is to change it.
 */
function unknownOrder(words: readonly Word[], at: number): Intent | undefined {
  const [word, next] = [words[at], words[at + 1]];
  if (word === undefined || next === undefined || word.clauseEnd || word.known || word.capital) return undefined;
  if (word.quoted || word.number || isPreposition(word.text) || valueWords.has(word.text)) return undefined;
  if (/(ing|s)$/.test(word.text) || !/^[a-z]{3,}$/.test(word.text)) return undefined;
  if (/^(an?|new|another)$/.test(next.text)) return 'create';
  return determiners.has(next.text) && !/^(all|every|each|some|more|two|three|me|us)$/.test(next.text)
    ? 'update'
    : undefined;
}

/** `open a ticket` makes one; `open ticket 884` and `open time sheet 12` look at the record that has the number. */
function opensRecord(words: readonly Word[], at: number): boolean {
  if (words[at]?.text !== 'open') return false;
  const behind = words.slice(at + 1).find((word) => !word.known && !stopWords.has(word.text));
  return behind?.number === true;
}

/** `give me the list` reads; `give Tina two more days` makes something for her. */
const givesTo = (words: readonly Word[], at: number): boolean => {
  const next = words[at + 1];
  return (
    words[at]?.text === 'give' &&
    next !== undefined &&
    ((next.capital && !next.known) || /^(him|her|them|it)$/.test(next.text))
  );
};

const raised =
  /^(an?|another|new|this|it|my|our|tickets?|cases?|issues?|requests?|incidents?|alerts?|invoices?|quotes?|orders?|po|purchase)$/;

/** `raise a ticket` makes one, `raise the price` changes it; so do `make it urgent` and `make Jane the contact`. */
function isChangeHere(words: readonly Word[], at: number): boolean {
  const [word, next, after] = [words[at], words[at + 1], words[at + 2]];
  if (word?.text === 'raise') return next !== undefined && !raised.test(next.text);
  if (word?.text !== 'make' || next === undefined) return false;
  // `make the Escalated status red`, but `make the invoice`: with more behind it, something is made of it.
  if (next.text === 'the' && words.length > at + 4 && !/^(for|from|out)$/.test(words[at + 3]?.text ?? '')) return true;
  return /^(it|this|that|them|him|her)$/.test(next.text) || after?.number === true || (next.capital && !next.known);
}

/** Verbs of two words, whose first one says nothing alone: `take a contact out of a group`, `set up a board`. */
const phrasalVerbs: readonly [first: string, second: RegExp, intent: Intent][] = [
  ['take', /^(out|off|away|back)$/, 'delete'],
  ['pull', /^off$/, 'delete'],
  ['throw', /^(away|out)$/, 'delete'],
  ['clean', /^(up|out)$/, 'delete'],
  ['cross', /^(off|out)$/, 'update'],
  ['check', /^off$/, 'update'],
  ['tick', /^off$/, 'update'],
  ['point', /^(at|to)$/, 'update'],
  ['sign', /^up$/, 'create'],
  ['kick', /^off$/, 'create'],
  ['spin', /^up$/, 'create'],
  ['type', /^up$/, 'create'],
  ['get', /^rid$/, 'delete'],
  ['set', /^up$/, 'create'],
  ['get', /^up$/, 'create'],
  ['turn', /^(on|off)$/, 'update'],
  ['block', /^(out|off)$/, 'create'],
  ['look', /^up$/, 'read'],
  ['put', /^as$/, 'create'],
  ['put', /^(hold|in|back)$/, 'update'],
  ['put', /^on$/, 'link'],
  ['put', /^(a|an|new)$/, 'create'],
];

function findPhrasal(words: readonly Word[]): FoundIntent | undefined {
  const first = words.findIndex((word) => !stopWords.has(word.text));
  for (const [verb, particle, intent] of phrasalVerbs) {
    if (words[first]?.text !== verb || isTimeSpent(words, first)) continue;
    const at = words.findIndex((word, place) => place > first && particle.test(word.text));
    if (at !== -1)
      return {
        intent,
        said: true,
        // `take the track off contact 5`: between two nouns the particle says where.
        rest: words.flatMap((word, place) => {
          if (place === first || (place === at && at === first + 1)) return [];
          if (place !== at || isPreposition(word.text)) return [word];
          return word.text === 'off' || word.text === 'away' ? [{ ...word, text: 'from' }] : [];
        }),
      };
  }
  return undefined;
}

const amountOfTime =
  /^((an?|half|my|me|us|some|or|and|non|billable|nonbillable|\d+) )*(time|work|hours?|hrs?|h|minutes?|mins?|\d+(h|hrs?|m|mins?))( (on|in|against|to|for|spent|worked|at|today|yesterday)\b.*)?$/;

/** `log 2 hours`, `book time`, `put 30 min on`: the amount is the thing. */
function isTimeSpent(words: readonly Word[], at: number): boolean {
  return amountOfTime.test(
    words
      .slice(at + 1)
      .map((word) => word.text)
      .join(' '),
  );
}

const trailingVerbs = /^(create|add|update|edit|modify|delete|remove|patch|upload|show)$/;

/** `one of the PATCH operations`, `sends a DELETE request`: the method of HTTP says what is done. */
function findMethod(words: readonly Word[]): FoundIntent | undefined {
  const at = words.findIndex(
    ({ text }, place) =>
      /^(get|post|put|patch|delete)$/.test(text) &&
      /^(operation|request|call|method)s?$/.test(words[place + 1]?.text ?? ''),
  );
  const verb = words[at];
  if (verb === undefined) return undefined;
  const intent = ({ get: 'read', post: 'create', put: 'replace', patch: 'update', delete: 'delete' } as const)[
    verb.text
  ];
  return intent && { intent, said: true, rest: words.slice(at + 2) };
}

export function findIntent(words: readonly Word[]): FoundIntent {
  const typed = findTyped(words);
  if (typed !== undefined) return typed;
  if (isCount(words))
    return { intent: 'count', said: true, rest: words.filter((word) => !/^counts?$|^number$|^total$/.test(word.text)) };
  const phrasal = findPhrasal(words);
  if (phrasal !== undefined) return phrasal;
  const found = findVerbAt(words);
  const method = found === undefined || found.weak ? findMethod(words) : undefined;
  if (method !== undefined) return method;
  const last = words.at(-1);
  // `which tickets does the template create`: a question only asks.
  const asks = /^(which|what|who|how|when|where)$/.test(words[0]?.text ?? '');
  if ((found === undefined || found.weak) && !asks && words.length > 1 && trailingVerbs.test(last?.text ?? '')) {
    const verb = findVerb(last?.text ?? '');
    return { intent: verb?.intent ?? 'read', said: true, rest: words.slice(0, -1) };
  }
  const behind = found === undefined ? findBehindRecord(words) : undefined;
  if (behind !== undefined) return behind;
  if (found === undefined) return { intent: 'read', said: false, rest: words };
  const rest = words.filter((word, at) => at !== found.at && !isFurtherVerb(words, word, at, found.at));
  return { intent: found.intent, said: !found.weak, rest, ...(found.thing && { thing: found.thing }) };
}

/** `reschedule or reassign an entry, or mark it done`: verbs joined to the first say no more about the thing. */
function isFurtherVerb(words: readonly Word[], word: Word, at: number, first: number): boolean {
  const verb = findVerb(word.text);
  if (verb === undefined || word.phrase || at < first) return false;
  // `how many hours did we log`: behind a pronoun it is no noun.
  if (word.text === 'log' && /^(did|has|have)$/.test(words[0]?.text ?? '')) return true;
  if (/^(log|record|note|post|set)$/.test(word.text) && /^(we|i|you|they|he|she)$/.test(words[at - 1]?.text ?? ''))
    return true;
  const follows = /^(it|them)$/.test(words[at + 1]?.text ?? '');
  if (verb.doubtful !== undefined && !follows) return false;
  return /^(and|or|then)$/.test(words[at - 1]?.text ?? '') || words[at - 1]?.clauseEnd === true;
}
