import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { GatewayError } from '../core/errors.ts';
import { asArray, defined, isRecord, readJson } from '../core/json.ts';
import { onceSync } from '../core/once.ts';
import { type Database, transaction } from '../core/storage.ts';
import {
  type Definition,
  type Endpoint,
  type EndpointDefinition,
  type EndpointSummary,
  type Member,
  memberTypes,
  methods,
  type Parameter,
  type Payload,
  type Schema,
} from './endpoint.ts';
import type { FindIntegers, MatchedEndpoint } from './path-template.ts';

// The catalog on disk: which file is used, how its tables are laid out, and how they are written and read.

export interface CatalogLocations {
  /** File named on the command line or in the settings: used whatever else there is. */
  flagFile?: string | undefined;
  dataFolder: string;
  /** The catalog that came with the program. */
  shippedFile: string;
}

export interface LocatedCatalog {
  file: string;
  /** Which rule chose the file. */
  source: 'flag' | 'data folder' | 'shipped';
}

export function catalogFolder(dataFolder: string): string {
  return join(dataFolder, 'catalog');
}

/** Says which build in the catalog folder is used: `{"file": "catalog-….db"}`. */
export function pointerFile(dataFolder: string): string {
  return join(catalogFolder(dataFolder), 'current.json');
}

/**
 * The first that exists of flag, data folder and shipped. A damaged one is an error, and not a reason to use the next:
 * an answer from another version would mislead.
 * @throws GatewayError `catalog_missing`, `catalog_damaged`
 */
export function locateCatalog({ flagFile, dataFolder, shippedFile }: CatalogLocations): LocatedCatalog {
  if (flagFile !== undefined) return existing({ file: flagFile, source: 'flag' });
  const own = readPointer(dataFolder);
  if (own !== undefined) return existing({ file: join(catalogFolder(dataFolder), own), source: 'data folder' });
  return existing({ file: shippedFile, source: 'shipped' });
}

function existing(located: LocatedCatalog): LocatedCatalog {
  if (existsSync(located.file)) {
    if (statSync(located.file).isFile()) return located;
    throw new GatewayError('catalog_damaged', `The catalog ${located.file} is not a file.`);
  }
  const origins: Record<LocatedCatalog['source'], string> = {
    flag: 'The catalog named on the command line or in the settings',
    'data folder': 'The catalog built into the data folder',
    shipped: 'The catalog that comes with the program',
  };
  throw new GatewayError('catalog_missing', `${origins[located.source]} does not exist: ${located.file}.`);
}

/**
 * Name of the file in the catalog folder that is used; undefined where nothing was built yet.
 * @throws GatewayError `catalog_damaged`
 */
export function readPointer(dataFolder: string): string | undefined {
  const pointer = pointerFile(dataFolder);
  if (!existsSync(pointer)) return undefined;
  try {
    const content: unknown = JSON.parse(readFileSync(pointer, 'utf8'));
    // A plain name only, so that the pointer never leads out of the folder.
    if (isRecord(content) && typeof content.file === 'string' && basename(content.file) === content.file)
      return content.file;
  } catch (cause) {
    throw damagedPointer(pointer, cause);
  }
  throw damagedPointer(pointer);
}

function damagedPointer(pointer: string, cause?: unknown): GatewayError {
  return new GatewayError('catalog_damaged', `${pointer} does not say which catalog to use.`, {
    hint: 'Build it again (cwm-api-gateway-mcp build-database FILE), or remove the file to use the catalog that comes with the program.',
    cause,
  });
}

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
  // The file is renamed into place once it is complete: a journal would only cost time.
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}`);
  transaction(database, () => {
    database.exec(tables);
    // Not a column: readers of this layout before it would refuse the file.
    const unlisted = JSON.stringify(definition.endpoints.flatMap((one, index) => (one.unlisted ? [index + 1] : [])));
    const meta = { title: definition.title, version: definition.version, builtAt, digest, unlisted };
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

function endpointRow(endpoint: EndpointDefinition, index: number): readonly Value[] {
  const { method, path, module, category, summary, description, status, body, response } = endpoint;
  const words = [index + 1, method, path, module, category, summary, description ?? null, status];
  return [...words, ...payloadColumns(body), ...payloadColumns(response)];
}

function payloadColumns(payload: Payload | undefined): readonly Value[] {
  if (payload === undefined) return [null, null, null, null];
  return [payload.schema ?? null, Number(payload.array), payload.type ?? null, payload.mediaType];
}

function parameterRows({ parameters }: EndpointDefinition, index: number): readonly (readonly Value[])[] {
  return parameters.map(({ name, location, required, type, format, enum: values, description }, position) => [
    index + 1,
    position,
    name,
    location,
    Number(required),
    type,
    format ?? null,
    values ? JSON.stringify(values) : null,
    description ?? null,
  ]);
}

function memberRows({ name: schema, members }: Schema): readonly (readonly Value[])[] {
  return members.map((member, position) => [
    schema,
    position,
    member.name,
    member.type,
    member.schema ?? null,
    member.itemType ?? null,
    member.format ?? null,
    member.maxLength ?? null,
    member.enum ? JSON.stringify(member.enum) : null,
    ...[member.required, member.requiredOnUpdate, member.nullable, member.readOnly].map((flag) => (flag ? 1 : null)),
    member.description ?? null,
  ]);
}

/** How much a catalog holds. */
export interface CatalogCounts {
  endpoints: number;
  parameters: number;
  schemas: number;
  modules: number;
  categories: number;
}

/** What a GET that answers an array lists. */
export interface ListedSchema {
  path: string;
  schema: string;
}

/** The queries that a catalog file answers. @throws GatewayError `catalog_damaged` for a row that does not fit */
export interface CatalogReader {
  meta(): ReadonlyMap<string, string>;
  counts(): CatalogCounts;
  summaries(): readonly EndpointSummary[];
  matchable(): readonly MatchedEndpoint[];
  findIntegers: FindIntegers;
  endpoint(id: number): Endpoint | undefined;
  schema(name: string): Schema | undefined;
  lists(): readonly ListedSchema[];
  searchIndex(key: string): Uint8Array | undefined;
  /** What SQLite finds wrong in the whole file, or undefined. */
  integrity(): string | undefined;
}

export function createCatalogReader(database: Database): CatalogReader {
  // Preparing a statement costs more than running it, and endpoints and schemas are read one by one.
  const statements = new Map<string, ReturnType<Database['prepare']>>();
  const all: Query = (sql, ...values) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement.all(...values);
  };
  const meta = () => new Map(all('SELECT key, value FROM meta').map((row) => [text(row, 'key'), text(row, 'value')]));
  const unlisted = onceSync(() => new Set(asArray(readJson(meta().get('unlisted') ?? '[]'))));
  const marked = <Known extends EndpointSummary>(endpoint: Known): Known =>
    unlisted().has(endpoint.id) ? { ...endpoint, unlisted: true } : endpoint;
  return {
    meta,
    counts: () => readCounts(all),
    summaries: () => {
      // Texts that rows have in common are kept once: a search looks through all endpoints.
      const share = createSharing();
      return all('SELECT id, method, path, module, category, summary FROM endpoints ORDER BY id').map((row) =>
        marked(summaryOf(row, share)),
      );
    },
    matchable: () => all('SELECT id, method, path FROM endpoints ORDER BY id').map(matchableOf),
    findIntegers: (ids) => readIntegers(all, ids),
    endpoint(id) {
      const [row] = all('SELECT * FROM endpoints WHERE id = ?', id);
      return (
        row && marked(endpointOf(row, all('SELECT * FROM parameters WHERE endpoint_id = ? ORDER BY position', id)))
      );
    },
    schema(name) {
      if (all('SELECT 1 FROM schemas WHERE name = ?', name).length === 0) return undefined;
      return {
        name,
        members: all('SELECT * FROM members WHERE schema_name = ? ORDER BY position', name).map(memberOf),
      };
    },
    lists() {
      const rows = all(
        `SELECT path, response_schema FROM endpoints
         WHERE method = 'GET' AND response_array = 1 AND response_schema IS NOT NULL ORDER BY id`,
      );
      return rows.map((row) => ({ path: text(row, 'path'), schema: text(row, 'response_schema') }));
    },
    searchIndex(key) {
      const value = all('SELECT value FROM search_index WHERE key = ?', key)[0]?.value;
      return value instanceof Uint8Array ? value : undefined;
    },
    integrity() {
      const [row] = all('PRAGMA integrity_check(1)');
      return row?.integrity_check === 'ok' ? undefined : String(row?.integrity_check ?? 'no answer');
    },
  };
}

type Row = Readonly<Record<string, unknown>>;
type Query = (sql: string, ...values: (string | number)[]) => Row[];

function readCounts(all: Query): CatalogCounts {
  const [row = {}] =
    all(`SELECT (SELECT count(*) FROM endpoints) AS endpoints, (SELECT count(*) FROM parameters) AS parameters,
    (SELECT count(*) FROM schemas) AS schemas, (SELECT count(DISTINCT module) FROM endpoints) AS modules,
    (SELECT count(DISTINCT category) FROM endpoints) AS categories`);
  return {
    endpoints: number(row, 'endpoints'),
    parameters: number(row, 'parameters'),
    schemas: number(row, 'schemas'),
    modules: number(row, 'modules'),
    categories: number(row, 'categories'),
  };
}

function createSharing(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
}

function readIntegers(all: Query, ids: readonly number[]): ReadonlyMap<number, ReadonlySet<string>> {
  const rows = all(
    `SELECT endpoint_id, name FROM parameters
     WHERE endpoint_id IN (SELECT value FROM json_each(?)) AND location = 'path' AND type = 'integer'`,
    JSON.stringify(ids),
  );
  const integers = new Map<number, Set<string>>();
  for (const row of rows) {
    const id = number(row, 'endpoint_id');
    integers.set(id, (integers.get(id) ?? new Set()).add(text(row, 'name')));
  }
  return integers;
}

function matchableOf(row: Row): MatchedEndpoint {
  return { id: number(row, 'id'), method: choice(row, 'method', methods), path: text(row, 'path') };
}

function summaryOf(row: Row, share = (text: string) => text): EndpointSummary {
  return {
    id: number(row, 'id'),
    method: choice(row, 'method', methods),
    path: text(row, 'path'),
    module: share(text(row, 'module')),
    category: share(text(row, 'category')),
    summary: text(row, 'summary'),
  };
}

function endpointOf(row: Row, parameters: readonly Row[]): Endpoint {
  return defined<Endpoint>({
    ...summaryOf(row),
    description: optionalText(row, 'description'),
    parameters: parameters.map(parameterOf),
    body: payloadOf(row, 'body'),
    status: number(row, 'status'),
    response: payloadOf(row, 'response'),
  });
}

function payloadOf(row: Row, kind: 'body' | 'response'): Payload | undefined {
  const mediaType = optionalText(row, `${kind}_media_type`);
  if (mediaType === undefined) return undefined;
  return defined<Payload>({
    schema: optionalText(row, `${kind}_schema`),
    array: row[`${kind}_array`] === 1,
    type: optionalChoice(row, `${kind}_type`, memberTypes),
    mediaType,
  });
}

function parameterOf(row: Row): Parameter {
  return defined<Parameter>({
    name: text(row, 'name'),
    location: choice(row, 'location', ['path', 'query'] as const),
    required: row.required === 1,
    type: choice(row, 'type', memberTypes),
    format: optionalText(row, 'format'),
    enum: optionalTexts(row, 'enum'),
    description: optionalText(row, 'description'),
  });
}

function memberOf(row: Row): Member {
  return defined<Member>({
    name: text(row, 'name'),
    type: choice(row, 'type', memberTypes),
    schema: optionalText(row, 'schema'),
    itemType: optionalChoice(row, 'item_type', memberTypes),
    format: optionalText(row, 'format'),
    maxLength: typeof row.max_length === 'number' ? row.max_length : undefined,
    enum: optionalTexts(row, 'enum'),
    required: flag(row, 'required'),
    requiredOnUpdate: flag(row, 'required_on_update'),
    nullable: flag(row, 'nullable'),
    readOnly: flag(row, 'read_only'),
    description: optionalText(row, 'description'),
  });
}

function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : misfit(column, value);
}

function number(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : misfit(column, value);
}

function choice<T extends string>(row: Row, column: string, choices: readonly T[]): T {
  return optionalChoice(row, column, choices) ?? misfit(column, row[column]);
}

function misfit(column: string, value: unknown): never {
  // Without the name of the file, which whoever opened it adds.
  throw new GatewayError('catalog_damaged', `the column ${column} holds ${JSON.stringify(value)}`);
}

function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
}

function optionalChoice<T extends string>(row: Row, column: string, choices: readonly T[]): T | undefined {
  return choices.find((known) => known === row[column]);
}

function optionalTexts(row: Row, column: string): readonly string[] | undefined {
  const value = row[column];
  return typeof value === 'string' ? asArray(JSON.parse(value)).map(String) : undefined;
}

function flag(row: Row, column: string): true | undefined {
  return row[column] === 1 ? true : undefined;
}
