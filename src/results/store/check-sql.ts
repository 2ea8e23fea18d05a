import { GatewayError } from '../../core/errors.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { NextStep } from '../../core/next-step.ts';
import type { ResultTable } from '../result-store.ts';
import { describeEmpty } from '../table.ts';
import type { TableShape } from './stored-table.ts';
import { tradeFunctionNames, zonedFunctions } from './trade-functions.ts';

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
  /** The tables that `it`, `it_notes` and so on name in this statement. */
  aliases: Readonly<Record<string, string>>;
  answers: readonly ResultTable[];
  /** Why tables were dropped, by name in lower case. */
  gone: ReadonlyMap<string, string>;
  tokens: readonly SqlToken[];
}

const maxColumnsShown = 40;

/** SQLite's equivalents of functions of other dialects. */
const equivalents: Readonly<Record<string, string>> = {
  datediff: 'hours_between(a, b), days_between(a, b) or business_days(a, b)',
  timestampdiff: 'hours_between(a, b)',
  date_trunc: 'month(d), week(d), quarter(d) or date(local(d))',
  width_bucket: 'bucket(n, 30, 60, 90)',
  curdate: 'today()',
  getdate: 'today()',
  now: "today(), or strftime('%Y-%m-%dT%H:%M:%SZ', 'now')",
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

/**
 * What the answer of a statement does not show: that columns it names are empty throughout, so that a filter on them holds
 * for every row or for none, and which zone the days of its functions are of.
 */
export function describeStatement(around: SqlSurroundings, timeZone: string): string[] {
  const { shapes, aliases, answers, tokens } = around;
  const words = new Set(
    tokens.flatMap(({ kind, text }) => (kind === 'word' || kind === 'name' ? [text.toLowerCase()] : [])),
  );
  const used = [...new Map(usedTables(shapes, aliases, tokens).map((table) => [table.shape.name, table])).values()];
  const filled = new Set(used.flatMap(({ shape }) => shape.columns.filter((name) => !shape.empty.includes(name))));
  const empty = used.flatMap(({ shape, called }) => {
    if (answers.find(({ name }) => name === shape.name)?.rows === 0) return [];
    const named = shape.empty.filter((name) => words.has(name.toLowerCase()) && !filled.has(name));
    return describeEmpty(`every row of ${called}`, named) ?? [];
  });
  const zoned = zonedFunctions.filter((name) =>
    tokens.some(({ kind, text }, at) => kind === 'word' && text.toLowerCase() === name && tokens[at + 1]?.text === '('),
  );
  const zone = zoned.length > 0 ? [`${zoned.map((name) => `${name}()`).join(', ')}: time of ${timeZone}.`] : [];
  return [...empty, ...zone];
}

/** An error with SQLite's message as one that names the tables, columns or functions there are; others unchanged. */
export function explainSqlError(error: GatewayError, around: SqlSurroundings): GatewayError {
  const { sqlite } = error.details;
  if (typeof sqlite !== 'string') return error;
  const explained = explainMessage(sqlite, error, around);
  const used = usedTables(around.shapes, around.aliases, around.tokens);
  const isEmpty = ({ shape }: UsedTable) => around.answers.find(({ name }) => name === shape.name)?.rows === 0;
  const [first] = used;
  if (first === undefined || !used.every(isEmpty)) return explained;
  const { code, message, hint, details } = explained;
  return new GatewayError(code, `${message} ${first.called} has no rows.`, { hint, details });
}

function explainMessage(sqlite: string, error: GatewayError, around: SqlSurroundings): GatewayError {
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

function unknownTable(name: string, { shapes, aliases, gone, answers }: SqlSurroundings): GatewayError {
  const bare = name.replace(/^main\./i, '');
  const why = gone.get(bare.toLowerCase());
  if (why !== undefined) {
    return refuseWithHint(`${bare} is no longer stored: ${why}.`, {
      hint: { step: 'read_list' },
    });
  }
  const answer = answers.find((one) => one.name === bare.toLowerCase());
  if (answer !== undefined) return notStored(answer);
  const own = Object.keys(aliases);
  if (own.length > 0) {
    const message = `There is no table ${bare}. The rows just read are the table it.`;
    return refuseWithHint(message, { candidates: own, hint: 'Write FROM it, or name a table of an earlier reply.' });
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

/** A table whose rows came and could not be written, as on a full disk. */
export function notStored({ name, reason = 'its rows could not be stored' }: ResultTable): GatewayError {
  return new GatewayError('storage_failed', `${name} holds nothing: ${reason}.`);
}

function unknownColumn(name: string, { shapes, aliases, tokens }: SqlSurroundings): GatewayError {
  const parts = name.split('.');
  const [wanted = name, qualifier] = parts.toReversed();
  const used = usedTables(shapes, aliases, tokens);
  if (used.length === 0) {
    return refuseWithHint(`There is no column ${name}: the SQL names no stored table in FROM.`, {
      candidates: Object.keys(aliases),
      hint: 'Each reply to a list names its table.',
    });
  }
  const named = used.filter(({ names }) => qualifier !== undefined && names.includes(qualifier.toLowerCase()));
  const among = named.length > 0 ? named : used;
  const isWanted = (column: string) => column.toLowerCase() === wanted.toLowerCase();
  const all = among.flatMap(({ shape }) => shape.columns);
  const near = nearestNames(wanted.replaceAll(/[\s/]+/g, '_'), all, 4).filter((column) => !isWanted(column));
  const home = among.find(({ shape }) => shape.columns.includes(near[0] ?? '')) ?? among[0];
  const holder = used.find(({ shape }) => shape.columns.some(isWanted));
  const quoted = tokens.some((token) => token.kind === 'name' && token.text === wanted);
  const sentences = [`There is no column ${name}${holder ? ' here' : ''}.`];
  // The name is right, and the subquery or the other table that it is read from does not have it.
  if (holder) sentences.push(`${holder.called} has it: select it there, or write it with the name of that table.`);
  else if (near[0]) sentences.push(`Did you mean ${near[0]}?`);
  else if (quoted) sentences.push(`Texts are in single quotes: '${wanted}'.`);
  return refuseWithHint(sentences.join(' '), {
    candidates: near,
    hint:
      home === undefined ? 'Name a table in FROM.' : `Call again with the right one. ${describeColumns(home, shapes)}`,
  });
}

/** The columns of a table, and the tables of its arrays. */
function describeColumns({ shape, called }: UsedTable, shapes: readonly TableShape[]): string {
  const shown = shape.columns.slice(0, maxColumnsShown).join(', ');
  const more = shape.columns.length > maxColumnsShown ? ', …' : '';
  const arrays = shapes.flatMap(({ name, columns }) =>
    name.startsWith(`${shape.name}_`)
      ? [`${called}${name.slice(shape.name.length)} (${columns.slice(0, 6).join(', ')})`]
      : [],
  );
  return [`Columns of ${called}: ${shown}${more}`, ...(arrays.length > 0 ? [`Arrays: ${arrays.join(', ')}`] : [])].join(
    '. ',
  );
}

/** A table that a statement names. */
interface UsedTable {
  shape: TableShape;
  /** As the statement calls it: `it`, or its name. */
  called: string;
  /** What may stand before its columns, in lower case. */
  names: readonly string[];
}

/** Words that can follow a table and do not name it. */
const afterTable =
  /^(as|on|using|where|join|left|right|full|inner|cross|natural|group|order|having|limit|union|except|intersect|window)$/i;

function usedTables(
  shapes: readonly TableShape[],
  aliases: Readonly<Record<string, string>>,
  tokens: readonly SqlToken[],
): UsedTable[] {
  const byName = new Map(shapes.map((shape) => [shape.name.toLowerCase(), shape]));
  const isName = (token: SqlToken | undefined) => token?.kind === 'word' || token?.kind === 'name';
  return tokens.flatMap((token, at): UsedTable[] => {
    const called = token.text.toLowerCase();
    const shape = isName(token) ? byName.get(aliases[called] ?? called) : undefined;
    if (shape === undefined) return [];
    const rest = tokens.slice(at + 1, at + 3);
    const [next] = rest[0]?.text.toLowerCase() === 'as' ? rest.slice(1) : rest;
    const alias = isName(next) && !afterTable.test(next?.text ?? '') ? next?.text.toLowerCase() : undefined;
    return [{ shape, called: token.text, names: alias === undefined ? [called] : [called, alias] }];
  });
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
