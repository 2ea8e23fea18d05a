import type { Meaning } from './parse-request.ts';
import { stem } from './stem.ts';
import { emptyNouns, isPreposition, stopWords, valueWords } from './stop-words.ts';
import { type Token, tokenize } from './tokenize.ts';
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
    const found = stem(text);
    if (token.quoted || token.number || isPlainEnglish(text)) return [token];
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
    if (!vocabulary.has(noun) || isPlainEnglish(before.text) || vocabulary.isCompound(noun, stem('entry')))
      return token;
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

/** The longest phrase of the lexicon that starts here. */
function phraseAt(
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
): { phrase: Phrase; length: number } | undefined {
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

/** The words of a request with their meanings: mended, and with the trade's phrases as one word each. */
export function readWords(query: string, vocabulary: Vocabulary): Word[] {
  const mended = nameRecords(mend(tokenize(query), vocabulary), vocabulary);
  const tokens = nameNumbers(mended).filter(({ text }) => !isAdverb(text, vocabulary));
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
      words.push({
        ...wordOf(last, found.phrase, vocabulary),
        capital: false,
        phrase: true,
      });
    } else {
      // Each word keeps its own meaning; the last one also stands for the phrase.
      for (const word of run.slice(0, -1)) words.push(wordOf(word, undefined, vocabulary));
      words.push({ ...wordOf(last, found.phrase, vocabulary), phrase: true });
    }
    at += found.length - 1;
  }
  return words.map((word, at) => {
    const before = words[at - 1];
    if (
      /^(hours?|hrs?|minutes?|mins?)$/.test(word.text) &&
      (before?.number || /^(last|past|next|few)$/.test(before?.text ?? ''))
    )
      return { ...word, amount: true };
    const after = words[at + 1];
    const own = /^(api|my)$/.test(word.text) && after !== undefined && vocabulary.isCompound(word.stem, after.stem);
    // `tickets linked to a company` are no ticket links.
    return own || (before !== undefined && !word.participle && vocabulary.isCompound(before.stem, word.stem))
      ? { ...word, compound: true }
      : word;
  });
}
