import { defined } from '../core/json.ts';
import type { Database } from '../core/storage.ts';
import type { CatalogInfo } from './catalog.ts';
import type { Endpoint, EndpointSummary, Member, Parameter, Payload, Schema } from './endpoint.ts';
import type { MatchedEndpoint } from './path-matcher.ts';

type Row = Record<string, unknown>;

/** The queries that a catalog file answers; rows become the types of `endpoint.ts` here and nowhere else. */
export interface CatalogReader {
  meta(): ReadonlyMap<string, string>;
  counts(): CatalogInfo['counts'];
  summaries(): readonly EndpointSummary[];
  matchable(): readonly MatchedEndpoint[];
  endpoint(id: number): Endpoint | undefined;
  schema(name: string): Schema | undefined;
  searchIndex(key: string): Uint8Array | undefined;
  integrity(): string | undefined;
}

export function createCatalogReader(database: Database): CatalogReader {
  const all = (sql: string, ...values: (string | number)[]) => database.prepare(sql).all(...values) as Row[];
  return {
    meta: () => new Map(all('SELECT key, value FROM meta').map(({ key, value }) => [String(key), String(value)])),
    counts: () => readCounts(all),
    summaries: () =>
      all('SELECT id, method, path, module, category, summary FROM endpoints ORDER BY id').map(createSummaryReader()),
    matchable: () => readMatchable(all),
    endpoint(id) {
      const [row] = all('SELECT * FROM endpoints WHERE id = ?', id);
      return row && endpointOf(row, all('SELECT * FROM parameters WHERE endpoint_id = ? ORDER BY position', id));
    },
    schema(name) {
      if (all('SELECT 1 FROM schemas WHERE name = ?', name).length === 0) return undefined;
      return {
        name,
        members: all('SELECT * FROM members WHERE schema_name = ? ORDER BY position', name).map(memberOf),
      };
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

type Query = (sql: string, ...values: (string | number)[]) => Row[];

function readCounts(all: Query): CatalogInfo['counts'] {
  const [row = {}] =
    all(`SELECT (SELECT count(*) FROM endpoints) AS endpoints, (SELECT count(*) FROM parameters) AS parameters,
    (SELECT count(*) FROM schemas) AS schemas, (SELECT count(DISTINCT module) FROM endpoints) AS modules,
    (SELECT count(DISTINCT category) FROM endpoints) AS categories`);
  const count = (name: string) => Number(row[name] ?? 0);
  return {
    endpoints: count('endpoints'),
    parameters: count('parameters'),
    schemas: count('schemas'),
    modules: count('modules'),
    categories: count('categories'),
  };
}

/**
 * A row of SQLite is a dictionary with texts of its own. Looks through all endpoints, as every search makes them, take
 * a fraction of the time over plain objects that share the texts they have in common.
 */
function createSummaryReader(): (row: Row) => EndpointSummary {
  const texts = new Map<unknown, unknown>();
  const shared = <T>(text: T): T => {
    if (!texts.has(text)) texts.set(text, text);
    return texts.get(text) as T;
  };
  return (row) => {
    const { id, method, path, module, category, summary } = row as unknown as EndpointSummary;
    return { id, method: shared(method), path, module: shared(module), category: shared(category), summary };
  };
}

function readMatchable(all: Query): readonly MatchedEndpoint[] {
  const integers = new Map<number, Set<string>>();
  for (const { endpoint_id, name } of all(
    `SELECT endpoint_id, name FROM parameters WHERE location = 'path' AND type = 'integer'`,
  )) {
    const id = Number(endpoint_id);
    integers.set(id, (integers.get(id) ?? new Set()).add(String(name)));
  }
  const none: ReadonlySet<string> = new Set();
  return (
    all('SELECT id, method, path FROM endpoints ORDER BY id') as unknown as Omit<MatchedEndpoint, 'integers'>[]
  ).map((row) => ({
    ...row,
    integers: integers.get(row.id) ?? none,
  }));
}

function endpointOf(row: Row, parameters: readonly Row[]): Endpoint {
  const { id, method, path, module, category, summary, status } = row as unknown as Endpoint;
  return defined<Endpoint>({
    id,
    method,
    path,
    module,
    category,
    summary,
    description: text(row.description),
    parameters: parameters.map(parameterOf),
    body: payloadOf(row, 'body'),
    status,
    response: payloadOf(row, 'response'),
  });
}

function payloadOf(row: Row, kind: 'body' | 'response'): Payload | undefined {
  const mediaType = text(row[`${kind}_media_type`]);
  if (mediaType === undefined) return undefined;
  return defined<Payload>({
    schema: text(row[`${kind}_schema`]),
    array: row[`${kind}_array`] === 1,
    type: text(row[`${kind}_type`]) as Payload['type'],
    mediaType,
  });
}

function parameterOf(row: Row): Parameter {
  const { name, location, type } = row as unknown as Parameter;
  const { format, description } = row;
  return defined<Parameter>({
    name,
    location,
    required: row.required === 1,
    type,
    format: text(format),
    enum: list(row.enum),
    description: text(description),
  });
}

function memberOf(row: Row): Member {
  const { name, type } = row as unknown as Member;
  return defined<Member>({
    name,
    type,
    schema: text(row.schema),
    itemType: text(row.item_type) as Member['itemType'],
    format: text(row.format),
    maxLength: typeof row.max_length === 'number' ? row.max_length : undefined,
    enum: list(row.enum),
    required: flag(row.required),
    requiredOnUpdate: flag(row.required_on_update),
    nullable: flag(row.nullable),
    readOnly: flag(row.read_only),
    description: text(row.description),
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function flag(value: unknown): true | undefined {
  return value === 1 ? true : undefined;
}

function list(value: unknown): readonly string[] | undefined {
  return typeof value === 'string' ? (JSON.parse(value) as string[]) : undefined;
}
