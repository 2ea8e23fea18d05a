import { GatewayError } from '../../core/errors.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { NextStep } from '../../core/next-step.ts';
import type { TableShape } from './stored-table.ts';
import { tradeFunctionNames } from './trade-functions.ts';

export const maxSqlBytes = 20_000;

const allowedStarts: readonly string[] = ['select', 'with', 'values'];

/** Words that change data and can follow a WITH. */
const changing: readonly string[] = ['insert', 'update', 'delete', 'replace'];

/**
 * Functions and tables of SQLite that read more than the stored rows, or generate texts of any size. The connection
 * refuses most of them too; this check names them in its message.
 */
const refusedNames =
  /^(pragma_\w*|load_extension|readfile|writefile|edit|fts3_tokenizer|zeroblob|randomblob|dbstat|sqlite_dbpage|sqlite_log|sqlite_offset|sqlite_compileoption_\w+)$/i;

/**
 * Accepts only one SELECT, VALUES or WITH … SELECT: the first of three barriers, and the one whose messages explain.
 * @throws GatewayError `invalid_sql`
 */
export function checkSql(sql: string): readonly SqlToken[] {
  const bytes = Buffer.byteLength(sql);
  if (bytes > maxSqlBytes) throw refuse(`The SQL holds ${bytes} bytes; at most ${maxSqlBytes} are allowed.`);
  // SQLite ends a statement at NUL: what follows would be neither checked nor run.
  const nul = sql.indexOf('\0');
  if (nul >= 0) throw refuse('The SQL holds a NUL character.', nul);
  const read = tokenizeSql(sql);
  if ('openQuote' in read) throw refuse(`A quote is not closed: ${clip(sql, read.openQuote)}.`, read.openQuote);
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
    if (kind === 'parameter') throw refuse(`${text} is a parameter without a value: write the value.`, position);
    if ((kind === 'word' || kind === 'name') && refusedNames.test(text))
      throw refuse(`${text} is not allowed: only the stored tables can be read.`, position);
  }
  return tokens;
}

/** Refuses a verb that changes data after the tables of a WITH. */
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

/** The table that a statement reads whole and as it is: `SELECT * FROM tickets_371`. */
export function findWholeTable(tokens: readonly SqlToken[]): string | undefined {
  const [select, star, from, table, ...more] = tokens;
  if (more.length > 0 || select?.text.toLowerCase() !== 'select' || star?.text !== '*') return undefined;
  if (from?.text.toLowerCase() !== 'from' || (table?.kind !== 'word' && table?.kind !== 'name')) return undefined;
  return table.text;
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
    details: { field: 'sql', ...(position !== undefined && { position }) },
  });
}

/** A token of a statement; comments and white space are left out. */
export interface SqlToken {
  /** `name` is an identifier in quotes, `word` one without quotes, or a keyword. */
  kind: 'word' | 'name' | 'text' | 'number' | 'parameter' | 'sign';
  /** Without its quotes. */
  text: string;
  position: number;
}

// To SQLite every character above ASCII is a letter, also spaces and signs of Unicode.
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

/** @returns the tokens, or the position of a quote that is not closed */
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

interface SqlSurroundings {
  shapes: readonly TableShape[];
  /** Why tables were dropped, by name in lower case. */
  gone: ReadonlyMap<string, string>;
  tokens: readonly SqlToken[];
}

const maxColumnsShown = 40;

/** SQLite's equivalents of functions of other dialects. */
const equivalents: Readonly<Record<string, string>> = {
  datediff: 'hours_between(a, b), business_days(a, b), or julianday(b) - julianday(a)',
  timestampdiff: 'hours_between(a, b)',
  date_trunc: 'month(d), week(d) or date(local(d))',
  getdate: "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')",
  now: "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')",
  year: 'substr(local(d), 1, 4)',
  day: 'date(local(d))',
  isnull: 'ifnull(a, b)',
  nvl: 'ifnull(a, b)',
  to_char: 'strftime(format, d)',
  convert: 'cast(a AS type)',
  left: 'substr(text, 1, n)',
  right: 'substr(text, -n)',
  median: 'ORDER BY … LIMIT 1 OFFSET n',
};

/** An error with SQLite's message as one that names the tables, columns or functions there are; others unchanged. */
export function explainSqlError(error: GatewayError, around: SqlSurroundings): GatewayError {
  const { sqlite } = error.details;
  if (typeof sqlite !== 'string') return error;
  const [, kind, name = ''] = /^no such (table|column|function): (.+)$/s.exec(sqlite) ?? [];
  if (kind === 'table') return unknownTable(name, around);
  // SQLite adds its own guess after a dash.
  if (kind === 'column') return unknownColumn(name.replace(/^"(.+)" - .*$/s, '$1'), around);
  if (kind === 'function') return unknownFunction(name);
  const [, near] = /^near "(.+)": syntax error$/s.exec(sqlite) ?? [];
  if (near !== undefined) {
    return refuseWithHint(`The SQL cannot be read near ${JSON.stringify(near)}.`, {
      hint: 'The dialect is SQLite: texts in \'single quotes\', LIMIT at the end; a column named like a keyword is in "double quotes".',
    });
  }
  const ambiguous = /^ambiguous column name: (.+)$/s.exec(sqlite)?.[1];
  if (ambiguous !== undefined)
    return refuseWithHint(`Several tables have a column ${ambiguous}.`, {
      hint: 'Write it with its table, such as a.id.',
    });
  if (/not authorized|authorization denied|prohibited|readonly database/.test(sqlite))
    return refuseWithHint('The SQL uses more than the stored tables, which is not allowed.', {});
  return refuseWithHint(error.message, {});
}

function unknownTable(name: string, { shapes, gone }: SqlSurroundings): GatewayError {
  const bare = name.replace(/^main\./i, '');
  const why = gone.get(bare.toLowerCase());
  if (why !== undefined) {
    return refuseWithHint(`${bare} is no longer stored: ${why}.`, {
      hint: { step: 'read_list' },
    });
  }
  const names = shapes.map((shape) => shape.name);
  const near = nearestNames(bare, names, 5);
  const candidates = near.length > 0 ? near : names.slice(-5);
  return refuseWithHint(`There is no table ${bare}.${near[0] ? ` Did you mean ${near[0]}?` : ''}`, {
    candidates,
    hint:
      names.length === 0
        ? { step: 'read_list', before: 'No answer is stored yet.' }
        : 'Each reply to a list names its table; read the list again if it is none of these.',
  });
}

function unknownColumn(name: string, { shapes, tokens }: SqlSurroundings): GatewayError {
  const parts = name.split('.');
  const wanted = parts.at(-1) ?? name;
  const used = usedShapes(shapes, tokens);
  const among = used.length > 0 ? used : shapes;
  const all = among.flatMap((shape) => shape.columns);
  const near = nearestNames(wanted.replaceAll(/[\s/]+/g, '_'), all, 3);
  const home = among.find((shape) => shape.columns.includes(near[0] ?? '')) ?? among[0];
  const quoted = tokens.some((token) => token.kind === 'name' && token.text === wanted);
  const text = quoted && near.length === 0 ? ` Texts are in single quotes: '${wanted}'.` : '';
  const shown = home?.columns.slice(0, maxColumnsShown).join(', ') ?? '';
  const more = (home?.columns.length ?? 0) > maxColumnsShown ? ', …' : '';
  return refuseWithHint(`There is no column ${name}.${near[0] ? ` Did you mean ${near[0]}?` : ''}${text}`, {
    candidates: near,
    hint:
      home === undefined
        ? 'No answer is stored yet.'
        : `Call again with the right one. Columns of ${home.name}: ${shown}${more}`,
  });
}

/** The tables that the statement names, without `it`. */
function usedShapes(shapes: readonly TableShape[], tokens: readonly SqlToken[]): TableShape[] {
  const words = new Set(
    tokens.flatMap(({ kind, text }) => (kind === 'word' || kind === 'name' ? text.toLowerCase() : [])),
  );
  return shapes.filter(({ name }) => words.has(name.toLowerCase()));
}

function unknownFunction(name: string): GatewayError {
  const instead = equivalents[name.toLowerCase()];
  const near = nearestNames(name, [...tradeFunctionNames, 'count', 'sum', 'avg', 'round', 'coalesce', 'strftime'], 3);
  return refuseWithHint(
    `There is no function ${name}.${instead ? ` Use ${instead}.` : near[0] ? ` Did you mean ${near[0]}?` : ''}`,
    {
      candidates: near,
      hint: `The dialect is SQLite, with ${tradeFunctionNames.join(', ')} added.`,
    },
  );
}

function refuseWithHint(
  message: string,
  { hint, candidates }: { hint?: string | NextStep; candidates?: readonly string[] },
): GatewayError {
  return new GatewayError('invalid_sql', message, {
    ...(hint !== undefined && { hint }),
    details: { field: 'sql', ...(candidates?.length && { candidates }) },
  });
}
