import { GatewayError } from '../core/errors.ts';
import { asArray, asObject, asText, defined, isRecord, type JsonObject } from '../core/json.ts';
import {
  type Definition,
  type EndpointDefinition,
  type MemberType,
  type Method,
  methods,
  type Parameter,
  type Payload,
} from './endpoint.ts';
import { createNaming, type Naming } from './name-endpoints.ts';
import { normalisePath, placeholdersOf } from './path-template.ts';
import { createSchemaReader, resolveReference, type SchemaReader } from './read-schemas.ts';
import type { NamedOperation } from './resources.ts';

interface RawOperation extends NamedOperation {
  read: Operation;
}

/**
 * Reads an OpenAPI 3.0 document, ConnectWise's own `manage.json` or the one derived at build time, and corrects the
 * mistakes that real ones have (the comments here and in `read-schemas.ts` name them).
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
    schemas: [...schemas.schemas.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function checkDocument(document: unknown): { info: JsonObject; paths: JsonObject } {
  const refuse = (problem: string, hint?: string): never => {
    throw new GatewayError('definition_invalid', `This is not an OpenAPI 3 definition: ${problem}.`, defined({ hint }));
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

/**
 * Spells each placeholder as most paths do: `{grandParentId}` becomes `{grandparentId}`.
 * @param paths normalised paths of the whole definition
 */
function placeholderSpelling(paths: Iterable<string>): (template: string) => string {
  const counts = new Map<string, Map<string, number>>();
  for (const path of paths) {
    for (const name of placeholdersOf(path)) {
      const spellings = counts.get(name.toLowerCase()) ?? new Map<string, number>();
      spellings.set(name, (spellings.get(name) ?? 0) + 1);
      counts.set(name.toLowerCase(), spellings);
    }
  }
  const chosen = new Map<string, string>();
  for (const [key, spellings] of counts) {
    const [first] = [...spellings].sort((a, b) => b[1] - a[1]);
    if (first) chosen.set(key, first[0]);
  }
  return (template) =>
    template.replace(/\{([^{}]*)\}/g, (_, name: string) => `{${chosen.get(name.toLowerCase()) ?? name}}`);
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

function endpointOf({ method, path, read }: RawOperation, naming: Naming): EndpointDefinition {
  const operation = { method, path, body: read.body, response: read.response };
  return defined<EndpointDefinition>({
    method,
    path,
    module: path.split('/')[1] ?? '',
    category: read.tag ?? naming.categoryOf(operation),
    summary: meaningful(read.summary) ?? naming.summaryOf(operation),
    description: read.description,
    parameters: read.parameters,
    body: read.body,
    status: read.status,
    response: read.response,
    unlisted: read.unlisted,
  });
}

/**
 * ConnectWise generates summaries from the method and a type's name (`Get List of ConnectWise.Apis.v3_0.…Ticket`,
 * `Post SuccessResponse`), which say less than the path does: those count as absent.
 */
function meaningful(summary: string | undefined): string | undefined {
  return summary === undefined || /^(Get|Post|Put|Patch|Delete) (List of )?[A-Z][\w.]*$/.test(summary)
    ? undefined
    : summary;
}

/** What one operation of the document says, before it gets a summary and a category. */
interface Operation {
  parameters: readonly Parameter[];
  body?: Payload;
  status: number;
  response?: Payload;
  tag?: string;
  summary?: string;
  description?: string;
  unlisted?: true;
}

interface OperationSource {
  document: JsonObject;
  schemas: SchemaReader;
  /** Normalised template. */
  path: string;
  operation: JsonObject;
  /** Parameters written once for all methods of the path. */
  shared: readonly unknown[];
  /** Names the schemas of bodies written in place. */
  name: string;
}

function readOperation(source: OperationSource): Operation {
  const { document, operation } = source;
  const [status, answer] = successOf(operation);
  const body = resolveReference(document, operation.requestBody);
  const answered = resolveReference(document, answer);
  return defined<Operation>({
    parameters: readParameters(source),
    body: body ? payloadOf(source, body, 'Body') : undefined,
    status,
    response: answered ? payloadOf(source, answered, 'Response') : undefined,
    tag: asText(asArray(operation.tags)[0]),
    summary: asText(operation.summary),
    description: asText(operation.description),
    unlisted: operation['x-unlisted'] === true ? true : undefined,
  });
}

function readParameters({ document, schemas, path, operation, shared }: OperationSource): readonly Parameter[] {
  const declared = [...shared, ...asArray(operation.parameters)].map((node) =>
    asObject(resolveReference(document, node)),
  );
  const spelling = new Map(placeholdersOf(path).map((name) => [name.toLowerCase(), name]));
  const parameters = new Map<string, Parameter>();
  for (const node of declared) {
    const parameter = readParameter(schemas, node, spelling);
    if (parameter) parameters.set(`${parameter.location} ${parameter.name}`, parameter);
  }
  // A placeholder without a declaration is a parameter all the same.
  const missing = [...spelling.values()].filter((name) => !parameters.has(`path ${name}`));
  const all = [...parameters.values(), ...missing.map(undeclared)];
  return [...all.filter(({ location }) => location === 'path'), ...all.filter(({ location }) => location === 'query')];
}

/** Headers and cookies are left out: `clientId`, on every operation, comes from the settings (CW 1.3). */
function readParameter(
  schemas: SchemaReader,
  node: JsonObject,
  spelling: ReadonlyMap<string, string>,
): Parameter | undefined {
  const declared = asText(node.name);
  if (declared === undefined || (node.in !== 'path' && node.in !== 'query')) return undefined;
  const inPath = node.in === 'path' ? spelling.get(declared.toLowerCase()) : undefined;
  const { type, format, enum: values } = schemas.shapeOf(node.schema ?? {}, 'Parameter');
  return defined<Parameter>({
    name: inPath ?? declared,
    location: inPath === undefined ? 'query' : 'path',
    // OpenAPI wants `required` on every path parameter, so on one that is not in the path it means nothing.
    required: inPath !== undefined || (node.in === 'query' && node.required === true),
    type: node.schema === undefined ? 'string' : type,
    format,
    enum: values,
    description: asText(node.description),
  });
}

function undeclared(name: string): Parameter {
  const type: MemberType = /id$/i.test(name) ? 'integer' : 'string';
  return { name, location: 'path', required: true, type };
}

/** The lowest 2xx, else `default`, counted as 200. */
function successOf(operation: JsonObject): [status: number, answer: unknown] {
  const responses = asObject(operation.responses);
  const [lowest] = Object.keys(responses)
    .filter((code) => /^2\d\d$/.test(code))
    .sort();
  return lowest === undefined ? [200, responses.default] : [Number(lowest), responses[lowest]];
}

function payloadOf({ schemas, name }: OperationSource, node: JsonObject, kind: string): Payload | undefined {
  const content = asObject(node.content);
  const types = Object.keys(content);
  const written = types.find(isJson) ?? types.find((type) => type.startsWith('multipart/')) ?? types[0];
  if (written === undefined) return undefined;
  const media = content[written];
  const mediaType = isJson(written) ? 'application/json' : (written.split(';')[0] ?? written).trim();
  if (!isRecord(media) || media.schema === undefined) return { array: false, mediaType };
  const shape = schemas.shapeOf(media.schema, name + kind);
  const array = shape.type === 'array';
  return defined<Payload>({
    schema: shape.schema,
    array,
    type: shape.schema === undefined ? (array ? shape.itemType : shape.type) : undefined,
    mediaType,
  });
}

/** ConnectWise answers with `application/vnd.connectwise.com+json; version=…` (CW 1.4). */
function isJson(mediaType: string): boolean {
  return /^(application|text)\/([\w.-]+\+)?json\b/i.test(mediaType);
}
