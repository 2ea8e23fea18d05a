import { findIntent } from './find-intent.ts';
import { readWords, type Word } from './read-words.ts';
import type { Secondary } from './resource.ts';
import { belongs, contextPrepositions, emptyNouns, filterPrepositions, stopWords, valueWords } from './stop-words.ts';
import { actionSynonyms, actionVerbs, type Intent } from './verbs.ts';
import type { Vocabulary } from './vocabulary.ts';
import { weights } from './weights.ts';

export type Role = keyof typeof weights.role;

/** One meaning a word may have: stems that the catalog uses, and how sure that is. */
export interface Meaning {
  stems: readonly string[];
  strength: number;
}

export interface Term {
  text: string;
  role: Role;
  /** Names the thing that is wanted, or something around it. */
  names: 'thing' | 'around';
  meanings: readonly Meaning[];
  weight: number;
}

/** What a request says, in the terms of the ranking. */
export interface Request {
  terms: readonly Term[];
  intent: Intent;
  /** A verb or a phrase said so; else reading is assumed. */
  intentSaid: boolean;
  number: 'one' | 'many' | 'unknown';
  /** Ends with the thing named last in front of the first preposition. */
  headLast: Term | undefined;
  actions: ReadonlySet<string>;
  secondaries: ReadonlySet<Secondary>;
  /** Stems of every word said, for what a resource's name has beyond the request. */
  said: ReadonlyMap<string, number>;
}

type Zone = 'head' | 'context' | 'filter';

interface Placed {
  word: Word;
  zone: Zone;
}

/** Where each word stands: before the first preposition, behind it, or in a part that only narrows. */
function placeWords(words: readonly Word[], thing: boolean): Placed[] {
  const placed: Placed[] = [];
  let zone: Zone = thing ? 'context' : 'head';
  let headSaid = thing;
  for (const [at, word] of words.entries()) {
    const next = words[at + 1];
    if (contextPrepositions.has(word.text) && !word.phrase) {
      if (zone === 'filter' && word.text !== 'for') continue;
      if (!headSaid) continue;
      // `for categorizing assets`, `to order them`: a purpose narrows nothing and names nothing.
      zone =
        next !== undefined && /^(for|to)$/.test(word.text) && /ing$/.test(next.text) && !next.known
          ? 'filter'
          : 'context';
      continue;
    }
    if (filterPrepositions.has(word.text) && !word.phrase && at > 0) {
      if (headSaid) zone = belongs.has(words[at - 1]?.text ?? '') ? 'context' : 'filter';
      continue;
    }
    placed.push({ word, zone });
    if (zone === 'head' && isThing(word)) headSaid = true;
  }
  return placed;
}

/** Can name what is wanted: neither filler nor a value. */
function isThing(word: Word): boolean {
  if (word.phrase) return true;
  if (stopWords.has(word.text) || word.slashed || word.participle || isValue(word)) return false;
  return (word.compound || !emptyNouns.has(word.text)) && word.known;
}

export function isValue(word: Word): boolean {
  return word.quoted || word.number || (valueWords.has(word.text) && !word.phrase);
}

function roleOf({ word, zone }: Placed, last: Word | undefined): Role {
  if (word.aside || word.slashed) return 'aside';
  if (isValue(word) || word.participle) return 'value';
  if (zone === 'filter') return 'filter';
  if (emptyNouns.has(word.text) && !word.phrase && !word.compound) return 'empty';
  if (zone === 'context') return 'context';
  return word === last ? 'headLast' : 'head';
}

function isPlural(word: Word): boolean {
  return /[^sui]s$/.test(word.text) || /(statuses|ies|sses|people|children)$/.test(word.text);
}

const singularCues = new Set('a an one single this specific particular id individual'.split(' '));
const pluralCues = new Set('all every each many multiple list lists which available'.split(' '));

/** Whether one record is wanted or many, from the noun's number and the words before it. */
function findNumber(words: readonly Word[], placed: readonly Placed[], last: Word | undefined): Request['number'] {
  if (last === undefined) return 'unknown';
  const at = words.indexOf(last);
  const before = words.slice(0, at);
  const after = words[at + 1];
  if (after?.number === true || /^#\d+$/.test(last.text)) return 'one';
  if (after !== undefined && /^(id|number|no)$/.test(after.text) && words[at + 2]?.number === true) return 'one';
  const tail = placed.filter(({ zone }) => zone === 'filter').map(({ word }) => word.text);
  if (isPlural(last)) return 'many';
  if (
    tail.includes('id') ||
    words.some((word, index) => word.text === 'id' && words[index - 1]?.text.match(/^(by|its|an?|given)$/))
  )
    return 'one';
  const near = before.slice(-4).map((word) => word.text);
  if (near.some((text) => pluralCues.has(text))) return 'many';
  return near.some((text) => singularCues.has(text)) ? 'one' : 'unknown';
}

function findActions(words: readonly Word[]): ReadonlySet<string> {
  const actions = new Set<string>();
  for (const word of words) {
    const base = actionSynonyms[word.text] ?? word.text.replace(/(?<=[a-z]{3})s$/, '');
    if (actionVerbs.has(base) && !word.quoted) actions.add(base);
  }
  return actions;
}

function findSecondaries(words: readonly Word[]): ReadonlySet<Secondary> {
  const asked = new Set<Secondary>();
  for (const [at, word] of words.entries()) {
    if (word.text === 'info' && at > 0) asked.add('info');
    if (/^(usages?)$/.test(word.text) || (word.text === 'used' && words[at - 1]?.text.match(/^(is|are|being)$/)))
      asked.add('usages');
    if (/^defaults?$/.test(word.text)) asked.add('default');
    if (/^(bulk|batch|mass)$/.test(word.text)) asked.add('bulk');
  }
  return asked;
}

function saidStems(words: readonly Word[]): ReadonlyMap<string, number> {
  const said = new Map<string, number>();
  for (const word of words)
    for (const meaning of word.meanings)
      for (const stem of meaning.stems) said.set(stem, Math.max(said.get(stem) ?? 0, meaning.strength));
  return said;
}

/** Reads a request. Never throws; a request without words has no terms. */
export function parseRequest(query: string, vocabulary: Vocabulary): Request {
  const all = readWords(query, vocabulary);
  const { intent, said: intentSaid, rest: words, thing } = findIntent(all);
  const named = thing === undefined ? [] : readWords(thing, vocabulary);
  const rest = [...named, ...words];
  const placed: Placed[] = [
    ...named.map((word): Placed => ({ word, zone: 'head' })),
    ...placeWords(words, thing !== undefined),
  ];
  const heads = placed.filter((entry) => entry.zone === 'head' && isThing(entry.word) && !entry.word.aside);
  // With no noun in front (`what is on ticket 5`, `overdue by a week`), the first thing said anywhere is the head.
  const last = heads.at(-1)?.word ?? placed.find((entry) => isThing(entry.word))?.word;
  const terms: Term[] = [];
  for (const entry of placed) {
    if (stopWords.has(entry.word.text) && !entry.word.phrase) continue;
    const role = entry.word === last ? 'headLast' : roleOf(entry, last);
    const names = entry.zone === 'head' || entry.word === last ? 'thing' : 'around';
    terms.push({ text: entry.word.text, role, names, meanings: entry.word.meanings, weight: weights.role[role] });
  }
  return {
    terms,
    intent,
    intentSaid,
    number: findNumber(rest, placed, last),
    headLast: terms.find((term) => term.role === 'headLast'),
    actions: findActions(all),
    secondaries: findSecondaries(all),
    said: saidStems(rest),
  };
}
