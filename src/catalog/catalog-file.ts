import { type Database, transaction } from '../core/storage.ts';
import type { Definition, Endpoint, Payload, Schema } from './endpoint.ts';

/** Marks an SQLite file as a catalog (`PRAGMA application_id`): "CWMC". */
export const applicationId = 0x43574d43;
/** Layout of the tables (`PRAGMA user_version`); a reader refuses every other. */
export const formatVersion = 1;

const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE endpoints (
    id INTEGER PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, module TEXT NOT NULL, category TEXT NOT NULL,
    summary TEXT NOT NULL, description TEXT, status INTEGER NOT NULL,
    body_schema TEXT, body_array INTEGER, body_type TEXT, body_media_type TEXT,
    response_schema TEXT, response_array INTEGER, response_type TEXT, response_media_type TEXT,
    UNIQUE (method, path)
  );
  CREATE TABLE parameters (
    endpoint_id INTEGER NOT NULL REFERENCES endpoints, position INTEGER NOT NULL, name TEXT NOT NULL,
    location TEXT NOT NULL, required INTEGER NOT NULL, type TEXT NOT NULL, format TEXT, enum TEXT, description TEXT,
    PRIMARY KEY (endpoint_id, position)
  ) WITHOUT ROWID;
  CREATE TABLE schemas (name TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE members (
    schema_name TEXT NOT NULL REFERENCES schemas, position INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
    schema TEXT, item_type TEXT, format TEXT, max_length INTEGER, enum TEXT, required INTEGER, required_on_update INTEGER,
    nullable INTEGER, read_only INTEGER, description TEXT,
    PRIMARY KEY (schema_name, position)
  ) WITHOUT ROWID;
  CREATE TABLE search_index (key TEXT PRIMARY KEY, value BLOB NOT NULL);
`;

export interface CatalogContent {
  definition: Definition;
  builtAt: string;
  /** SHA-256 of the definition, hexadecimal. */
  digest: string;
  searchIndex: ReadonlyMap<string, Uint8Array>;
}

/** Fills an empty database. Endpoints are numbered from 1, in the order of the definition. */
export function writeCatalog(database: Database, { definition, builtAt, digest, searchIndex }: CatalogContent): void {
  // The file is made beside its place and renamed when whole: a journal would only cost time.
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}`);
  transaction(database, () => {
    database.exec(tables);
    const meta = { title: definition.title, version: definition.version, builtAt, digest };
    insert(database, 'meta', 2, Object.entries(meta));
    insert(database, 'endpoints', 16, definition.endpoints.map(endpointRow));
    insert(database, 'parameters', 9, definition.endpoints.flatMap(parameterRows));
    insert(
      database,
      'schemas',
      1,
      definition.schemas.map(({ name }) => [name]),
    );
    insert(database, 'members', 14, definition.schemas.flatMap(memberRows));
    insert(database, 'search_index', 2, [...searchIndex]);
  });
}

type Value = string | number | Uint8Array | null;

function insert(database: Database, table: string, columns: number, rows: readonly (readonly Value[])[]): void {
  const statement = database.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join(', ')})`);
  for (const row of rows) statement.run(...row);
}

function endpointRow(endpoint: Omit<Endpoint, 'id'>, index: number): readonly Value[] {
  const { method, path, module, category, summary, description, status, body, response } = endpoint;
  const words = [index + 1, method, path, module, category, summary, description ?? null, status];
  return [...words, ...payloadColumns(body), ...payloadColumns(response)];
}

function payloadColumns(payload: Payload | undefined): readonly Value[] {
  if (payload === undefined) return [null, null, null, null];
  return [payload.schema ?? null, Number(payload.array), payload.type ?? null, payload.mediaType];
}

function parameterRows({ parameters }: Omit<Endpoint, 'id'>, index: number): readonly (readonly Value[])[] {
  return parameters.map(({ name, location, required, type, format, enum: values, description }, position) => [
    ...[index + 1, position, name, location, Number(required), type, format ?? null],
    ...[values ? JSON.stringify(values) : null, description ?? null],
  ]);
}

function memberRows({ name: schema, members }: Schema): readonly (readonly Value[])[] {
  return members.map((member, position) => [
    ...[schema, position, member.name, member.type, member.schema ?? null, member.itemType ?? null],
    ...[member.format ?? null, member.maxLength ?? null, member.enum ? JSON.stringify(member.enum) : null],
    ...[member.required, member.requiredOnUpdate, member.nullable, member.readOnly].map((flag) => (flag ? 1 : null)),
    member.description ?? null,
  ]);
}
