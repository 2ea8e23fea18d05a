type Element =
  | { kind: 'any' }
  | { kind: 'one' }
  | { kind: 'character'; character: string }
  | { kind: 'class'; negated: boolean; ranges: readonly (readonly [low: string, high: string])[] };

/** Case does not matter in ConnectWise's comparisons (CW 2.2.14). */
export function fold(text: string): string {
  return text.toLowerCase();
}

/**
 * Compiles a `like` pattern: `*` and `%` stand for any run, `_` for one character, `[abc]`, `[a-f]` and `[^abc]` for
 * one of a class, `[[]` for a bracket (CW 2.2.15). Time is pattern times text at worst, whatever the pattern.
 */
export function compileLike(pattern: string): (text: string) => boolean {
  const elements = elementsOf(fold(pattern));
  return (text) => matches(elements, fold(text));
}

function elementsOf(pattern: string): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    const close = character === '[' ? pattern.indexOf(']', at) : -1;
    if (character === '*' || character === '%') {
      if (elements.at(-1)?.kind !== 'any') elements.push({ kind: 'any' });
    } else if (character === '_') elements.push({ kind: 'one' });
    else if (close > at + 1) {
      elements.push(classOf(pattern.slice(at + 1, close)));
      at = close;
    } else elements.push({ kind: 'character', character });
  }
  return elements;
}

function classOf(inner: string): Element {
  const negated = inner.length > 1 && inner.startsWith('^');
  const body = negated ? inner.slice(1) : inner;
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < body.length; at += 1) {
    const low = body[at] ?? '';
    const high = body[at + 1] === '-' ? body[at + 2] : undefined;
    ranges.push([low, high ?? low]);
    if (high !== undefined) at += 2;
  }
  return { kind: 'class', negated, ranges };
}

function matchesOne(element: Element, character: string): boolean {
  switch (element.kind) {
    case 'any':
    case 'one':
      return true;
    case 'character':
      return element.character === character;
    case 'class':
      return element.ranges.some(([low, high]) => low <= character && character <= high) !== element.negated;
  }
}

/** Greedy with one point to go back to: only the last run can ever need more. */
function matches(elements: readonly Element[], text: string): boolean {
  let element = 0;
  let at = 0;
  let run = -1;
  let runAt = 0;
  while (at < text.length) {
    const current = elements[element];
    if (current?.kind === 'any') {
      run = element;
      runAt = at;
      element += 1;
    } else if (current !== undefined && matchesOne(current, text[at] ?? '')) {
      element += 1;
      at += 1;
    } else if (run !== -1) {
      runAt += 1;
      at = runAt;
      element = run + 1;
    } else return false;
  }
  while (elements[element]?.kind === 'any') element += 1;
  return element === elements.length;
}
