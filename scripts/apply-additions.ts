import type { Declarations, Node } from './read-declarations.ts';

/** The layout of `definition/additions.json`, which explains its own notation. */
export interface Additions {
  /** Path, then methods: operations of 2022.1 or of later documents that no list of 2025.1 has. */
  unlisted: Record<string, string>;
  /** Path, then method, then the operation in one line. */
  operations: Record<string, Record<string, string>>;
  /** Path of a GET, then its query parameters in place of the object that stands for them in the declarations. */
  parameters: Record<string, string>;
  schemas: Record<string, string>;
  members: Record<string, string>;
  required: Record<string, string>;
}

/** Every GET takes these, whatever it answers (CW 2.1). */
const listParameters: readonly Node[] = [
  ...['conditions', 'childConditions', 'customFieldConditions', 'orderBy', 'fields'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  })),
  ...['page', 'pageSize', 'pageId'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'integer', format: 'int32', nullable: true },
  })),
];

const usualStatus: Record<string, string> = { GET: '200', POST: '201', PUT: '200', PATCH: '200', DELETE: '204' };

/** Adds what came later to the declarations; what both have stays as declared. */
export function applyAdditions(base: Declarations, additions: Additions): Declarations {
  const schemas = { ...base.schemas };
  for (const [name, members] of Object.entries(additions.schemas)) schemas[name] ??= parseMembers(members);
  for (const [name, members] of Object.entries(additions.members)) {
    const { properties, required } = schemas[name] ?? {};
    const more = parseMembers(members);
    schemas[name] = {
      ...schemas[name],
      type: 'object',
      properties: { ...asNode(more.properties), ...asNode(properties) },
    };
    if (required) schemas[name].required = required;
  }
  for (const [name, members] of Object.entries(additions.required)) {
    const { required, ...schema } = schemas[name] ?? {};
    const before = Array.isArray(required) ? required : [];
    if (schema.properties) schemas[name] = { ...schema, required: [...new Set([...before, ...members.split(' ')])] };
  }
  const named = nameParameters(addOperations(base.paths, additions.operations), additions.parameters);
  return { schemas, paths: markUnlisted(named, additions.unlisted) };
}

/** @throws Error for an operation that is not there: a list that names nothing would mark nothing, unnoticed */
function markUnlisted(paths: Declarations['paths'], unlisted: Additions['unlisted']): Declarations['paths'] {
  const marked = { ...paths };
  for (const [path, methods] of Object.entries(unlisted)) {
    for (const method of methods.toLowerCase().split(' ')) {
      const operation = marked[path]?.[method];
      if (operation === undefined) throw new Error(`additions.json marks ${method} ${path}, which is not there.`);
      marked[path] = { ...marked[path], [method]: { ...operation, 'x-unlisted': true } };
    }
  }
  return marked;
}

/** The declarations lost the parameters that the definition gathers in `getRequest`; an object cannot be sent. */
function nameParameters(base: Declarations['paths'], named: Additions['parameters']): Declarations['paths'] {
  const paths = { ...base };
  for (const [path, line] of Object.entries(named)) {
    const { get, ...others } = paths[path] ?? {};
    const operation = asNode(get);
    const declared = Array.isArray(operation.parameters) ? operation.parameters : [];
    const kept = declared.filter((parameter) => asNode(parameter).name !== 'getRequest');
    if (kept.length === declared.length) throw new Error(`GET ${path} has no getRequest to name.`);
    const { properties } = parseMembers(line);
    const more = Object.entries(asNode(properties)).map(([name, schema]) => ({ name, in: 'query', schema }));
    paths[path] = { ...others, get: { ...operation, parameters: [...more, ...kept] } };
  }
  return paths;
}

function addOperations(base: Declarations['paths'], added: Additions['operations']): Declarations['paths'] {
  const paths = { ...base };
  for (const [written, operations] of Object.entries(added)) {
    const path = written.replace(/:\w+\}/g, '}');
    const item: Record<string, Node> = { ...paths[path] };
    for (const [method, line] of Object.entries(operations))
      item[method.toLowerCase()] ??= parseOperation(method, written, line);
    paths[path] = item;
  }
  return paths;
}

function parseOperation(method: string, path: string, line: string): Node {
  const words = line.split(' ');
  const status = words.find((word) => word.startsWith('='))?.slice(1) ?? usualStatus[method] ?? '200';
  const extra =
    words
      .find((word) => word.startsWith('+'))
      ?.slice(1)
      .split(',') ?? [];
  const [first = '-', arrow, second = '-'] = words.filter((word) => !/^[=+]|^unsure$/.test(word));
  const [body, response] = arrow === '->' ? [first, second] : ['-', first];
  const placeholders = [...path.matchAll(/\{(\w+)(:text)?\}/g)].map(([, name, text]) => ({
    name,
    in: 'path',
    required: true,
    schema: text ? { type: 'string' } : { type: 'integer', format: 'int32' },
  }));
  // Declared in the path, as the definition does, though the path does not have them: the reader moves them.
  const stray = extra.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'integer', format: 'int32' },
  }));
  return {
    parameters: [...placeholders, ...stray, ...(method === 'GET' ? listParameters : [])],
    ...(body === '-' ? {} : { requestBody: { required: true, content: jsonContent(body) } }),
    responses: { [status]: response === '-' ? {} : { content: jsonContent(response) } },
    ...(words.includes('unsure') ? { 'x-unlisted': true } : {}),
  };
}

function jsonContent(type: string): Node {
  return { 'application/json': { schema: parseType(type) } };
}

function parseMembers(text: string): Node {
  const properties: Node = {};
  const required: string[] = [];
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const [, name = '', star, type = ''] = /^(\w+)(\*?):(.+)$/.exec(word) ?? [];
    properties[name] = parseType(type);
    if (star) required.push(name);
  }
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

const types: Record<string, Node> = {
  int: { type: 'integer', format: 'int32' },
  integer: { type: 'integer', format: 'int32' },
  number: { type: 'number', format: 'double' },
  bool: { type: 'boolean' },
  text: { type: 'string' },
  time: { type: 'string', format: 'date-time' },
  uuid: { type: 'string', format: 'uuid' },
  object: { type: 'object', additionalProperties: true },
  any: {},
};

function parseType(text: string): Node {
  const [, bare = '', list, length, nullable] = /^(\([^)]*\)|\w+)(\[\])?(?:<=(\d+))?(\?)?$/.exec(text) ?? [];
  const named = bare.startsWith('(')
    ? { type: 'string', enum: bare.slice(1, -1).split('|') }
    : (types[bare] ?? { $ref: `#/components/schemas/${bare}` });
  return {
    ...(list ? { type: 'array', items: named } : named),
    ...(length ? { maxLength: Number(length) } : {}),
    ...(nullable ? { nullable: true } : {}),
  };
}

function asNode(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}
