import { asArray, asObject, asText, defined, isRecord, type JsonObject } from '../core/json.ts';
import type { MemberType, Parameter, Payload } from './endpoint.ts';
import { placeholdersOf } from './path-template.ts';
import type { SchemaReader } from './read-schemas.ts';
import { resolveReference } from './references.ts';

/** What one operation of the document says, before names and words are given to it. */
export interface Operation {
  parameters: readonly Parameter[];
  body?: Payload;
  status: number;
  response?: Payload;
  tag?: string;
  summary?: string;
  description?: string;
}

export interface OperationSource {
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

export function readOperation(source: OperationSource): Operation {
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
  // A placeholder that nobody declared is a parameter all the same.
  const missing = [...spelling.values()].filter((name) => !parameters.has(`path ${name}`));
  const all = [...parameters.values(), ...missing.map(undeclared)];
  return [...all.filter(({ location }) => location === 'path'), ...all.filter(({ location }) => location === 'query')];
}

/** Headers and cookies are not the caller's: `clientId`, on every operation, comes from the settings (CW 1.3). */
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
    // OpenAPI demands `required` of every path parameter: of one that moved to the query it says nothing.
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

/** The lowest 2xx, else `default` taken for 200. */
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
