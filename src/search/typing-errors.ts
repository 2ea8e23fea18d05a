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
    'truck stage staged stages grade graded trade traded train chain plain place placed plate plates printer printers ' +
    'chance chances comes promise promises sweet court courts stick sticks attack teach spent professor sitting ' +
    'dying stuck style serve serves served closer closet cares cared shopping shock bread pride plant parking coast ' +
    'passing talks apple grace premise routine threat threats expert cancer sweat trace traces tears tiger prime ' +
    'motel concert suite suites sides shown roses revolution resort resorts thus handy racing statue stiff stare ' +
    'tanks trucks tires burnt scale scales auction cease formal spill stitch dealt weigh weighs races painter logic ' +
    'hangs scent skate audio database membership teamwork timetable workout outbreak cardboard employer marker repay ' +
    'caution valve valves noses unload sheer vague settling employed crate grape merger addiction freed brunch ledge ' +
    'melting rotting ship slate ruler raving pager farms fiend linen workshop covert crows unity colon timber dares ' +
    'lifts usher phases companions comply inventor tread forks contrast formally rooting forum plank multiply ' +
    'statues postal carts rites cello detain prone commend cords tiles tides remainder uplink tract salts rematch ' +
    'replay starch crease clocked charger liner cones loins nightly anomaly shopper slack shift shared paused parse ' +
    'parsed phased pages pushes scan scans scanned shelf shell'
  ).split(' '),
);

/** An English word that is meant as it stands, though the catalog has one much like it. */
export const isEnglish = (word: string): boolean => neighbours.has(word);

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
