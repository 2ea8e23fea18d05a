import type { Method } from './endpoint.ts';

const placeholder = /\{([^{}]*)\}/g;

/** Names of the placeholders, in order. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(placeholder)].map((match) => match[1] ?? '');
}

/** Equal for all spellings of one template: in lower case, and without the names of placeholders. */
export function pathKey(template: string): string {
  return template.replace(placeholder, '{}').toLowerCase();
}

/**
 * One spelling for paths that definitions write in several ways: a leading slash, none at the end, and no regular
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

/** The offset behind the brace that closes the one at `start`; the end of the segment where none does. */
function endOfPlaceholder(path: string, start: number): number {
  let depth = 0;
  for (let index = start; index < path.length; index++) {
    if (path[index] === '{') depth++;
    if (path[index] === '}' && --depth === 0) return index + 1;
  }
  const slash = path.indexOf('/', start);
  return slash === -1 ? path.length : slash;
}

/** What the matcher needs of an endpoint. */
export interface MatchedEndpoint {
  id: number;
  method: Method;
  path: string;
}

/** By the ids of endpoints, which of their placeholders take integers only. */
export type FindIntegers = (ids: readonly number[]) => ReadonlyMap<number, ReadonlySet<string>>;

interface PathMatch {
  id: number;
  /** Values of the placeholders, decoded; empty where the path is the template itself. */
  values: Readonly<Record<string, string>>;
}

export interface PathMatcher {
  match(method: Method, path: string): PathMatch | undefined;
  methodsOf(path: string): readonly Method[];
}

interface Target {
  id: number;
  path: string;
}

interface Node {
  literals: Map<string, Node>;
  /** Segments with placeholders: a pattern each, and where it leads. */
  patterns: { source: string; pattern: RegExp; next: Node }[];
  targets: Map<Method, Target>;
}

/**
 * A tree of path segments. A literal segment wins over placeholders in its place wherever it leads to an endpoint:
 * `/service/tickets/count` is not the ticket called count, also where DELETE exists only on `{id}`. The tree of a first
 * segment is made when a path with it is looked for: a session has to do with a few of the thirty modules.
 */
export function createPathMatcher(endpoints: readonly MatchedEndpoint[], findIntegers: FindIntegers): PathMatcher {
  const byFirst = Map.groupBy(endpoints, ({ path }) => firstOf(path));
  const open = [...byFirst].flatMap(([first, those]) => (first.includes('{') ? those : []));
  const trees = new Map<string, Node>();
  const treeOf = (first: string): Node => {
    const known = trees.get(first);
    if (known !== undefined) return known;
    const root = emptyNode();
    const those = first.includes('{') ? open : [...(byFirst.get(first) ?? []), ...open];
    const integers = findIntegers(those.map(({ id }) => id));
    for (const endpoint of those) add(root, endpoint, integers.get(endpoint.id));
    // Not for what no endpoint begins with: paths come from outside, and any number of them may be wrong.
    if (byFirst.has(first)) trees.set(first, root);
    return root;
  };
  const reached = (path: string) => walk(treeOf(firstOf(path)), segmentsOf(path.toLowerCase()), 0);
  return {
    match(method, path) {
      const targets = reached(path).flatMap((node) => node.targets.get(method) ?? []);
      // Two templates may differ in the placeholder only: the one that was given wins.
      const written = path.toLowerCase();
      const target = targets.find((candidate) => candidate.path.toLowerCase() === written) ?? targets[0];
      return target && { id: target.id, values: valuesOf(target.path, path) };
    },
    methodsOf: (path) => [...new Set(reached(path).flatMap(({ targets }) => [...targets.keys()]))],
  };
}

function firstOf(path: string): string {
  return (/[^/]+/.exec(path)?.[0] ?? '').toLowerCase();
}

function emptyNode(): Node {
  return { literals: new Map(), patterns: [], targets: new Map() };
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function add(root: Node, { id, method, path }: MatchedEndpoint, integers: ReadonlySet<string> = new Set()): void {
  let node = root;
  for (const segment of segmentsOf(path))
    node = segment.includes('{') ? patternChild(node, segment, integers) : literalChild(node, segment);
  // Of two endpoints with the same path, the first is kept.
  if (!node.targets.has(method)) node.targets.set(method, { id, path });
}

function literalChild(node: Node, segment: string): Node {
  const key = segment.toLowerCase();
  const next = node.literals.get(key) ?? emptyNode();
  node.literals.set(key, next);
  return next;
}

function patternChild(node: Node, segment: string, integers: ReadonlySet<string>): Node {
  const source = segment
    .toLowerCase()
    .split(/(\{[^}]*\})/)
    .map((part, index) => (index % 2 === 0 ? escaped(part) : valuePattern(segment, part, integers)))
    .join('');
  const known = node.patterns.find((pattern) => pattern.source === source);
  if (known) return known.next;
  const added = { source, pattern: new RegExp(`^${source}$`), next: emptyNode() };
  node.patterns.push(added);
  // The narrowest first: text around the placeholder, then integers, then anything.
  node.patterns.sort((a, b) => rank(a.source) - rank(b.source));
  return added.next;
}

/** A placeholder also matches itself, so that a template finds its endpoint. */
function valuePattern(segment: string, placeholder: string, integers: ReadonlySet<string>): string {
  const at = segment.toLowerCase().indexOf(placeholder);
  const name = segment.slice(at + 1, at + placeholder.length - 1);
  return integers.has(name) ? '(?:-?\\d+|\\{[^}]*\\})' : '(?:[^{}]+|\\{[^}]*\\})';
}

function rank(source: string): number {
  return source.startsWith('(?:-?') ? 1 : source.startsWith('(?:[^') ? 2 : 0;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Every node that the whole path leads to, best first. */
function walk(node: Node, segments: readonly string[], index: number): readonly Node[] {
  const segment = segments[index];
  if (segment === undefined) return node.targets.size > 0 ? [node] : [];
  const literal = node.literals.get(segment);
  const exact = literal ? walk(literal, segments, index + 1) : [];
  if (exact.length > 0) return exact;
  return node.patterns.flatMap(({ pattern, next }) => (pattern.test(segment) ? walk(next, segments, index + 1) : []));
}

function valuesOf(template: string, path: string): Readonly<Record<string, string>> {
  const given = segmentsOf(path);
  const values: Record<string, string> = {};
  for (const [index, segment] of segmentsOf(template).entries()) {
    const names = [...segment.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
    if (names.length === 0) continue;
    const pattern = segment
      .split(/\{[^}]*\}/)
      .map(escaped)
      .join('(.+?)');
    const found = new RegExp(`^${pattern}$`, 'i').exec(given[index] ?? '');
    for (const [position, name] of names.entries()) {
      const value = found?.[position + 1];
      if (value !== undefined && !value.startsWith('{')) values[name] = decoded(value);
    }
  }
  return values;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
