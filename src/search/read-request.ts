import { splitWord } from './compounds.ts';
import type { Vocabulary } from './load-index.ts';
import type { Secondary } from './resource.ts';
import { stem } from './stem.ts';
import {
  contextPrepositions,
  emptyNouns,
  filterPrepositions,
  isPreposition,
  stopWords,
  valueWords,
} from './stop-words.ts';
import { type Token, tokenize } from './tokenize.ts';
import { isEnglish } from './typing-errors.ts';
import { actionSynonyms, actionVerbs, baseForm, determiners, findVerb, type Intent } from './verbs.ts';

/** Where a word stands: it names the thing, says what the thing belongs to, or narrows the records. */
export type Zone = 'head' | 'context' | 'aside';

/** A word of the request that the catalog's names have. */
export interface Term {
  stem: string;
  zone: Zone;
  /** The last noun of the head: what is wanted. */
  last: boolean;
  /** How much it counts: filler nouns and values count little. */
  weight: number;
}

/** What a request says, in the words of the catalog. */
export interface Request {
  terms: readonly Term[];
  /** Undefined where no verb says what is to be done. */
  intent: Intent | undefined;
  number: 'one' | 'many' | 'unknown';
  /** The catalog's verb that was said, such as `merge`. */
  action: string | undefined;
  secondaries: ReadonlySet<Secondary>;
  /** Which part of the words that could name something is of the catalog's names, from 0 to 1. */
  known: number;
  /** Stems of every word said, for what the name of a resource has beyond them. */
  said: ReadonlySet<string>;
}

interface Word extends Token {
  stem: string;
  known: boolean;
}

const isFiller = (word: string): boolean => stopWords.has(word) || emptyNouns.has(word);
const isPlain = (word: string): boolean =>
  isFiller(word) || valueWords.has(word) || isPreposition(word) || findVerb(word) !== undefined;
const isValue = ({ text, quoted, number }: Word): boolean => quoted || number || valueWords.has(text);
const isPlural = (word: string): boolean => /[^sui]s$/.test(word) || /(statuses|ies|sses|people|children)$/.test(word);

/** Splits what is run together and corrects what is mistyped; names, values and plain English stay. */
function readWords(query: string, vocabulary: Vocabulary): Word[] {
  const tokens = tokenize(query);
  const titled = tokens.filter((token) => token.capital).length > tokens.length / 2;
  return tokens.flatMap((token): Word[] => {
    const said = stem(token.text);
    const own = vocabulary.has(said) ? said : (vocabulary.nameFor(said) ?? said);
    const known = vocabulary.has(own);
    const fixed = token.quoted || token.number || known || vocabulary.knows(own) || (token.capital && !titled);
    if (fixed || isPlain(token.text) || isEnglish(token.text)) return [{ ...token, stem: own, known }];
    const parts = splitWord(token.text, (piece) => vocabulary.has(stem(piece)));
    const texts = parts.length > 1 ? parts : [vocabulary.correct(token.text) ?? token.text];
    return texts.map((text) => ({ ...token, text, stem: stem(text), known: vocabulary.has(stem(text)) }));
  });
}

function findSecondaries(words: readonly Word[]): ReadonlySet<Secondary> {
  const asked = new Set<Secondary>();
  for (const [at, { text }] of words.entries()) {
    // `contact info for Jane` is what is known of her.
    if (text === 'info' && at > 0 && !/^(for|of|about)$/.test(words[at + 1]?.text ?? '')) asked.add('info');
    const inUse = text === 'used' && words.slice(0, at).some((word) => word.text === 'where');
    if (/^usages?$/.test(text) || inUse) asked.add('usages');
    if (/^defaults?$/.test(text)) asked.add('default');
    if (/^(bulk|batch|mass)$/.test(text)) asked.add('bulk');
  }
  return asked;
}

/** Whether a word that is also a noun or an adjective is the verb here, by the word behind it: `open a ticket`. */
function isVerbHere(words: readonly Word[], at: number): boolean {
  const next = words[at + 1];
  if (next === undefined) return false;
  if (determiners.has(next.text) || next.number) return true;
  // `New Agreement Types` is how PowerShell writes it; `new tickets` are tickets.
  if (words[at]?.text !== 'new') return false;
  return (
    words.slice(at + 1).every(({ capital }) => capital) ||
    !isPlural(words.slice(at + 1).findLast(({ known }) => known)?.text ?? 's')
  );
}

const asking = /^(what|whats|which|who|whos|whose|when|where|did|does|has|is|are|was|were|any)$/;
const counting = /\bhow many (?!hours|hrs|minutes|days)|\b(number|count|tally) of\b|^(total )?counts?\b|\bcount$/;

/** What is to be done, and the place of the verb that says so. */
function findIntent(words: readonly Word[]): { intent: Intent; at: number } | undefined {
  if (counting.test(words.map(({ text }) => text).join(' '))) return { intent: 'count', at: -1 };
  const asks = asking.test(words[0]?.text ?? '');
  for (const [at, word] of words.entries()) {
    const verb = findVerb(word.text);
    if (verb !== undefined && !verb.weak && (!verb.doubtful || isVerbHere(words, at)))
      return asks && verb.intent !== 'read' ? { intent: 'read', at: -1 } : { intent: verb.intent, at };
    if (verb === undefined && !isFiller(word.text)) break;
  }
  const [last] = words.slice(-1);
  const trailing = words.length > 1 && !asks ? findVerb(last?.text ?? '') : undefined;
  return trailing === undefined || trailing.doubtful || trailing.weak
    ? undefined
    : { intent: trailing.intent, at: words.length - 1 };
}

/** The first verb of the catalog that was said, such as `merge`. */
function findAction(words: readonly Word[]): string | undefined {
  for (const { text, aside, quoted } of words) {
    const verb = baseForm(text, (base) => actionVerbs.has(base) || actionSynonyms.has(base));
    const action = actionSynonyms.get(verb) ?? verb;
    if (!aside && !quoted && actionVerbs.has(action)) return action;
  }
  return undefined;
}

/** Places of the words: nouns in front of the first preposition name the thing, those behind it what it belongs to. */
function placeWords(words: readonly Word[], verbAt: number): (Zone | undefined)[] {
  let zone: Zone = 'head';
  let headSaid = false;
  return words.map((word, at) => {
    if (at === verbAt) return undefined;
    if (contextPrepositions.has(word.text) || filterPrepositions.has(word.text)) {
      if (headSaid) zone = filterPrepositions.has(word.text) && zone === 'head' ? 'aside' : 'context';
      return undefined;
    }
    if (stopWords.has(word.text)) return undefined;
    if (word.known && !isValue(word) && !emptyNouns.has(word.text)) headSaid = true;
    return word.aside || word.slashed ? 'aside' : zone;
  });
}

function findNumber(words: readonly Word[], at: number): Request['number'] {
  const word = words[at];
  if (word === undefined) return 'unknown';
  if (
    words.some(
      ({ text }, place) =>
        text === 'id' &&
        (/^(by|its|an?|with|unique)$/.test(words[place - 1]?.text ?? '') || words[place + 1]?.number === true),
    )
  )
    return 'one';
  if (isPlural(word.text)) return 'many';
  if (words[at + 1]?.number === true) return 'one';
  const near = words.slice(Math.max(0, at - 3), at).map(({ text }) => text);
  if (near.some((text) => /^(all|every|each|any|multiple|lists?|which)$/.test(text))) return 'many';
  return near.some((text) => /^(an?|one|single|this|specific|particular)$/.test(text)) ? 'one' : 'unknown';
}

/** Names, numbers and values are of no catalog, and count neither way. */
function share(words: readonly Word[], zones: readonly (Zone | undefined)[]): number {
  let known = 0;
  let all = 0;
  for (const [at, word] of words.entries()) {
    const zone = zones[at];
    if (zone === undefined || isValue(word) || emptyNouns.has(word.text) || (word.capital && !word.known)) continue;
    all += weights[zone];
    if (word.known) known += weights[zone];
  }
  return all === 0 ? 0 : known / all;
}

const weights = { last: 1, head: 0.9, context: 0.5, aside: 0.12, filler: 0.3, value: 0.05 };

/** Reads a request. Never throws; a request without words of the catalog has no terms. */
export function readRequest(query: string, vocabulary: Vocabulary): Request {
  const words = readWords(query, vocabulary);
  const found = findIntent(words);
  const zones = placeWords(words, found?.at ?? -1);
  const isNoun = (word: Word, at: number) =>
    word.known && zones[at] !== undefined && !isValue(word) && !emptyNouns.has(word.text);
  const lastHead = words.findLastIndex((word, at) => zones[at] === 'head' && isNoun(word, at));
  const last = lastHead === -1 ? words.findIndex(isNoun) : lastHead;
  const terms = words.flatMap((word, at): Term[] => {
    const zone = zones[at];
    if (zone === undefined || !word.known) return [];
    const weight = isValue(word)
      ? weights.value
      : emptyNouns.has(word.text)
        ? weights.filler
        : at === last
          ? weights.last
          : weights[zone];
    return [{ stem: word.stem, zone: at === last ? 'head' : zone, last: at === last, weight }];
  });
  return {
    terms,
    intent: found?.intent,
    known: share(words, zones),
    number: findNumber(words, last),
    action: findAction(words),
    secondaries: findSecondaries(words),
    said: new Set(words.map((word) => word.stem)),
  };
}
