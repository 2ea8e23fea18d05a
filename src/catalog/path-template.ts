const placeholder = /\{([^{}]*)\}/g;

/** Names of the placeholders, in order. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(placeholder)].map((match) => match[1] ?? '');
}

/** What two spellings of one path share: no case, no names of placeholders. */
export function pathKey(template: string): string {
  return template.replace(placeholder, '{}').toLowerCase();
}

/**
 * One spelling for what definitions write in several: a leading slash, none at the end, and no regular
 * expression in a placeholder (`{memberIdentifier:regex(^(types. |(` in the real definition, cut off at that).
 */
export function normalisePath(path: string): string {
  const slashed = `/${path}`.replace(/\/{2,}/g, '/').replace(/\/+$/, '');
  return withoutPatterns(slashed) || '/';
}

function withoutPatterns(path: string): string {
  let result = '';
  let at = 0;
  for (const match of path.matchAll(/\{(\w+)\s*:/g)) {
    if (match.index < at) continue;
    result += `${path.slice(at, match.index)}{${match[1]}}`;
    at = endOfPlaceholder(path, match.index);
  }
  return result + path.slice(at);
}

/** Behind the brace that closes the one at `start`; where none does, the end of the segment. */
function endOfPlaceholder(path: string, start: number): number {
  let depth = 0;
  for (let index = start; index < path.length; index++) {
    if (path[index] === '{') depth++;
    if (path[index] === '}' && --depth === 0) return index + 1;
  }
  const slash = path.indexOf('/', start);
  return slash === -1 ? path.length : slash;
}

/**
 * Spells each placeholder as most paths do: `{grandParentId}` becomes `{grandparentId}`.
 * @param paths normalised paths of the whole definition
 */
export function placeholderSpelling(paths: Iterable<string>): (template: string) => string {
  const counts = new Map<string, Map<string, number>>();
  for (const path of paths) {
    for (const name of placeholdersOf(path)) {
      const spellings = counts.get(name.toLowerCase()) ?? new Map<string, number>();
      spellings.set(name, (spellings.get(name) ?? 0) + 1);
      counts.set(name.toLowerCase(), spellings);
    }
  }
  const chosen = new Map<string, string>();
  for (const [key, spellings] of counts) {
    const [first] = [...spellings].sort((a, b) => b[1] - a[1]);
    if (first) chosen.set(key, first[0]);
  }
  return (template) =>
    template.replace(placeholder, (_, name: string) => `{${chosen.get(name.toLowerCase()) ?? name}}`);
}
