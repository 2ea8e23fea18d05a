import { GatewayError } from '../../core/errors.ts';
import { isTooDeep } from '../../core/json.ts';
import { openDatabase, withStorageErrors } from '../../core/storage.ts';
import { escapeBraces } from '../placeholders/parse.ts';
import { maxEntries, type ReadImport, readEntries } from './read-import.ts';

const magic = Buffer.from('SQLite format 3\0');

export const isDatabase = (content: Uint8Array): boolean => magic.equals(content.subarray(0, magic.length));

/**
 * Reads the `fast_memory_api.db` of the predecessor, which has one table and no placeholders; nothing in it is changed.
 * @throws GatewayError `invalid_argument` for another database, `storage_failed` for a damaged one
 */
export async function readPredecessor(file: string): Promise<ReadImport> {
  const database = await openDatabase(file, { readOnly: true });
  try {
    const rows = withStorageErrors(file, () => {
      const columns = database.prepare("SELECT name FROM pragma_table_info('saved_queries')").all();
      const names = new Set(columns.map(({ name }) => String(name)));
      if (!['description', 'path', 'method', 'params', 'data'].every((name) => names.has(name))) {
        throw new GatewayError('invalid_argument', `${file} is a database, but no Fast Memory of the predecessor.`, {
          details: { field: 'FILE' },
        });
      }
      return database.prepare(`SELECT * FROM saved_queries ORDER BY id LIMIT ${maxEntries + 1}`).all();
    });
    return readEntries(rows.map(toEntry));
  } finally {
    database.close();
  }
}

function toEntry(row: Record<string, unknown>): unknown {
  const params = parse(row.params);
  const data = parse(row.data);
  return {
    description: row.description,
    path: row.path,
    method: row.method,
    ...(params === undefined ? {} : { params: escaped(params) }),
    ...(data === undefined ? {} : { data: escaped(data) }),
    usageCount: Number(row.usage_count ?? 0),
    timestamp: Math.floor(Number(row.timestamp ?? 0)),
  };
}

/** JSON of a column; a text that is none stays one, and the entry is refused for it. */
function parse(text: unknown): unknown {
  if (typeof text !== 'string' || text.trim() === '' || text === 'null') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isTooDeep(value)) return text;
    return value !== null && typeof value === 'object' && Object.keys(value).length === 0 ? undefined : value;
  } catch {
    return text;
  }
}

/** There a brace was a brace. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapeBraces(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, escaped(member)]));
}
