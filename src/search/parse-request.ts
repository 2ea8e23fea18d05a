import { findAction } from './find-action.ts';
import { findIntent } from './find-intent.ts';
import { findNumber, type GrammaticalNumber } from './find-number.ts';
import { nameAsked, orderAsThing, orderWords } from './order-words.ts';
import { isPlural, isThing, isValue, type Placed, placeWords } from './place-words.ts';
import { readWords, type Word } from './read-words.ts';
import type { Secondary } from './resource.ts';
import { stem } from './stem.ts';
import { emptyNouns, isPreposition, stopWords } from './stop-words.ts';
import type { Intent } from './verbs.ts';
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

/** Hours are signed off by the sheet. */
function signOff(action: string | undefined, terms: readonly Term[]): readonly Term[] {
  if (!/^(approve|reject|submit|reverse)$/.test(action ?? '')) return terms;
  const sheet: Meaning = { stems: [stem('time'), stem('sheet')], strength: 1 };
  return terms.map((term) =>
    /^(hours?|time)$/.test(term.text) && term.role === 'headLast' ? { ...term, meanings: [sheet] } : term,
  );
}

const isSchedule = (word: Word | undefined): boolean =>
  word?.meanings.some(({ stems }) => stems[0] === stem('schedule') && stems[1] === stem('entry')) === true;

/** What is to be done to the thing that was found, which the verb alone does not tell. */
function settleIntent(intent: Intent, all: readonly Word[], last: Word | undefined, headless: boolean): Intent {
  const says = (pattern: RegExp) => all.some(({ text }) => pattern.test(text));
  // Appointments that are cancelled are taken out of the calendar; other records get another status.
  if (intent === 'update' && says(/^cancels?$/) && isSchedule(last)) return 'delete';
  // `put Mia on the calendar` makes an entry of it.
  if (isSchedule(last) && (intent === 'link' || (intent === 'update' && says(/^puts?$/)))) return 'create';
  // `add Mike to the project`: it is the project that gets something. `add Kosovo to the countries`: a new one of them.
  const gets = headless && intent === 'create' && says(/^adds?$/) && last !== undefined && !isPlural(last);
  // `put it on my expenses`.
  if (intent === 'link' && headless && last !== undefined && isPlural(last)) return 'create';
  return gets ? 'link' : intent;
}

/** Reads a request. Never throws; a request without words has no terms. */
export function parseRequest(query: string, vocabulary: Vocabulary, mode: 'words' | 'request' = 'request'): Request {
  const all = nameAsked(orderWords(readWords(query, vocabulary), vocabulary), vocabulary);
  const { intent, said: intentSaid, rest: found, thing: verbThing } = findIntent(all);
  const words = intent === 'create' || intent === 'link' ? orderAsThing(found) : found;
  const action = findAction(all, intent);
  const thing = verbThing ?? (mode === 'request' ? impliedThing(words, intentSaid, action, all) : undefined);
  const named = thing === undefined ? [] : readWords(thing, vocabulary);
  const rest = [...named, ...words];
  const placed: Placed[] = [
    ...named.map((word): Placed => ({ word, zone: 'head' })),
    ...placeWords(words, vocabulary, {
      thingKnown: thing !== undefined,
      changes: intent === 'update',
      creates: intent === 'create',
      converts: action === 'convert',
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
  // `remove Mike from the project`: what is taken out lies below the project, which stays.
  const takesOut = headless && intent === 'delete' && !isPlural(last) && words.some(({ text }) => text === 'from');
  const terms = signOff(action, narrow(termsOf(placed, rest, takesOut ? undefined : last, takesOut)));
  return {
    terms,
    intent: settleIntent(intent, all, last, headless),
    intentSaid,
    number: findNumber(rest, placed, last),
    headLast: terms.find((term) => term.role === 'headLast'),
    action,
    secondaries: findSecondaries(all),
    itemSaid: all.some((word) => /^(item|line|record|entry|id)$/.test(word.text)),
    newValue: intent === 'update' && saysNewValue(all),
    renames: intent === 'update' && all.some(({ text }) => /^(rename|relabel|retitle)s?$/.test(text)),
    ownerIsOne: isOwnerOne(rest, placed),
    ownerNamed: isOwnerNamed(words, last),
    said: saidStems(rest, intent),
  };
}
