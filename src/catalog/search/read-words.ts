import type { Meaning } from './parse-request.ts';
import { stem } from './stem.ts';
import { emptyNouns, stopWords, valueWords } from './stop-words.ts';
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
  /** Found in the lexicon as more than one word. */
  phrase: boolean;
}

/** Words that are no catalog word and no typing error either. */
function isPlainEnglish(word: string): boolean {
  return stopWords.has(word) || emptyNouns.has(word) || valueWords.has(word) || findVerb(word) !== undefined;
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
    const phrase = vocabulary.phrase(stems.join(' '));
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
    phrase: false,
  };
}

/** The words of a request with their meanings: mended, and with the trade's phrases as one word each. */
export function readWords(query: string, vocabulary: Vocabulary): Word[] {
  const tokens = mend(tokenize(query), vocabulary);
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
      words.push({ ...wordOf(last, found.phrase, vocabulary), capital: false, phrase: true });
    } else {
      // Each word keeps its own meaning; the last one also stands for the phrase.
      for (const word of run.slice(0, -1)) words.push(wordOf(word, undefined, vocabulary));
      words.push({ ...wordOf(last, found.phrase, vocabulary), phrase: true });
    }
    at += found.length - 1;
  }
  return words.map((word, at) => {
    const before = words[at - 1];
    return before !== undefined && vocabulary.isCompound(before.stem, word.stem) ? { ...word, compound: true } : word;
  });
}
