import { findIntent } from './find-intent.ts';
import { findNumber, type GrammaticalNumber } from './find-number.ts';
import { splitClauses } from './main-clause.ts';
import { isPlural, isThing, isValue, type Placed, placeWords } from './place-words.ts';
import { readWords, type Word } from './read-words.ts';
import type { Secondary } from './resource.ts';
import { stem } from './stem.ts';
import { emptyNouns, isPreposition, stopWords } from './stop-words.ts';
import { actionSynonyms, actionVerbs, baseForm, findVerb, type Intent } from './verbs.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Weights } from './weights.ts';

export type Role = keyof Weights['role'];

/** One meaning a word may have: stems that the catalog uses, and how sure that is. */
export interface Meaning {
  stems: readonly string[];
  strength: number;
}

export interface Term {
  text: string;
  role: Role;
  /** A number stands behind it: `ticket 4711`. */
  numbered: boolean;
  /** Written with 's: what follows belongs to it. */
  possessive: boolean;
  /** Names the thing that is wanted, or something around it. */
  names: 'thing' | 'around';
  meanings: readonly Meaning[];
}

/** What a request says, in the terms of the ranking. */
export interface Request {
  terms: readonly Term[];
  intent: Intent;
  /** A verb or a phrase said so; else reading is assumed. */
  intentSaid: boolean;
  number: GrammaticalNumber;
  /** Ends with the thing named last in front of the first preposition. */
  headLast: Term | undefined;
  /** The catalog's verb that was said, such as `merge`. */
  action: string | undefined;
  secondaries: ReadonlySet<Secondary>;
  /** `item`, `line`, `record`: one of several within the thing. */
  itemSaid: boolean;
  /** Changes a value to one that is said: `to In Progress`. */
  newValue: boolean;
  /** Gives the thing another name, which is never a value of what it belongs to. */
  renames: boolean;
  /** What the thing belongs to is one record: `the triggers of a workflow`. */
  ownerIsOne: boolean;
  /** It belongs to somebody who is named: `which skills does Ana have`. */
  ownerNamed: boolean;
  /** Stems of every word said, for what a resource's name has beyond the request. */
  said: ReadonlyMap<string, number>;
}

function roleOf({ word, zone }: Placed, last: Word | undefined): Role {
  if (word.aside || word.slashed) return 'aside';
  if (isValue(word) || word.participle) return 'value';
  if (zone === 'filter') return 'filter';
  if (emptyNouns.has(word.text) && !word.phrase && !word.compound) return 'empty';
  if (zone === 'context') return 'context';
  return word === last ? 'headLast' : 'head';
}

/** `ticket 5 is a duplicate of 6` copies nothing, `make a copy of it` does. */
function isNounHere(words: readonly Word[], at: number): boolean {
  const [before, second] = [words[at - 1]?.text ?? '', words[at - 2]?.text ?? ''];
  return /^(is|are|was)$/.test(second) && /^(an?|the)$/.test(before);
}

/** The first action said: of `merge duplicate tickets`, merge. */
function findAction(words: readonly Word[]): string | undefined {
  for (const [at, word] of words.entries()) {
    // `create a contact and link it`: the verb before says what is done.
    if (/^(and|then)$/.test(words[at - 1]?.text ?? '') && /^(it|them)$/.test(words[at + 1]?.text ?? '')) continue;
    if (word.aside || isNounHere(words, at)) continue;
    // `hand in my time sheet`, `OK her expense report`.
    const next = words[at + 1];
    if (/^(hand|turn)$/.test(word.text) && next?.text === 'in') return 'submit';
    if (/^(ok|okay)$/.test(word.text) && at === 0 && !word.clauseEnd && next?.known === true && !findVerb(next.text))
      return 'approve';
    // `several requests`: with the ending of a noun, behind another word.
    if (/s$/.test(word.text) && at > 0 && !stopWords.has(words[at - 1]?.text ?? '') && !words[at - 1]?.clauseEnd)
      continue;
    // `send his time sheet back`: with a word between, it is not taken.
    if (/^sends?$/.test(word.text) && words.slice(at + 2).some(({ text }) => text === 'back')) return 'reject';
    const verb = baseForm(word.text, (base) => actionVerbs.has(base) || actionSynonyms.has(base));
    const base = actionSynonyms.get(verb) ?? verb;
    if (actionVerbs.has(base) && !word.quoted) return base;
  }
  return undefined;
}

function findSecondaries(words: readonly Word[]): ReadonlySet<Secondary> {
  const asked = new Set<Secondary>();
  for (const [at, word] of words.entries()) {
    // `contact info for Jane` is what is known of her.
    if (word.text === 'info' && at > 0 && !/^(for|of|about)$/.test(words[at + 1]?.text ?? '')) asked.add('info');
    const inUse = word.text === 'used' || (word.text === 'use' && words[at - 1]?.text === 'in');
    if (/^usages?$/.test(word.text) || (inUse && words.slice(0, at).some(({ text }) => text === 'where')))
      asked.add('usages');
    if (/^defaults?$/.test(word.text)) asked.add('default');
    if (/^(bulk|batch|mass)$/.test(word.text)) asked.add('bulk');
  }
  return asked;
}

function saidStems(words: readonly Word[], intent: Intent): ReadonlyMap<string, number> {
  const said = new Map<string, number>();
  // `assign a type to a company` makes a type association.
  if (intent === 'link') said.set(stem('association'), 1);
  for (const word of words)
    for (const meaning of word.meanings)
      for (const stem of meaning.stems) said.set(stem, Math.max(said.get(stem) ?? 0, meaning.strength));
  return said;
}

/**
 * The noun that names the thing: the last one in front of the first preposition that the catalog's names or the
 * trade know, else one that only records have; with no noun in front (`what is on ticket 5`) the first said anywhere.
 */
function findHead(placed: readonly Placed[], vocabulary: Vocabulary): Word | undefined {
  const heads = placed
    .filter(({ word, zone }) => zone === 'head' && isThing(word) && !word.aside)
    .map(({ word }) => word);
  const topic = placed.find(({ word }) => word.topic);
  if (topic !== undefined) return topic.word;
  const named = heads.filter(
    (word) => word.phrase || word.meanings.some(({ stems }) => stems.every((stem) => vocabulary.has(stem))),
  );
  const behind =
    placed.find(({ word, zone }) => zone === 'context' && isThing(word)) ?? placed.find(({ word }) => isThing(word));
  return named.at(-1) ?? heads.at(-1) ?? behind?.word;
}

/** What happens to tickets more than to anything else. */
const ticketEvents = /^(escalated|closed|resolved|reopened|reassigned|unassigned|breached|reported|stale|answered)$/;

/**
 * What a request without any noun is about: `what has been escalated today`, tickets; `look up Tailspin Toys`, a
 * company before it is anything else.
 */
function impliedThing(
  words: readonly Word[],
  verbSaid: boolean,
  action: string | undefined,
  all: readonly Word[],
): string | undefined {
  if (words.some(isThing)) return undefined;
  // `where is Mike at 2pm`: people are where their calendar says.
  if (/^(where|wheres)$/.test(all[0]?.text ?? '') && words.some(({ known }) => !known)) return 'schedule entry';
  if (action === 'undo') return 'change';
  if (action === 'deactivate') return 'member';
  if (action === 'merge') return 'ticket';
  if (words.some((word) => ticketEvents.test(word.text))) return 'ticket';
  const said = words.filter((word) => !stopWords.has(word.text) && !isPreposition(word.text));
  const named = said.length > 0 && said.every((word) => word.quoted || (word.capital && !word.known));
  return verbSaid && named ? 'company' : undefined;
}

/** `a workflow id`, `of a board`, `on ticket 5`. */
function isOwnerOne(words: readonly Word[], placed: readonly Placed[]): boolean {
  return placed.some(({ word, zone }) => {
    if ((zone !== 'context' && !word.possessive) || !isThing(word) || isPlural(word)) return false;
    const at = words.indexOf(word);
    const [after, article] = [
      words[at + 1],
      words.slice(Math.max(0, at - 2), at).some(({ text }) => singular.test(text)),
    ];
    return article || after?.number === true || after?.text === 'id';
  });
}

/** `does Ana have`, `Ana's skills`, `at acme`: a name, and not of the thing itself. */
function isOwnerNamed(words: readonly Word[], last: Word | undefined): boolean {
  return words.some(
    (word, at) =>
      word !== last &&
      !word.known &&
      !word.number &&
      (word.possessive || word.capital || words[at - 1]?.text === 'at') &&
      !/^(called|named)$/.test(words[at - 1]?.text ?? ''),
  );
}

/** Not in a part that tells how: `close it by setting its status to …`. */
function saysNewValue(words: readonly Word[]): boolean {
  const at = words.findIndex(({ text }, place) => place > 1 && text === 'to');
  return at !== -1 && !words.slice(0, at).some(({ text }) => /^(by|with|so|that|where)$/.test(text));
}

const singular = /^(an?|one|single|specific|given|this)$/;

/** Puts what is asked for first, and behind it what was said before, as if it were said with a preposition. */
function orderWords(words: readonly Word[], vocabulary: Vocabulary): readonly Word[] {
  const { main, front, zone } = splitClauses(words);
  if (front.length === 0) return main;
  return [...main, ...readWords(zone === 'context' ? 'of' : 'where', vocabulary), ...front];
}

/** `email addresses of contact 88`: of what the noun may mean, the contact is said already, so the other is meant. */
function narrow(terms: readonly Term[]): Term[] {
  return terms.map((term) => {
    if (term.role !== 'headLast' || term.meanings.length < 2) return term;
    const around = terms.filter(({ role }) => role === 'context').map(({ meanings }) => meanings[0]?.stems.join(' '));
    const isPart = (stem: string) => term.meanings.some(({ stems }) => stems.length > 1 && stems.includes(stem));
    const meanings = term.meanings.filter(
      ({ stems: [first = '', more] }) =>
        more !== undefined || first === stem(term.text) || !around.includes(first) || !isPart(first),
    );
    return { ...term, meanings };
  });
}

/** `add Printer as a type on the board`: the thing is what it is added as, and before that stands its name. */
function orderAsThing(words: readonly Word[]): readonly Word[] {
  const at = words.findIndex(
    ({ text }, place) =>
      text === 'as' && words[place - 1]?.text !== 'such' && /^(an?|new|another)$/.test(words[place + 1]?.text ?? ''),
  );
  const noun = words.slice(at + 1).find((word) => !stopWords.has(word.text) && !isValue(word));
  if (at < 1 || noun === undefined || !isThing(noun)) return words;
  return [...words.slice(at + 1), ...words.slice(0, at).map((word) => ({ ...word, quoted: true }))];
}

/** The words that count, each with its role. */
function termsOf(placed: readonly Placed[], rest: readonly Word[], last: Word | undefined, below: boolean): Term[] {
  return placed.flatMap((one): Term[] => {
    const entry: Placed = below && one.zone === 'head' ? { word: one.word, zone: 'context' } : one;
    const { word, zone } = entry;
    if (stopWords.has(word.text) && !word.phrase && !word.compound) return [];
    const role = word === last ? 'headLast' : roleOf(entry, last);
    const names = zone === 'head' || word === last ? 'thing' : 'around';
    const numbered = rest[rest.indexOf(word) + 1]?.number === true;
    return [{ text: word.text, role, names, numbered, possessive: word.possessive, meanings: word.meanings }];
  });
}

/** `make a project from the opportunity`, `a ticket out of the opportunity`. */
const isMadeFrom = (words: readonly Word[]): boolean =>
  words.some(({ text }, at) => text === 'from' || (text === 'out' && words[at + 1]?.text === 'of'));

const isSchedule = (word: Word | undefined): boolean =>
  word?.meanings.some(({ stems }) => stems[0] === stem('schedule') && stems[1] === stem('entry')) === true;

/** Reads a request. Never throws; a request without words has no terms. */
export function parseRequest(query: string, vocabulary: Vocabulary, mode: 'words' | 'request' = 'request'): Request {
  const all = orderWords(readWords(query, vocabulary), vocabulary);
  const { intent, said: intentSaid, rest: found, thing: verbThing } = findIntent(all);
  const words = intent === 'create' || intent === 'link' ? orderAsThing(found) : found;
  const thing = verbThing ?? (mode === 'request' ? impliedThing(words, intentSaid, findAction(all), all) : undefined);
  const named = thing === undefined ? [] : readWords(thing, vocabulary);
  const rest = [...named, ...words];
  const placed: Placed[] = [
    ...named.map((word): Placed => ({ word, zone: 'head' })),
    ...placeWords(words, vocabulary, {
      thingKnown: thing !== undefined,
      changes: intent === 'update',
      creates: intent === 'create',
      converts: findAction(all) === 'convert',
    }),
  ];
  const last = findHead(placed, vocabulary);
  // `add Mike to the project`: what is added is a name, so it is the project that gets something.
  const [firstWord] = words;
  const nameFirst =
    firstWord?.known === false &&
    (firstWord.capital || words[1]?.text === 'to') &&
    !words.some(({ text }, at) => text === 'as' && words[at + 1]?.known !== false);
  const headless =
    last !== undefined && (nameFirst || placed.every(({ word, zone }) => zone !== 'head' || !isThing(word)));
  // Appointments that are cancelled are taken out of the calendar; other records get another status.
  const cancels = intent === 'update' && all.some(({ text }) => /^cancels?$/.test(text)) && isSchedule(last);
  const saysAdd = all.some((word) => /^(add|adds)$/.test(word.text));
  // `remove Mike from the project`: what is taken out lies below the project, which stays.
  const takesOut = headless && intent === 'delete' && !isPlural(last) && words.some(({ text }) => text === 'from');
  const terms = narrow(termsOf(placed, rest, takesOut ? undefined : last, takesOut));
  return {
    terms,
    // `add Kosovo to the countries`: to many is a new one of them.
    intent: cancels ? 'delete' : headless && intent === 'create' && saysAdd && !isPlural(last) ? 'link' : intent,
    intentSaid,
    number: findNumber(rest, placed, last),
    headLast: terms.find((term) => term.role === 'headLast'),
    action: findAction(all) ?? (intent === 'create' && isMadeFrom(all) ? 'convert' : undefined),
    secondaries: findSecondaries(all),
    itemSaid: all.some((word) => /^(item|line|record|entry|id)$/.test(word.text)),
    newValue: intent === 'update' && saysNewValue(all),
    renames: intent === 'update' && all.some(({ text }) => /^(rename|relabel|retitle)s?$/.test(text)),
    ownerIsOne: isOwnerOne(rest, placed),
    ownerNamed: isOwnerNamed(words, last),
    said: saidStems(rest, intent),
  };
}
