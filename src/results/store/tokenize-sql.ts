/** Pieces of a statement as SQLite reads them; comments and space are left out. */
export interface SqlToken {
  /** `name` is an identifier in quotes, `word` one without, or a keyword. */
  kind: 'word' | 'name' | 'text' | 'number' | 'parameter' | 'sign';
  /** Without its quotes. */
  text: string;
  position: number;
}

// SQLite takes every character above ASCII for a letter, also spaces and signs of Unicode.
const patterns: readonly [RegExp, SqlToken['kind'] | 'nothing' | 'open'][] = [
  [/[ \t\n\f\r]+/y, 'nothing'],
  [/--[^\n]*/y, 'nothing'],
  [/\/\*[\s\S]*?(?:\*\/|$)/y, 'nothing'],
  [/[xX]'[^']*'/y, 'text'],
  [/'(?:[^']|'')*'/y, 'text'],
  [/"(?:[^"]|"")*"/y, 'name'],
  [/`(?:[^`]|``)*`/y, 'name'],
  [/\[[^\]]*\]/y, 'name'],
  [/['"`[]/y, 'open'],
  [/[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y, 'word'],
  [/(?:0[xX][0-9a-fA-F]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[A-Za-z0-9_]*/y, 'number'],
  [/[?:@#$][A-Za-z0-9_$]*/y, 'parameter'],
  [/./sy, 'sign'],
];

/** @returns the position of a quote that nothing closes in place of the pieces */
export function tokenizeSql(sql: string): SqlToken[] | { openQuote: number } {
  const tokens: SqlToken[] = [];
  let position = 0;
  while (position < sql.length) {
    for (const [pattern, kind] of patterns) {
      pattern.lastIndex = position;
      const [match] = pattern.exec(sql) ?? [];
      if (match === undefined) continue;
      if (kind === 'open') return { openQuote: position };
      if (kind !== 'nothing') tokens.push({ kind, text: kind === 'name' ? unquote(match) : match, position });
      position += match.length;
      break;
    }
  }
  return tokens;
}

function unquote(name: string): string {
  const quote = name[0] ?? '';
  const inner = name.slice(1, -1);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
}
