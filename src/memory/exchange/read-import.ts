import * as z from 'zod';
import { methods } from '../../catalog/index.ts';
import { parsePath } from '../../connectwise/parse-path.ts';
import { GatewayError } from '../../core/errors.ts';
import { isTooDeep, maxLevels, readJson } from '../../core/json.ts';
import { parseDescription } from '../description.ts';
import { plainPath } from '../holes/fill-query.ts';
import type { ImportedQuery } from '../memory.ts';
import { parseName } from '../query-name.ts';
import { exchangeFormat, exchangeVersion } from './export-queries.ts';

/** More is no collection that anybody looked through. */
export const maxEntries = 2_000;
const maxEntryBytes = 200_000;

export interface ReadImport {
  queries: ImportedQuery[];
  /** Entries that were left out, by their place in the file from 1 on. */
  refused: { entry: number; reason: string }[];
}

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

const fileSchema = z.looseObject({
  format: z.literal(exchangeFormat),
  version: z.int(),
  queries: z.array(z.unknown()),
});

/**
 * Reads a file that `exportQueries` wrote, here or elsewhere. Each entry is checked by itself.
 * @throws GatewayError `invalid_argument` for a file of another kind, a newer version, or with too many entries
 */
export function readImport(text: string): ReadImport {
  const parsed = fileSchema.safeParse(readJson(text));
  if (!parsed.success) {
    throw new GatewayError('invalid_argument', 'The file is no export of Fast Memory.', {
      details: { field: 'FILE' },
      hint: `Give a file that \`memory export\` wrote ({"format": "${exchangeFormat}", …}), or the predecessor's fast_memory_api.db.`,
    });
  }
  const { version, queries } = parsed.data;
  if (version > exchangeVersion) {
    throw new GatewayError(
      'invalid_argument',
      `The file has version ${version}; this program reads ${exchangeVersion}.`,
      {
        hint: 'Update this program, or have the file exported by an older one.',
      },
    );
  }
  return readEntries(queries);
}

/** @throws GatewayError `invalid_argument` for too many entries */
export function readEntries(entries: readonly unknown[]): ReadImport {
  if (entries.length > maxEntries) {
    throw new GatewayError(
      'invalid_argument',
      `The file holds ${entries.length} entries; at most ${maxEntries} are taken at once.`,
      { details: { field: 'FILE' }, hint: 'Hand on what is worth sharing.' },
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
  if (isTooDeep(entry)) throw wrong(`is nested deeper than ${maxLevels} levels`);
  const bytes = Buffer.byteLength(JSON.stringify(entry) ?? '');
  if (bytes > maxEntryBytes) throw wrong(`has ${bytes} bytes; at most ${maxEntryBytes} are allowed`);
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`${issue?.path.join('/') || 'the entry'}: ${issue?.message ?? 'is wrong'}`);
  }
  const { params, name, description, path, ...rest } = parsed.data;
  // A path that names a host would have to name this one; nobody else's is taken.
  const { query } = parsePath(plainPath(path), { host: '' });
  if (Object.keys(query).length > 0) throw wrong('path has a query string, which belongs into params');
  const texts = Object.entries(params ?? {}).map(([member, value]) => [member, String(value)]);
  return {
    ...withoutUndefined(rest),
    ...(name === undefined ? {} : { name: parseName(name) }),
    description: parseDescription(description),
    method: rest.method,
    path: path.startsWith('/') ? path : `/${path}`,
    ...(params === undefined ? {} : { params: Object.fromEntries(texts) }),
  };
}

type Rest = Pick<z.infer<typeof entrySchema>, 'data' | 'sql' | 'usageCount' | 'timestamp'>;

function withoutUndefined({ data, sql, usageCount, timestamp }: Rest) {
  return {
    ...(data === undefined ? {} : { data }),
    ...(sql === undefined ? {} : { sql }),
    ...(usageCount === undefined ? {} : { usageCount }),
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

const wrong = (reason: string) => new GatewayError('invalid_argument', reason);
