import { deskWords } from './lexicon-desk.ts';
import type { LexiconEntry } from './lexicon-entry.ts';
import { officeWords } from './lexicon-office.ts';

/**
 * The trade's words for what ConnectWise calls otherwise. One line each: what people say, what the catalog says,
 * why. `means` may hold several things; each is one to three words of the catalog's own names. `weight` says how
 * sure it is (default 0.9); an entry with `instead` drops the literal word, which here means something else.
 *
 * To add a word: one line in its part, and a request with it in tests/evals/requests.jsonl. See docs/search.md.
 */
export const lexicon: readonly LexiconEntry[] = [...deskWords, ...officeWords];
