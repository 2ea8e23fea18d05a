/** Shorter words have too many neighbours to guess among. */
const shortest = 4;

/** English words that are one edit from a word of the catalog and are meant as they stand. */
const neighbours: ReadonlySet<string> = new Set(
  (
    'older order trial quite quiet broad there three through phrase cause these those where tests state stale later paste ' +
    'points price prices phone plane plans steps stuff sales cases causes costs posts roads rules tools users views words works ' +
    'world would could sound round could event events seven clear clean learn least lease leave level lever light night right ' +
    'sight might tight eight might power tower lower cover mover never river rover other mother either weather whether father ' +
    'party parts ports forts sorts store stone stove stock stack black block clock click chick check cheque thick trick track ' +
    'truck stage staged stages grade graded trade traded train chain plain place placed plate plates printer printers'
  ).split(' '),
);

/** True when one letter is missing, too many, wrong, or changed places with its neighbour. */
export function isOneEditApart(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

/**
 * The known word one typing error away. Words of four letters are only mended where letters changed places:
 * `tier` is no mistyped `timer`.
 */
export function createCorrector(words: readonly string[]): (word: string) => string | undefined {
  const byLength = new Map<number, string[]>();
  for (const word of new Set(words)) {
    if (!/^[a-z]+$/.test(word) || word.length < shortest) continue;
    const list = byLength.get(word.length);
    if (list) list.push(word);
    else byLength.set(word.length, [word]);
  }
  return (word) => {
    if (word.length < shortest || !/^[a-z]+$/.test(word) || neighbours.has(word)) return undefined;
    const near = [word.length, word.length - 1, word.length + 1].flatMap((length) => byLength.get(length) ?? []);
    const found = near.filter((known) => known[0] === word[0] && isOneEditApart(word, known));
    if (word.length === shortest) return found.find((known) => sorted(known) === sorted(word));
    return found[0];
  };
}

const sorted = (word: string): string => [...word].sort().join('');
