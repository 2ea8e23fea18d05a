import { GatewayError } from '../core/errors.ts';
import { asArray, asObject, asText, defined, isRecord, type JsonObject } from '../core/json.ts';
import { type Definition, type Endpoint, type Method, methods, type Schema } from './endpoint.ts';
import { createNaming, type NamedOperation } from './name-endpoints.ts';
import { normalisePath, placeholderSpelling } from './path-template.ts';
import { type Operation, readOperation } from './read-operation.ts';
import { createSchemaReader, type SchemaReader } from './read-schemas.ts';
import { resolveReference } from './references.ts';

interface RawOperation extends NamedOperation {
  read: Operation;
}

/**
 * Reads an OpenAPI 3.0 document, ConnectWise's own `manage.json` or the one derived at build time, and puts right
 * what real ones do wrong (the rules stand at `path-template.ts`, `read-operation.ts` and `schema-names.ts`).
 * @throws GatewayError `definition_invalid`
 */
export function readDefinition(document: unknown): Definition {
  const { info, paths } = checkDocument(document);
  const root = asObject(document);
  const schemas = createSchemaReader(root);
  const operations = mergeOperations(readOperations(root, paths, schemas));
  if (operations.length === 0) {
    throw new GatewayError(
      'definition_invalid',
      'The definition has paths, but not one operation (get, post, put, patch, delete) below them.',
    );
  }
  const naming = createNaming(operations, schemas.schemas);
  return {
    title: asText(info.title) ?? 'ConnectWise',
    version: asText(info.version) ?? 'unknown',
    endpoints: operations.map((operation) => endpointOf(operation, naming)),
    schemas: [...schemas.schemas.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) satisfies Schema[],
  };
}

function checkDocument(document: unknown): { info: JsonObject; paths: JsonObject } {
  const refuse = (problem: string, hint?: string): never => {
    throw new GatewayError('definition_invalid', `This is no OpenAPI 3 definition: ${problem}.`, hint ? { hint } : {});
  };
  if (!isRecord(document)) return refuse('its top level is not an object');
  if (document.swagger !== undefined) {
    return refuse(
      `it is Swagger ${String(document.swagger)}`,
      'Convert it to OpenAPI 3.0, or download the newer manage.json.',
    );
  }
  if (typeof document.openapi !== 'string') return refuse('it has no "openapi" member');
  if (!document.openapi.startsWith('3.')) return refuse(`it is OpenAPI ${document.openapi}`);
  if (!isRecord(document.paths)) return refuse('it has no "paths"');
  if (Object.keys(document.paths).length === 0) return refuse('its "paths" are empty');
  return { info: asObject(document.info), paths: document.paths };
}

function readOperations(document: JsonObject, paths: JsonObject, schemas: SchemaReader): readonly RawOperation[] {
  const spell = placeholderSpelling(Object.keys(paths).map(normalisePath));
  return Object.entries(paths).flatMap(([written, node]) => {
    const item = resolveReference(document, node) ?? {};
    const path = spell(normalisePath(written));
    return methods.flatMap((method): RawOperation[] => {
      const operation = item[method.toLowerCase()];
      if (!isRecord(operation)) return [];
      const name = asText(operation.operationId)?.replace(/\W+/g, '') ?? nameOf(method, path);
      const read = readOperation({ document, schemas, path, operation, shared: asArray(item.parameters), name });
      return [{ method, path, read, body: read.body, response: read.response }];
    });
  });
}

function nameOf(method: Method, path: string): string {
  return (
    method.toLowerCase() +
    path.replace(/(?:^|\W+)(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, '')
  );
}

/** Paths that differ only in case are one: the first spelling stays, and of two with the same method the first. */
function mergeOperations(operations: readonly RawOperation[]): readonly RawOperation[] {
  const spellings = new Map<string, string>();
  const merged = new Map<string, RawOperation>();
  for (const operation of operations) {
    const literal = operation.path.toLowerCase();
    const path = spellings.get(literal) ?? operation.path;
    spellings.set(literal, path);
    const key = `${operation.method} ${path}`;
    if (!merged.has(key)) merged.set(key, { ...operation, path });
  }
  return [...merged.values()];
}

function endpointOf(
  { method, path, read }: RawOperation,
  naming: ReturnType<typeof createNaming>,
): Omit<Endpoint, 'id'> {
  const operation = { method, path, body: read.body, response: read.response };
  return defined<Omit<Endpoint, 'id'>>({
    method,
    path,
    module: path.split('/')[1] ?? '',
    category: read.tag ?? naming.categoryOf(operation),
    summary: spoken(read.summary) ?? naming.summaryOf(operation),
    description: read.description,
    parameters: read.parameters,
    body: read.body,
    status: read.status,
    response: read.response,
  });
}

/**
 * ConnectWise generates summaries from the method and a type's name (`Get List of ConnectWise.Apis.v3_0.…Ticket`,
 * `Post SuccessResponse`), which say less than the path does: those count as absent.
 */
function spoken(summary: string | undefined): string | undefined {
  return summary === undefined || /^(Get|Post|Put|Patch|Delete) (List of )?[A-Z][\w.]*$/.test(summary)
    ? undefined
    : summary;
}
