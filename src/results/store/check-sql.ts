import { GatewayError } from '../../core/errors.ts';

export const maxSqlBytes = 20_000;

const allowedStarts: readonly string[] = ['select', 'with', 'values'];

/** Words that change something and can stand behind a WITH. */
const changing: readonly string[] = ['insert', 'update', 'delete', 'replace'];

/**
 * Functions and tables of SQLite that reach beyond the stored rows, or make texts of any size out of nothing. The
 * connection refuses most of them too; here they get a name in the message.
 */
const refusedNames =
  /^(pragma_\w*|load_extension|readfile|writefile|edit|fts3_tokenizer|zeroblob|randomblob|dbstat|sqlite_dbpage|sqlite_log|sqlite_offset|sqlite_compileoption_\w+)$/i;

/**
 * Lets only one SELECT, VALUES or WITH … SELECT through: the first of three walls, and the one that explains itself.
 * @throws GatewayError `invalid_sql`
 */
export function checkSql(sql: string): readonly SqlToken[] {
  const bytes = Buffer.byteLength(sql);
  if (bytes > maxSqlBytes) throw refuse(`The SQL holds ${bytes} bytes; at most ${maxSqlBytes} are allowed.`);
  // SQLite ends a statement at NUL, so what follows one would be neither checked nor run.
  const nul = sql.indexOf('\0');
  if (nul >= 0) throw refuse('The SQL holds a NUL character.', nul);
  const read = tokenizeSql(sql);
  if ('openQuote' in read)
    throw refuse(`A quote is opened and never closed: ${clip(sql, read.openQuote)}.`, read.openQuote);
  const tokens = withoutLastSemicolons(read);
  const [first] = tokens;
  if (first === undefined) throw refuse('The SQL is empty.');
  const second = tokens.find(isSemicolon);
  if (second) throw refuse('More than one statement was given; only one is allowed.', second.position);
  if (first.kind !== 'word' || !allowedStarts.includes(first.text.toLowerCase())) {
    throw refuse(
      `Only SELECT, WITH … SELECT and VALUES are allowed, not ${clip(sql, first.position)}.`,
      first.position,
    );
  }
  checkVerb(tokens);
  for (const { kind, text, position } of tokens) {
    if (kind === 'parameter')
      throw refuse(`${text} is a parameter, and there are no values for it: write the value.`, position);
    if ((kind === 'word' || kind === 'name') && refusedNames.test(text))
      throw refuse(`${text} is not allowed: only the stored tables can be read.`, position);
  }
  return tokens;
}

/** What follows the tables of a WITH: SELECT or VALUES at the same depth, and nothing that changes. */
function checkVerb(tokens: readonly SqlToken[]): void {
  let depth = 0;
  for (const [index, { kind, text, position }] of tokens.entries()) {
    if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    if (kind !== 'word' || depth !== 0 || !changing.includes(text.toLowerCase())) continue;
    // `replace(` is also a function of text.
    const next = tokens[index + 1]?.text.toLowerCase();
    if (next === 'into' || next === 'from' || next === 'or' || text.toLowerCase() === 'update')
      throw refuse(`${text.toUpperCase()} is not allowed: stored tables can only be read.`, position);
  }
}

const isSemicolon = ({ kind, text }: SqlToken) => kind === 'sign' && text === ';';

function withoutLastSemicolons(tokens: readonly SqlToken[]): readonly SqlToken[] {
  let end = tokens.length;
  for (let last = tokens[end - 1]; last !== undefined && isSemicolon(last); last = tokens[end - 1]) end -= 1;
  return tokens.slice(0, end);
}

const clip = (sql: string, position: number) => JSON.stringify(sql.slice(position, position + 30).toWellFormed());

function refuse(message: string, position?: number): GatewayError {
  return new GatewayError('invalid_sql', message, {
    details: { field: 'sql', ...(position === undefined ? {} : { position }) },
  });
}

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
function tokenizeSql(sql: string): SqlToken[] | { openQuote: number } {
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
