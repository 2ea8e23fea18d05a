/**
 * Edits from one word to the other: letters inserted, deleted, replaced, or swapped with their neighbour. Above `limit`
 * it stops counting and returns some number above it.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** The names most like `word`, best first, whatever their case; names without anything in common are left out. */
export function nearestNames(word: string, names: Iterable<string>, count = 5): string[] {
  const wanted = word.toLowerCase();
  const scored = [...new Set(names)].map((name) => ({ name, distance: unlikeness(wanted, name.toLowerCase()) }));
  return scored
    .filter(({ distance }) => distance < 0.7)
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** 0 for the same word, 1 for nothing in common; below 0.5 where one contains the other. */
export function unlikeness(wanted: string, name: string): number {
  if (wanted === name) return 0;
  const longest = Math.max(wanted.length, name.length);
  const shortest = Math.min(wanted.length, name.length);
  const contained = shortest >= 3 && (name.includes(wanted) || wanted.includes(name));
  const within = contained ? 0.1 + 0.4 * (1 - shortest / longest) : 1;
  // Words that differ in more than two thirds of their letters are not misspellings of each other.
  const limit = Math.ceil(longest * 0.67);
  return Math.min(within, editDistance(wanted, name, limit) / longest);
}
