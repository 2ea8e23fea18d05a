import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { methods } from '../catalog/index.ts';
import { parsePath } from '../connectwise/index.ts';
import { GatewayError, type GatewayErrorOptions } from '../core/errors.ts';
import { defined, isRecord, isTooDeep, maxLevels, readJson } from '../core/json.ts';
import { type Database, openDatabase, withStorageErrors } from '../core/storage.ts';
import type { ImportedQuery } from './memory.ts';
import { escapeBraces, plainPath } from './placeholders/parse.ts';
import { type NewSavedQuery, parseDescription, parseName, type SavedQuery } from './saved-query.ts';

const format = 'cwm-fast-memory';
const version = 1;

/** Saved queries as a file for others: what they ask, without ids, uses and tenant. */
export function exportQueries(queries: readonly SavedQuery[]): string {
  const entries = queries.map(({ name, description, method, path, params, data, sql }) =>
    defined<NewSavedQuery>({ name, description, method, path, params, data, sql }),
  );
  return `${JSON.stringify({ format, version, queries: entries }, null, 2)}\n`;
}

export interface ReadImport {
  queries: ImportedQuery[];
  /** Entries that were left out, by their place in the file from 1 on. */
  refused: { entry: number; reason: string }[];
}

const maxFileBytes = 20_000_000;
/** An import is for queries that a person chose; more than that is a copy of a whole memory. */
const maxEntries = 2_000;
const maxEntryBytes = 200_000;

/**
 * Reads a file that `exportQueries` wrote, here or elsewhere, or the `fast_memory_api.db` of the predecessor.
 * @throws GatewayError `invalid_argument` for a file that cannot be read, is too large or of another kind,
 * `storage_failed` for a damaged database
 */
export async function readImportFile(file: string): Promise<ReadImport> {
  const content = await readBytes(file);
  if (content.length > maxFileBytes)
    throw wrongFile(`The file ${file} has ${content.length} bytes; at most ${maxFileBytes} are read.`);
  return content.subarray(0, magic.length).equals(magic) ? readPredecessor(file) : readImport(content.toString('utf8'));
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('invalid_argument', `The file ${file} cannot be read: ${reason}.`, {
      cause,
      details: { field: 'FILE' },
    });
  }
}

const wrongFile = (message: string, hint?: string) =>
  new GatewayError('invalid_argument', message, defined<GatewayErrorOptions>({ details: { field: 'FILE' }, hint }));

// Exported files.

const fileSchema = z.looseObject({
  format: z.literal(format),
  version: z.int(),
  queries: z.array(z.unknown()),
});

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);

const entrySchema = z.strictObject({
  name: z.string().optional(),
  description: z.string(),
  method: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(methods))
    .default('GET'),
  path: z.string().min(1).max(20_000),
  params: z.record(z.string().min(1).max(200), scalarSchema).optional(),
  data: z.union([z.looseObject({}), z.array(z.looseObject({}))]).optional(),
  sql: z.string().min(1).max(20_000).optional(),
  usageCount: z.int().min(0).optional(),
  timestamp: z.int().min(0).optional(),
});

/**
 * Reads the text of an exported file. Each entry is checked by itself.
 * @throws GatewayError `invalid_argument` for a file of another kind, a newer version, or with too many entries
 */
export function readImport(text: string): ReadImport {
  const parsed = fileSchema.safeParse(readJson(text));
  if (!parsed.success) {
    throw wrongFile(
      'The file is not an export of Fast Memory.',
      `Give a file that \`memory export\` wrote ({"format": "${format}", …}), or the predecessor's fast_memory_api.db.`,
    );
  }
  const { version: found, queries } = parsed.data;
  if (found > version) {
    throw wrongFile(
      `The file has version ${found}; this program reads ${version}.`,
      'Update this program, or have the file exported by an older one.',
    );
  }
  return readEntries(queries);
}

function readEntries(entries: readonly unknown[]): ReadImport {
  if (entries.length > maxEntries) {
    throw wrongFile(
      `The file holds ${entries.length} entries; at most ${maxEntries} are imported at once.`,
      'Export only the queries that are worth sharing.',
    );
  }
  const read: ReadImport = { queries: [], refused: [] };
  for (const [at, entry] of entries.entries()) {
    try {
      read.queries.push(readEntry(entry));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      read.refused.push({ entry: at + 1, reason: error.message });
    }
  }
  return read;
}

function readEntry(entry: unknown): ImportedQuery {
  if (isTooDeep(entry)) throw wrongEntry(`is nested deeper than ${maxLevels} levels`);
  const bytes = Buffer.byteLength(JSON.stringify(entry) ?? '');
  if (bytes > maxEntryBytes) throw wrongEntry(`has ${bytes} bytes; at most ${maxEntryBytes} are allowed`);
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrongEntry(`${issue?.path.join('/') || 'the entry'}: ${issue?.message ?? 'is wrong'}`);
  }
  const { name, description, method, path, params, data, sql, usageCount, timestamp } = parsed.data;
  // No site is named host "", so that a path with a host is refused.
  const { query } = parsePath(plainPath(path), { host: '' });
  if (Object.keys(query).length > 0) throw wrongEntry('path has a query string, which belongs in params');
  const texts = Object.entries(params ?? {}).map(([member, value]) => [member, String(value)]);
  return defined<ImportedQuery>({
    name: name === undefined ? undefined : parseName(name),
    description: parseDescription(description),
    method,
    path: path.startsWith('/') ? path : `/${path}`,
    params: params === undefined ? undefined : Object.fromEntries(texts),
    data,
    sql,
    usageCount,
    timestamp,
  });
}

const wrongEntry = (reason: string) => new GatewayError('invalid_argument', reason);

// The predecessor's database.

const magic = Buffer.from('SQLite format 3\0');

/**
 * Reads the `fast_memory_api.db` of the predecessor, which has one table and no placeholders, without changing it.
 * @throws GatewayError `invalid_argument` for another database, `storage_failed` for a damaged one
 */
export async function readPredecessor(file: string): Promise<ReadImport> {
  const database = await openDatabase(file, { readOnly: true });
  try {
    return readEntries(withStorageErrors(file, () => readRows(database, file)).map(toEntry));
  } finally {
    database.close();
  }
}

const neededColumns = ['id', 'description', 'path', 'method', 'params', 'data'];
const readColumns = [...neededColumns, 'timestamp', 'usage_count'];

/**
 * Only stored values of a real table are read: a view, a virtual table or a generated column is computed while it is
 * read, without an end if its author wants it.
 */
function readRows(database: Database, file: string): Record<string, unknown>[] {
  database.exec('PRAGMA trusted_schema = OFF');
  const found = database.prepare("SELECT type, sql FROM sqlite_schema WHERE name = 'saved_queries'").all();
  const isTable = found.length === 1 && found[0]?.type === 'table' && /^CREATE TABLE\b/i.test(String(found[0].sql));
  // Without generated columns.
  const columns = isTable ? database.prepare("SELECT name FROM pragma_table_info('saved_queries')").all() : [];
  const names = columns.map(({ name }) => String(name));
  if (!neededColumns.every((name) => names.includes(name)))
    throw wrongFile(`${file} is a database, but not the predecessor's Fast Memory.`);
  const selected = readColumns.filter((name) => names.includes(name)).join(', ');
  const rows: Record<string, unknown>[] = [];
  let characters = 0;
  // Rows of a crafted file can share their bytes, so that they hold more than the file does.
  for (const row of database.prepare(`SELECT ${selected} FROM saved_queries LIMIT ${maxEntries + 1}`).iterate()) {
    rows.push(row);
    for (const value of Object.values(row)) characters += typeof value === 'string' ? value.length : 8;
    if (characters > maxFileBytes) throw wrongFile(`${file} holds more than ${maxFileBytes} bytes of saved queries.`);
  }
  return rows.sort((one, other) => Number(one.id) - Number(other.id));
}

function toEntry(row: Record<string, unknown>): unknown {
  return defined({
    description: row.description,
    path: row.path,
    method: row.method,
    params: escaped(readColumn(row.params)),
    data: escaped(readColumn(row.data)),
    usageCount: Number(row.usage_count ?? 0),
    timestamp: Math.floor(Number(row.timestamp ?? 0)),
  });
}

/** JSON of a column. A text that is not JSON stays a text, for which the entry is refused. */
function readColumn(text: unknown): unknown {
  if (typeof text !== 'string' || text.trim() === '' || text === 'null') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isTooDeep(value)) return text;
    return value !== null && typeof value === 'object' && Object.keys(value).length === 0 ? undefined : value;
  } catch {
    return text;
  }
}

/** The predecessor had no placeholders, so that each of its braces stands for itself. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapeBraces(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, escaped(member)]));
}
