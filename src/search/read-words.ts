import type { Meaning } from './parse-request.ts';
import { expandShortForm } from './short-forms.ts';
import { stem } from './stem.ts';
import { emptyNouns, isPreposition, stopWords, valueWords } from './stop-words.ts';
import { type Token, tokenize } from './tokenize.ts';
import { isEnglish } from './typing-errors.ts';
import { findVerb } from './verbs.ts';
import type { Phrase, Vocabulary } from './vocabulary.ts';

/** A token with what it may mean in the catalog. */
export interface Word extends Token {
  stem: string;
  meanings: readonly Meaning[];
  /** The catalog's names, the lexicon or a record has it. */
  known: boolean;
  /** `logged`, `attached`: tells how things hang together, and is not the noun of the same stem. */
  participle: boolean;
  /** The noun before makes this filler noun a thing: the `list` of `holiday list`. */
  compound: boolean;
  /** What is asked for, wherever it stands in the sentence: `what does Contoso owe us`. */
  topic: boolean;
  /** `24` makes the `hours` behind it an amount. */
  amount: boolean;
  /** A question that names the thing by itself: `who changed`. */
  leads: boolean;
  /** Found in the lexicon as more than one word. */
  phrase: boolean;
}

/** Words that are no catalog word and no typing error either. */
function isPlainEnglish(word: string): boolean {
  return (
    stopWords.has(word) ||
    emptyNouns.has(word) ||
    valueWords.has(word) ||
    isPreposition(word) ||
    findVerb(word) !== undefined
  );
}

/** Splits what is run together and mends what is mistyped; names and quoted values stay as they are. */
function mend(tokens: readonly Token[], vocabulary: Vocabulary): Token[] {
  const names = tokens.filter((token) => token.capital).length > tokens.length / 2;
  return tokens.flatMap((token) => {
    const { text } = token;
    const written = token.quoted || (token.capital && !names) ? undefined : expandShortForm(text);
    if (written !== undefined) return written.map((part) => ({ ...token, text: part }));
    const found = stem(text);
    if (token.quoted || token.number || isPlainEnglish(text) || isEnglish(text)) return [token];
    if (vocabulary.has(found) || vocabulary.hasMember(found) || vocabulary.phrase(found)) return [token];
    const parts = vocabulary.split(text);
    if (parts.length > 1) return parts.map((part) => ({ ...token, text: part }));
    // A capital in the middle of a sentence is a name: `Contoso` is not a mistyped `console`.
    const corrected = token.capital && !names ? undefined : vocabulary.correct(text);
    return [corrected === undefined ? token : { ...token, text: corrected }];
  });
}

/** `charge code entries`: behind a noun that has no entries of its own, they are its records. */
function nameRecords(tokens: readonly Token[], vocabulary: Vocabulary): Token[] {
  return tokens.map((token, at) => {
    const before = tokens[at - 1];
    if (before === undefined || !/^entr(y|ies)$/.test(token.text) || token.quoted) return token;
    const noun = stem(before.text);
    const named =
      vocabulary.isCompound(noun, stem('entry')) || vocabulary.phrase(`${noun} ${stem('entry')}`) !== undefined;
    if (!vocabulary.has(noun) || isPlainEnglish(before.text) || named) return token;
    return { ...token, text: token.text === 'entry' ? 'record' : 'records' };
  });
}

/**
 * A number of its own is a ticket's: `close 88213`, `add a note to #4410`. Not one behind a noun (`invoice 10233`),
 * nor an amount, nor a year.
 */
function nameNumbers(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token, at) => {
    const before = tokens[at - 1];
    const free =
      before === undefined ||
      ticketNumberAfter.has(before.text) ||
      ((findVerb(before.text)?.doubtful ?? 'no') === 'no' && findVerb(before.text) !== undefined) ||
      before.text === 'close';
    const plain = token.number && token.text.length >= 4 && !/^(19|20)\d\d$/.test(token.text);
    const next = tokens[at + 1];
    if (!plain || !free || token.quoted || (next !== undefined && unitsOfAmount.test(next.text))) return [token];
    return [{ ...token, text: 'ticket', number: false }, token];
  });
}

const ticketNumberAfter = new Set(
  'to on for into from of and with about merge reopen escalate resolve reassign'.split(' '),
);
const unitsOfAmount =
  /^(hours?|hrs?|min(ute)?s?|days?|weeks?|months?|years?|usd|eur|gbp|dollars?|euros?|k|percent|records?|results?|rows?)$/;

/** `partially update`, `actually delete`: says how, never what. `Monthly` and `reply` are none. */
function isAdverb(word: string, vocabulary: Vocabulary): boolean {
  return (
    /[a-z]{4}ly$/.test(word) && !isPlainEnglish(word) && !vocabulary.writes(word) && !vocabulary.phrase(stem(word))
  );
}

/** What an adverb ended, the word before it ends then. */
function withoutAdverbs(tokens: readonly Token[], vocabulary: Vocabulary): Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    const before = kept.at(-1);
    if (!isAdverb(token.text, vocabulary)) kept.push(token);
    else if (token.clauseEnd && before !== undefined)
      kept[kept.length - 1] = { ...before, clauseEnd: true, asked: token.asked };
  }
  return kept;
}

/** The longest phrase of the lexicon that starts here. */
function phraseAt(
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
): { phrase: Phrase; length: number } | undefined {
  const first = stem(tokens[at]?.text ?? '');
  if (!vocabulary.begins(first) && !vocabulary.begins(first.replace(/s$/, ''))) return undefined;
  const stems: string[] = [];
  let found: { phrase: Phrase; length: number } | undefined;
  for (let end = at; end < Math.min(tokens.length, at + vocabulary.longestPhrase); end++) {
    const token = tokens[end];
    if (token === undefined || token.quoted) break;
    stems.push(stem(token.text));
    // `POs`, `SLAs`: the stemmer leaves short plurals as they are.
    const phrase = vocabulary.phrase(stems.join(' ')) ?? vocabulary.phrase(stems.join(' ').replace(/s$/, ''));
    if (phrase && !(stems.length === 1 && stopWords.has(token.text))) found = { phrase, length: stems.length };
    if (token.clauseEnd) break;
  }
  return found;
}

function wordOf(token: Token, phrase: Phrase | undefined, vocabulary: Vocabulary): Word {
  const own = stem(token.text);
  const literal: Meaning[] = phrase?.instead ? [] : [{ stems: [own], strength: 1 }];
  const known = phrase !== undefined || vocabulary.has(own) || vocabulary.hasMember(own);
  return {
    ...token,
    stem: own,
    participle: /[^e]ed$/.test(token.text) && !vocabulary.writes(token.text),
    meanings: [...literal, ...(phrase?.meanings ?? [])],
    known,
    compound: false,
    leads: phrase?.leads ?? false,
    topic: phrase?.topic ?? false,
    amount: false,
    phrase: false,
  };
}

const mayName = (word: Word | undefined): word is Word => word?.titled === true && word.capital && !word.quoted;

/** A noun of the catalog in lower case, so that a capital beside it is not the style of the whole sentence. */
const isPlainNoun = (word: Word | undefined): boolean =>
  word !== undefined && !word.capital && !word.number && word.known && !isPlainEnglish(word.text);

/**
 * What a record is called is none of the catalog's words, even where it looks like one: the `Parts` of `status
 * Waiting Parts`, the `Hardware` of `the Hardware board`. The company sites, in capitals or not, are what they are.
 */
function nameValues(words: readonly Word[], vocabulary: Vocabulary): Word[] {
  if (words.filter((word) => word.capital).length > words.length / 2) return [...words];
  const belongs = (left: Word, right: Word) =>
    vocabulary.isCompound(left.stem, right.stem) || vocabulary.isChild(left.stem, right.stem);
  const named = new Set<Word>();
  for (let at = 1; at < words.length; at++) {
    if (!mayName(words[at])) continue;
    let end = at;
    while (mayName(words[end]) && words[end - 1]?.clauseEnd !== true) end++;
    const [before, behind, run] = [words[at - 1], words[end], words.slice(at, Math.max(end, at + 1))];
    const parts = behind === undefined ? run : [...run, behind];
    const catalogs = [before, ...parts].some((word, place, all) => {
      const next = all[place + 1];
      return word !== undefined && next !== undefined && belongs(word, next);
    });
    const bare = run.length > 1 || run.every((word) => !vocabulary.has(word.stem));
    const follows = isPlainNoun(before) && before?.clauseEnd !== true;
    const leads = bare && isPlainNoun(behind) && run.at(-1)?.clauseEnd !== true;
    if (!catalogs && (follows || leads)) for (const word of run) named.add(word);
    at = Math.max(at, end - 1);
  }
  return words.map((word) => (named.has(word) ? { ...word, quoted: true } : word));
}

/** The words of a request with their meanings: mended, and with the trade's phrases as one word each. */
export function readWords(query: string, vocabulary: Vocabulary): Word[] {
  const mended = nameRecords(mend(tokenize(query), vocabulary), vocabulary);
  const tokens = withoutAdverbs(nameNumbers(mended), vocabulary);
  const words: Word[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const found = phraseAt(tokens, at, vocabulary);
    if (found === undefined || found.length === 1) {
      words.push(wordOf(token, found?.phrase, vocabulary));
      continue;
    }
    const run = tokens.slice(at, at + found.length);
    const last = run.at(-1) ?? token;
    if (found.phrase.instead) {
      // `block my calendar`: the determiner shows the verb before it.
      if (run.length > 1 && token.text === 'my') words.push(wordOf(token, undefined, vocabulary));
      words.push({
        ...wordOf(last, found.phrase, vocabulary),
        titled: run.every((word) => word.titled && word.capital),
        capital: run.every((word) => word.titled && word.capital),
        phrase: true,
      });
    } else {
      // Each word keeps its own meaning; the last one also stands for the phrase.
      for (const word of run.slice(0, -1)) words.push(wordOf(word, undefined, vocabulary));
      words.push({ ...wordOf(last, found.phrase, vocabulary), phrase: true });
    }
    at += found.length - 1;
  }
  return nameValues(markCompounds(words, vocabulary), vocabulary);
}

/** `keep track of time` and `track the time` say nothing of their own; the `track` of `the onboarding track` is a thing. */
function isTrackNoun(before: Word | undefined, after: Word | undefined): boolean {
  if (before === undefined || /^(keep|keeps|keeping|lose)$/.test(before.text)) return false;
  if (
    after !== undefined &&
    !after.number &&
    after.text !== 'off' &&
    (!isPreposition(after.text) || after.text === 'of')
  )
    return false;
  return /^(new|an?|the|this|that)$/.test(before.text) || !isPlainEnglish(before.text);
}

/** Words that only count together with the one before or behind. */
function markCompounds(words: readonly Word[], vocabulary: Vocabulary): Word[] {
  return words.map((word, at) => {
    const before = words[at - 1];
    if (/^(hours?|hrs?|minutes?|mins?)$/.test(word.text) && /^(\d+|last|past|next|few)$/.test(before?.text ?? ''))
      return { ...word, amount: true };
    // `a one-time adjustment`, `the last time`: how often and when.
    if (
      word.text === 'time' &&
      /^(one|full|part|real|first|last|next)$/.test(before?.text ?? '') &&
      !/^(entr|sheet)/.test(words[at + 1]?.text ?? '')
    )
      return { ...word, quoted: true };
    const after = words[at + 1];
    if (word.text === 'track' && isTrackNoun(before, after)) return { ...word, compound: true };
    const own = /^(api|my)$/.test(word.text) && after !== undefined && vocabulary.isCompound(word.stem, after.stem);
    // `quantity on the second line`: a preposition is of the name only with what is behind it, as in `quantity on hand`.
    if (isPreposition(word.text) && (after === undefined || !vocabulary.isCompound(word.stem, after.stem))) return word;
    // `tickets linked to a company` are no ticket links.
    return own || (before !== undefined && !word.participle && vocabulary.isCompound(before.stem, word.stem))
      ? { ...word, compound: true }
      : word;
  });
}
