import { findIntent } from './find-intent.ts';
import { findNumber, type GrammaticalNumber } from './find-number.ts';
import { splitClauses } from './main-clause.ts';
import { isPlural, isThing, isValue, type Placed, placeWords } from './place-words.ts';
import { readWords, type Word } from './read-words.ts';
import type { Secondary } from './resource.ts';
import { stem } from './stem.ts';
import { emptyNouns, isPreposition, stopWords } from './stop-words.ts';
import { actionSynonyms, actionVerbs, baseForm, type Intent } from './verbs.ts';
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
  /** What the thing belongs to is one record: `the triggers of a workflow`. */
  ownerIsOne: boolean;
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

/** The first action said: of `merge duplicate tickets`, merge. */
function findAction(words: readonly Word[]): string | undefined {
  for (const [at, word] of words.entries()) {
    // `create a contact and link it`: the verb before says what is done.
    if (/^(and|then)$/.test(words[at - 1]?.text ?? '') && /^(it|them)$/.test(words[at + 1]?.text ?? '')) continue;
    if (word.aside) continue;
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
    if (/^usages?$/.test(word.text) || (word.text === 'used' && words[0]?.text === 'where')) asked.add('usages');
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
function impliedThing(words: readonly Word[], verbSaid: boolean, action: string | undefined): string | undefined {
  if (words.some(isThing)) return undefined;
  if (action === 'undo') return 'change';
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

/** The words that count, each with its role. */
function termsOf(placed: readonly Placed[], rest: readonly Word[], last: Word | undefined): Term[] {
  return placed.flatMap((entry): Term[] => {
    const { word, zone } = entry;
    if (stopWords.has(word.text) && !word.phrase && !word.compound) return [];
    const role = word === last ? 'headLast' : roleOf(entry, last);
    const names = zone === 'head' || word === last ? 'thing' : 'around';
    const numbered = rest[rest.indexOf(word) + 1]?.number === true;
    return [{ text: word.text, role, names, numbered, possessive: word.possessive, meanings: word.meanings }];
  });
}

/** Reads a request. Never throws; a request without words has no terms. */
export function parseRequest(query: string, vocabulary: Vocabulary, mode: 'words' | 'request' = 'request'): Request {
  const all = orderWords(readWords(query, vocabulary), vocabulary);
  const { intent, said: intentSaid, rest: words, thing: verbThing } = findIntent(all);
  const thing = verbThing ?? (mode === 'request' ? impliedThing(words, intentSaid, findAction(all)) : undefined);
  const named = thing === undefined ? [] : readWords(thing, vocabulary);
  const rest = [...named, ...words];
  const placed: Placed[] = [
    ...named.map((word): Placed => ({ word, zone: 'head' })),
    ...placeWords(words, vocabulary, {
      thingKnown: thing !== undefined,
      changes: intent === 'update',
      converts: findAction(all) === 'convert',
    }),
  ];
  const last = findHead(placed, vocabulary);
  // `add Mike to the project`: what is added is a name, so it is the project that gets something.
  const [firstWord] = words;
  const nameFirst = firstWord?.capital === true && !firstWord.known && !words.some(({ text }) => text === 'as');
  const headless =
    last !== undefined && (nameFirst || placed.every(({ word, zone }) => zone !== 'head' || !isThing(word)));
  const saysAdd = all.some((word) => /^(add|adds)$/.test(word.text));
  const terms = termsOf(placed, rest, last);
  return {
    terms,
    intent: headless && intent === 'create' && saysAdd ? 'link' : intent,
    intentSaid,
    number: findNumber(rest, placed, last),
    headLast: terms.find((term) => term.role === 'headLast'),
    action:
      findAction(all) ?? (intent === 'create' && all.some((word) => word.text === 'from') ? 'convert' : undefined),
    secondaries: findSecondaries(all),
    itemSaid: all.some((word) => /^(item|line|record|entry|id)$/.test(word.text)),
    newValue: intent === 'update' && saysNewValue(all),
    ownerIsOne: isOwnerOne(rest, placed),
    said: saidStems(rest, intent),
  };
}
