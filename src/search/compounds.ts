import { splitIdentifier } from './tokenize.ts';

/** Pieces shorter than this would cut ordinary words (`on`, `in`) out of longer ones. */
const shortestPiece = 3;

/**
 * Learns which words there are from names written in camelCase, and splits names written in lower case by them:
 * `timeentries` and `purchaseorders` are two words because `TimeEntry` and `PurchaseOrder` are.
 */
export function createSplitter(names: Iterable<string>, stem: (word: string) => string): (word: string) => string[] {
  const known = new Set<string>();
  for (const name of names) {
    const words = splitIdentifier(name);
    // Of a name in one case nothing can be learnt, unless it is short enough to be one word.
    if (words.length > 1 || /^[A-Z]/.test(name) || (words[0]?.length ?? 0) < 9)
      for (const word of words) known.add(stem(word));
  }
  const memo = new Map<string, string[]>();
  return (word) => {
    const split = memo.get(word) ?? splitWord(word, (piece) => known.has(stem(piece)));
    memo.set(word, split);
    return split;
  };
}

/** The fewest known pieces that make up the word; the word itself where there are none. */
export function splitWord(word: string, isKnown: (piece: string) => boolean): string[] {
  if (word.length < 2 * shortestPiece || word.length > 40 || isKnown(word)) return [word];
  const best: (string[] | undefined)[] = [[]];
  for (let end = 1; end <= word.length; end++) {
    for (let start = 0; start <= end - shortestPiece; start++) {
      const before = best[start];
      const piece = word.slice(start, end);
      if (before === undefined || !isKnown(piece)) continue;
      if (best[end] === undefined || before.length + 1 < (best[end]?.length ?? 0)) best[end] = [...before, piece];
    }
  }
  return best[word.length] ?? [word];
}
