import type { WriteRequest } from '../../changes/index.ts';
import { isWrite, type ParentId } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, isRecord, readArray, withoutHash } from '../../core/json.ts';
import { isPlaceholder, isReserved, parsePlaceholders } from '../../memory/index.ts';
import type { QueryResult } from '../../results/index.ts';
import type { ToolContext } from '../tools/tool.ts';
import { checkSize, fillAllButLast, type ListScope, parseParams, type Target } from './call.ts';

type Cell = QueryResult['rows'][number][number];

/** Ids in one call at most. */
const maxParents = 500;

const selects = /^\s*(select|with|values)\b/i;
const details = { field: 'for_each' } as const;

/** The rows that a call is repeated for: their columns fill placeholders of its data and params. */
export interface ForEachRows {
  columns: readonly string[];
  cells: readonly (readonly Cell[])[];
}

/**
 * What `for_each` means for a call: ids as given, in a text with commas or as a JSON array, or one SELECT over stored
 * tables. Its first column holds the ids, and all columns fill placeholders. A POST whose path has no place for ids is
 * made once for each row.
 * @throws GatewayError `invalid_argument` for no ids, too many, or what the path cannot hold; `invalid_sql`
 */
export async function readForEach(
  context: ToolContext,
  target: Target,
  given: string | readonly (string | number)[],
  signal: AbortSignal,
): Promise<Pick<ListScope, 'parents' | 'rows'>> {
  const read = await readRows(context, given, signal);
  if (makesOneForEach(target)) return { parents: checkCount(read.cells.map((_, at) => at + 1)), rows: read };
  // Rows of a SELECT without an id are left out.
  const rows = { ...read, cells: read.cells.filter(([id]) => typeof id === 'string' || typeof id === 'number') };
  const ids = rows.cells.map(([id]) => withoutHash(String(id)));
  const isId = takesNumbers(target) ? isNumber : isPathValue;
  const odd = ids.find((id) => !isId(id));
  if (odd !== undefined) {
    const shown = odd.length > 60 ? `${odd.slice(0, 60)}…` : odd;
    const message = `for_each holds ${JSON.stringify(shown)}, which is not an id of ${target.path}.`;
    throw new GatewayError('invalid_argument', message, {
      details,
      hint: 'Give ids as [1534, 1578], or one SELECT whose first column holds them.',
    });
  }
  const typed = ids.map((id) => (/^\d{1,15}$/.test(id) ? Number(id) : id));
  const parents = checkCount([...new Set(typed)]);
  // Of plain ids nothing but the path is filled: braces in a text are text.
  if (!isQuery(given)) return { parents };
  const cells = rows.cells.map((row, at) => [typed[at] ?? null, ...row.slice(1)]);
  return { parents, rows: { columns: rows.columns, cells } };
}

/** A new record for each row: the path itself holds no id. */
function makesOneForEach({ method, path }: Pick<Target, 'method' | 'path'>): boolean {
  return method === 'POST' && !path.includes('{') && isWrite(method, path);
}

const isQuery = (given: string | readonly (string | number)[]): given is string =>
  typeof given === 'string' && readArray(given) === undefined && selects.test(given);

function checkCount<Id extends ParentId>(ids: readonly Id[]): readonly Id[] {
  if (ids.length > 0 && ids.length <= maxParents) return ids;
  const count = ids.length === 0 ? 'no ids' : `more than ${maxParents} ids`;
  throw new GatewayError('invalid_argument', `for_each gives ${count}; 1 to ${maxParents} are allowed.`, {
    details,
    hint: 'Give ids, or one SELECT whose first column holds them, with a narrower WHERE.',
  });
}

/** Whether the placeholder that ids fill takes numbers alone. */
function takesNumbers({ path, endpoint }: Target): boolean {
  // The path may have another name in this place than its template.
  const at = path.split('/').findLastIndex((segment) => segment.includes('{'));
  const name = endpoint?.path.split('/')[at]?.slice(1, -1);
  const parameter = endpoint?.parameters.find((one) => one.location === 'path' && one.name === name);
  return parameter?.type === 'integer';
}

const isNumber = (id: string) => /^-?\d{1,15}$/.test(id);

/** Text that can be a segment of a path: brackets and quotes are of a list that could not be read. */
const isPathValue = (id: string) => id !== '' && id.isWellFormed() && !/[[\]{}()"'`#/\\]/.test(id);

/** The rows; of plain ids one column called id. */
async function readRows(
  context: ToolContext,
  given: string | readonly (string | number)[],
  signal: AbortSignal,
): Promise<ForEachRows> {
  if (!isQuery(given)) return { columns: ['id'], cells: readIds(given).map((id) => [id]) };
  const store = await context.results();
  const { columns, rows } = await store.query(given, { maxRows: maxParents + 1, signal });
  return { columns, cells: rows };
}

function readIds(given: string | readonly (string | number)[]): readonly (string | number)[] {
  if (typeof given !== 'string') return given;
  const array = readArray(given);
  if (array) return array.map((id) => (typeof id === 'string' || typeof id === 'number' ? id : JSON.stringify(id)));
  return given.split(/[,;\n]/).flatMap((id) => id.trim() || []);
}

// The write of each row.

interface Written {
  target: Target;
  params: Readonly<Record<string, unknown>>;
  data: unknown;
}

/**
 * A write for each row of `for_each`, with the row's values in place of `{column}`: a placeholder that is the whole text
 * becomes the value with its type, NULL becomes null, and within a text the value is written into it.
 * @throws GatewayError `invalid_argument` for a placeholder that no column fills, for two different rows with one id,
 * and for a POST whose records would all be the same
 */
export function writeForRows(
  { target, params, data }: Written,
  { parents = [], rows }: Pick<ListScope, 'parents' | 'rows'>,
): Pick<WriteRequest, 'path' | 'query' | 'body' | 'forEach' | 'bodies' | 'queries'> {
  const isNew = makesOneForEach(target);
  const given = { ...target.query, ...parseParams(params) };
  const { path, query } = isNew ? { path: target.path, query: given } : fillAllButLast(target.path, given);
  const common = defined<Pick<WriteRequest, 'path' | 'query' | 'body' | 'forEach'>>({
    path,
    query,
    body: data,
    forEach: parents,
  });
  if (rows === undefined) return common;
  for (const name of Object.keys(given).filter((one) => !Object.hasOwn(query, one)))
    refuseInPath(name, given[name], rows.columns);
  const inData = namesIn(data, 'data', rows.columns);
  const inQuery = namesIn(query, 'params', rows.columns);
  if (isNew && inData.size === 0) throw sameForAll(target, rows.columns);
  if (inData.size + inQuery.size === 0) return common;
  const bodies: Record<string, unknown> = {};
  const queries: Record<string, Record<string, string>> = {};
  const seen = new Map<string, string>();
  rows.cells.forEach((cells, at) => {
    const id = String(isNew ? at + 1 : cells[0]);
    const body = inData.size === 0 ? data : fill(data, rows.columns, cells);
    const own = parseParams(fill(query, rows.columns, cells) as Record<string, unknown>);
    const filled = JSON.stringify([body, own]);
    if ((seen.get(id) ?? filled) !== filled) throw sameId(id);
    seen.set(id, filled);
    if (inData.size > 0) bodies[id] = body;
    if (inQuery.size > 0) queries[id] = own;
  });
  checkSize({ data: bodies });
  const filled = { ...(inData.size > 0 && { bodies }), ...(inQuery.size > 0 && { queries }) };
  return { ...common, ...filled };
}

const placeholdersOf = (text: string) => parsePlaceholders(text, { field: 'data', lenient: true });

const columnOf = (name: string, columns: readonly string[]): number[] =>
  columns.flatMap((column, at) => (column.toLowerCase() === name.toLowerCase() ? [at] : []));

/** The columns that the texts of a value name. Words such as `{me}` are filled later, where no column has their name. */
function namesIn(value: unknown, field: 'data' | 'params', columns: readonly string[]): Set<number> {
  const named = new Set<number>();
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(walk);
    else if (isRecord(part)) Object.values(part).forEach(walk);
    else if (typeof part === 'string') {
      for (const { name } of placeholdersOf(part).filter(isPlaceholder)) {
        const [at, ...others] = columnOf(name, columns);
        if (at === undefined && isReserved(name)) continue;
        if (at === undefined || others.length > 0) throw noColumn(name, field, columns, at !== undefined);
        named.add(at);
      }
    }
  };
  walk(value);
  return named;
}

function noColumn(name: string, field: string, columns: readonly string[], isTwice: boolean): GatewayError {
  const shown = columns.slice(0, 20).join(', ');
  const what = isTwice ? 'has more than once' : 'does not have';
  return new GatewayError(
    'invalid_argument',
    `${field} names {${name}}, a column that for_each ${what}; its columns are ${shown}.`,
    {
      details: { field, candidates: columns.slice(0, 20) },
      hint: `Name the column in the SELECT, as in "SELECT id, summary AS ${name} FROM …"; write {{ for a brace that is text.`,
    },
  );
}

function refuseInPath(name: string, value: string | undefined, columns: readonly string[]): void {
  if (namesIn(value, 'params', columns).size === 0) return;
  throw new GatewayError('invalid_argument', `params/${name} is part of the path and must be the same for all rows.`, {
    details: { field: `params/${name}` },
    hint: 'Only the last {…} of the path differs, by the first column: make one call for each other value.',
  });
}

function sameForAll({ path }: Target, columns: readonly string[]): GatewayError {
  const message = `The path ${path} has no placeholder for the ids of for_each, and data uses none of its columns (${columns.slice(0, 20).join(', ')}).`;
  return new GatewayError('invalid_argument', message, {
    details,
    hint: `Write {id} in the path, as in /finance/agreements/{id}/additions, or a column in data, as in {"objectId": "{${columns[0] ?? 'id'}}"}.`,
  });
}

function sameId(id: string): GatewayError {
  return new GatewayError('invalid_argument', `for_each has the id ${id} twice, with different values.`, {
    details,
    hint: 'Give each id once: with GROUP BY, or in a call of its own.',
  });
}

function fill(value: unknown, columns: readonly string[], cells: readonly Cell[]): unknown {
  if (Array.isArray(value)) return value.map((one) => fill(one, columns, cells));
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one, columns, cells)]));
  }
  if (typeof value !== 'string') return value;
  const cellOf = (name: string) => {
    const [at] = columnOf(name, columns);
    return at === undefined ? undefined : (cells[at] ?? null);
  };
  const parts = placeholdersOf(value.trim());
  const [only] = parts;
  const whole = parts.length === 1 && isPlaceholder(only) ? cellOf(only.name) : undefined;
  if (whole !== undefined) return whole;
  return placeholdersOf(value)
    .map((part) => {
      if (!isPlaceholder(part)) return part;
      const cell = cellOf(part.name);
      return cell === undefined ? part.source : String(cell ?? '');
    })
    .join('');
}
