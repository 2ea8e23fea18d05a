import { GatewayError } from '../../core/errors.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { SqlToken } from './check-sql.ts';
import type { TableShape } from './stored-table.ts';
import { tradeFunctionNames } from './trade-functions.ts';

export interface SqlSurroundings {
  shapes: readonly TableShape[];
  /** Tables that were there once, and why they are gone. */
  gone: ReadonlyMap<string, string>;
  tokens: readonly SqlToken[];
}

const maxColumnsShown = 40;

/** What other dialects call what SQLite has, or what this store adds. */
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

/** Turns SQLite's message into one that names what is there instead. */
export function explainSqlError(error: GatewayError, around: SqlSurroundings): GatewayError {
  const { sqlite } = error.details;
  if (typeof sqlite !== 'string') return error;
  const [, kind, name = ''] = /^no such (table|column|function): (.+)$/s.exec(sqlite) ?? [];
  if (kind === 'table') return unknownTable(name, around);
  // SQLite adds its own guess behind a dash.
  if (kind === 'column') return unknownColumn(name.replace(/^"(.+)" - .*$/s, '$1'), around);
  if (kind === 'function') return unknownFunction(name);
  const [, near] = /^near "(.+)": syntax error$/s.exec(sqlite) ?? [];
  if (near !== undefined) {
    return refuse(`The SQL cannot be read near ${JSON.stringify(near)}.`, {
      hint: 'The dialect is SQLite: texts in \'single quotes\', LIMIT at the end; a column named like a keyword stands in "double quotes".',
    });
  }
  const ambiguous = /^ambiguous column name: (.+)$/s.exec(sqlite)?.[1];
  if (ambiguous !== undefined)
    return refuse(`Several tables have a column ${ambiguous}.`, { hint: 'Write it with its table, such as a.id.' });
  if (/not authorized|authorization denied|prohibited|readonly database/.test(sqlite))
    return refuse('The SQL reaches beyond the stored tables, which is not allowed.', {});
  return refuse(error.message, {});
}

function unknownTable(name: string, { shapes, gone }: SqlSurroundings): GatewayError {
  const bare = name.replace(/^main\./i, '');
  const why = gone.get(bare.toLowerCase());
  if (why !== undefined) {
    return refuse(`${bare} is no longer stored: ${why}.`, { hint: 'Read the list again with execute_api_call.' });
  }
  const names = shapes.map((shape) => shape.name);
  const near = nearestNames(bare, names, 5);
  const candidates = near.length > 0 ? near : names.slice(-5);
  return refuse(`There is no table ${bare}.${near[0] ? ` Did you mean ${near[0]}?` : ''}`, {
    candidates,
    hint:
      names.length === 0
        ? 'No answer is stored yet: read a list with execute_api_call first.'
        : 'Tables are named in the replies that stored them; read the list again if it is none of these.',
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
  const text = quoted && near.length === 0 ? ` A text stands in single quotes: '${wanted}'.` : '';
  const shown = home?.columns.slice(0, maxColumnsShown).join(', ') ?? '';
  const more = (home?.columns.length ?? 0) > maxColumnsShown ? ', …' : '';
  return refuse(`There is no column ${name}.${near[0] ? ` Did you mean ${near[0]}?` : ''}${text}`, {
    candidates: near,
    hint:
      home === undefined
        ? 'No answer is stored yet.'
        : `Call again with the right one. Columns of ${home.name}: ${shown}${more}`,
  });
}

/** The tables that the statement names; `it` stands for one of them and says so elsewhere. */
function usedShapes(shapes: readonly TableShape[], tokens: readonly SqlToken[]): TableShape[] {
  const words = new Set(
    tokens.flatMap(({ kind, text }) => (kind === 'word' || kind === 'name' ? text.toLowerCase() : [])),
  );
  return shapes.filter(({ name }) => words.has(name.toLowerCase()));
}

function unknownFunction(name: string): GatewayError {
  const instead = equivalents[name.toLowerCase()];
  const near = nearestNames(name, [...tradeFunctionNames, 'count', 'sum', 'avg', 'round', 'coalesce', 'strftime'], 3);
  return refuse(
    `There is no function ${name}.${instead ? ` Use ${instead}.` : near[0] ? ` Did you mean ${near[0]}?` : ''}`,
    {
      candidates: near,
      hint: `The dialect is SQLite, with ${tradeFunctionNames.join(', ')} added.`,
    },
  );
}

function refuse(
  message: string,
  { hint, candidates }: { hint?: string; candidates?: readonly string[] },
): GatewayError {
  return new GatewayError('invalid_sql', message, {
    ...(hint === undefined ? {} : { hint }),
    details: { field: 'sql', ...(candidates?.length ? { candidates } : {}) },
  });
}
