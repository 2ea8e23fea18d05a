import { stem } from '../search/index.ts';
import type { FoundQuery } from './memory.ts';
import type { SavedQuery } from './saved-query.ts';
import { type Owner, readSavedQuery, type Statements } from './tables.ts';

/** What much use adds to a score: enough to decide between equal ones, too little to lift a wrong one over a right one. */
const mostForUse = 0.08;

/** People ask for a query by its name, its description, or the beginning of the description. */
function textsOf(name = '', description: string, placeholders = ''): string[] {
  const [first = ''] = description.split(/[,;:(]/);
  return [name, first, description, `${name} ${description} ${placeholders}`];
}

/**
 * Saved queries by words, built-in ones included. The words are kept in memory; a search reads only rows that changed
 * since the last one, also those that other processes changed.
 */
export function createQuerySearch(
  statements: Statements,
  owner: Owner,
  builtIn: () => readonly SavedQuery[],
): (words: string, limit: number, nameFor?: NameFor) => FoundQuery[] {
  let index: WordIndex | undefined;
  let seen = -1;
  const refresh = (index: WordIndex) => {
    const revision = Number(statements.revision.get()?.value ?? 0);
    if (revision === seen) return;
    if (seen < 0) for (const query of builtIn()) index.put(query.id, textsOf(query.name, query.description));
    // Another process may be writing a row with this same revision, hence one less.
    for (const row of statements.changed.all({ ...owner, seen: seen - 1 })) {
      const [name = '', , , placeholders = ''] = String(row.folded).split('\n');
      index.put(Number(row.id), textsOf(name, String(row.description), placeholders));
    }
    seen = revision;
  };
  const find = (index: WordIndex, id: number, visible: readonly SavedQuery[]): SavedQuery | undefined => {
    const fromProgram = visible.find((query) => query.id === id);
    if (fromProgram !== undefined) return fromProgram;
    const row = statements.find.get({ ...owner, id });
    // Deleted, here or by another process.
    if (row === undefined) index.remove(id);
    return row === undefined ? undefined : readSavedQuery(row);
  };
  return (words, limit, nameFor) => {
    // Made by the first search: a process has one vocabulary.
    index ??= createWordIndex(nameFor);
    const searched = index;
    refresh(searched);
    const visible = builtIn();
    const found = searched.search(words, limit * 2).flatMap(({ id, score }): FoundQuery[] => {
      const query = find(searched, id, visible);
      if (query === undefined) return [];
      const use = (mostForUse * query.usageCount) / (query.usageCount + 5);
      return [{ query, score: Math.min(1, score + use) }];
    });
    const ownFirst = (query: SavedQuery) => (query.builtIn ? 1 : 0);
    return found
      .sort((one, other) => other.score - one.score || ownFirst(one.query) - ownFirst(other.query))
      .slice(0, limit);
  };
}

// The words of many short texts.

/** Finds short texts by their words. A whole Fast Memory is searched in well under a millisecond. */
interface WordIndex {
  /** Replaces what was kept under the id. Of several texts the one that fits best counts. */
  put(id: number, texts: readonly string[]): void;
  remove(id: number): void;
  /** Best first; scores from 0 to 1, where 1 says the same words. */
  search(text: string, limit: number): { id: number; score: number }[];
}

/** Words that say nothing about which query is meant; `my` does. */
const silent: ReadonlySet<string> = new Set(
  (
    'a an the of for in on at to from by with and or is are was were be been do does did has have had it its this that ' +
    'these those there which what how many much we us our you your please show list get give find tell see ' +
    'all any every each some run query report saved let need want can could would should as per via current currently'
  ).split(' '),
);

/** Words for the same thing that are no names of records: those are the search's to know. */
const sameWords: Readonly<Record<string, string>> = {
  i: 'my',
  me: 'my',
  mine: 'my',
  myself: 'my',
  outstanding: 'unpaid',
  breached: 'sla',
  calendar: 'schedule',
  appointment: 'schedule',
  hour: 'time',
  email: 'mail',
  telephone: 'phone',
};

/** The stem of what the catalog calls a record, for the stem of what people call it: `company` for `client`. */
export type NameFor = (stem: string) => string | undefined;

/** Weight of a word that is in none of the texts: it may be a name, or what the request is about. */
const unknownWeight = 1.2;
/** Candidates whose score is computed in full. */
const looked = 64;

/** A text with this word is about the user's own records, and fits a request without it badly. */
const possessive = 'my';
const othersRecords = 0.5;
/** Weight of a capitalised word that is in none of the texts: a name is a value and does not say what is asked for. */
const nameWeight = 0.15;

/** In `show me` the `me` does not say whose records are meant. */
export const politely = /\b(show|give|tell|find|get|let|list|bring|send) me\b/gi;

/** Stems, each once. */
export function wordsIn(text: string, nameFor?: NameFor): string[] {
  const words =
    text
      .normalize('NFC')
      .replace(politely, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const plain = words.filter((word) => !silent.has(word) && (word.length > 1 || word === 'i'));
  const stems = plain.map((word) => stem(sameWords[stem(word)] ?? sameWords[word] ?? word));
  return [...new Set(stems.map((word) => nameFor?.(word) ?? word))];
}

/** Words with a capital letter inside a sentence. */
function namesIn(text: string, nameFor?: NameFor): ReadonlySet<string> {
  return new Set(wordsIn([...text.matchAll(/(?<=[\p{L}\p{N},;] +)\p{Lu}[\p{L}\p{N}]*/gu)].join(' '), nameFor));
}

/** Texts by slot. A slot is never given to another id, so that postings may point at empty ones. */
interface Texts {
  ids: (number | undefined)[];
  words: (readonly string[])[];
  slots: Map<number, number[]>;
  /** Slots by word. */
  postings: Map<string, number[]>;
}

export function createWordIndex(nameFor?: NameFor): WordIndex {
  const texts: Texts = { ids: [], words: [], slots: new Map(), postings: new Map() };
  const remove = (id: number) => {
    for (const slot of texts.slots.get(id) ?? []) texts.ids[slot] = undefined;
    texts.slots.delete(id);
  };
  return {
    remove,
    put(id, lines) {
      remove(id);
      const own = new Map(lines.map((line) => wordsIn(line, nameFor)).map((list) => [list.join(' '), list]));
      texts.slots.set(
        id,
        [...own.values()].map((list) => add(texts, id, list)),
      );
    },
    search(text, limit) {
      const scores = scoreTexts(texts, wordsIn(text, nameFor), namesIn(text, nameFor));
      return [...scores]
        .map(([id, score]) => ({ id, score }))
        .sort((one, other) => other.score - one.score || one.id - other.id)
        .slice(0, limit);
    },
  };
}

function add({ ids, words, postings }: Texts, id: number, list: readonly string[]): number {
  const slot = ids.push(id) - 1;
  words.push(list);
  for (const word of list) {
    const held = postings.get(word);
    if (held === undefined) postings.set(word, [slot]);
    else held.push(slot);
  }
  return slot;
}

/** Rare words weigh more. */
function weightOf({ postings, slots }: Texts, word: string): number {
  const held = postings.get(word)?.length ?? 0;
  return held === 0 ? unknownWeight : Math.log(1 + slots.size / held);
}

/** Best score of the texts of each id: the weight of the shared words over the weight of all words of both. */
function scoreTexts(texts: Texts, wanted: readonly string[], names: ReadonlySet<string>): ReadonlyMap<number, number> {
  const { ids, words, postings } = texts;
  const shared = new Float64Array(ids.length);
  let total = 0;
  for (const word of wanted) {
    const weight = names.has(word) && !postings.has(word) ? nameWeight : weightOf(texts, word);
    total += weight;
    for (const slot of postings.get(word) ?? []) shared[slot] = (shared[slot] ?? 0) + weight;
  }
  const scores = new Map<number, number>();
  for (const slot of best(shared, looked)) {
    const id = ids[slot];
    const held = words[slot] ?? [];
    const factor = held.includes(possessive) && !wanted.includes(possessive) ? othersRecords : 1;
    const all = held.reduce((sum, word) => sum + weightOf(texts, word), total);
    const score = round((factor * 2 * (shared[slot] ?? 0)) / all);
    if (id !== undefined) scores.set(id, Math.max(score, scores.get(id) ?? 0));
  }
  return scores;
}

/** Rounded, so that texts of the same words score the same in whatever order their weights are added. */
const round = (score: number) => Math.round(score * 1e9) / 1e9;

/** Indexes of the highest values above zero. */
function best(values: Float64Array, count: number): number[] {
  const kept: number[] = [];
  let least = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (value <= least) continue;
    kept.push(at);
    if (kept.length < count * 4) continue;
    kept.sort((one, other) => (values[other] ?? 0) - (values[one] ?? 0)).length = count;
    least = values[kept.at(-1) ?? 0] ?? 0;
  }
  return kept.sort((one, other) => (values[other] ?? 0) - (values[one] ?? 0)).slice(0, count);
}
