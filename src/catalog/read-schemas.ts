import { asArray, asObject, asText, defined, isRecord, type JsonObject } from '../core/json.ts';
import { type Member, type MemberType, memberTypes, type Schema } from './endpoint.ts';

/** What a schema node says about one value. */
export type Shape = Omit<Member, 'name' | 'required' | 'requiredOnUpdate' | 'description' | 'readOnly'>;

export interface SchemaReader {
  /** `anonymous` is the name for the schema of an object that is written in place. */
  shapeOf(node: unknown, anonymous: string): Shape;
  /** Every named schema of the document, and those written in place, by name. */
  readonly schemas: ReadonlyMap<string, Schema>;
}

/** Objects are referred to by name, so that schemas may be circular; enumerations, arrays and maps are resolved in place. */
export function createSchemaReader(document: JsonObject): SchemaReader {
  const components = asObject(asObject(document.components).schemas);
  const names = safeSchemaNames(Object.keys(components));
  const schemas = new Map<string, Schema>();
  const reader = { document, names, schemas };
  for (const [raw, node] of Object.entries(components)) {
    if (!describesRecord(document, node)) continue;
    const name = names.get(raw) ?? raw;
    schemas.set(name, { name, members: membersOf(reader, node, name) });
  }
  return { shapeOf: (node, anonymous) => shapeOf(reader, node, anonymous), schemas };
}

interface Reader {
  document: JsonObject;
  names: ReadonlyMap<string, string>;
  schemas: Map<string, Schema>;
}

/** Whether it is an object with members of its own, and not a plain map (`additionalProperties` only). */
function describesRecord(document: JsonObject, node: unknown, depth = 0): boolean {
  const schema = resolveReference(document, node);
  if (!schema || depth > 8) return false;
  if (isRecord(schema.properties)) return true;
  const parts = partsOf(schema);
  if (parts.length > 0) return parts.some((part) => describesRecord(document, part, depth + 1));
  return schema.type === 'object' && schema.additionalProperties === undefined;
}

function partsOf(schema: JsonObject): readonly unknown[] {
  return [...asArray(schema.allOf), ...asArray(schema.oneOf), ...asArray(schema.anyOf)];
}

function shapeOf(reader: Reader, node: unknown, anonymous: string, depth = 0): Shape {
  if (!isRecord(node) || depth > 16) return { type: 'object' };
  const raw = referredSchema(node);
  const schema = resolveReference(reader.document, node);
  if (!schema) return { type: 'object' };
  if (raw !== undefined && describesRecord(reader.document, schema)) {
    return { type: 'object', schema: reader.names.get(raw) ?? raw };
  }
  const parts = partsOf(schema);
  // `allOf: [{$ref}]` beside `nullable` is how OpenAPI 3.0 adds to a reference: it is still that one schema.
  const [only] = parts.length === 1 && !isRecord(schema.properties) ? parts : [];
  if (only !== undefined) {
    return defined<Shape>({ ...shapeOf(reader, only, anonymous, depth + 1), nullable: nullable(schema) });
  }
  if (describesRecord(reader.document, schema))
    return { type: 'object', schema: keep(reader, schema, anonymous, depth) };
  if (schema.type === 'array') return arrayShape(reader, schema, anonymous, depth);
  return scalarShape(schema);
}

function nullable(schema: JsonObject): true | undefined {
  return schema.nullable === true ? true : undefined;
}

function arrayShape(reader: Reader, schema: JsonObject, anonymous: string, depth: number): Shape {
  const item = shapeOf(reader, schema.items, anonymous, depth + 1);
  return defined<Shape>({
    type: 'array',
    schema: item.schema,
    itemType: item.schema === undefined ? item.type : undefined,
    enum: item.enum,
    nullable: nullable(schema),
  });
}

function scalarShape(schema: JsonObject): Shape {
  const values = asArray(schema.enum).filter((value) => typeof value === 'string' || typeof value === 'number');
  return defined<Shape>({
    type: typeOf(schema, values),
    format: asText(schema.format),
    maxLength: maxLengthOf(schema),
    enum: values.length > 0 ? values.map(String) : undefined,
    nullable: nullable(schema),
  });
}

function typeOf(schema: JsonObject, values: readonly unknown[]): MemberType {
  const type = memberTypes.find((known) => known === schema.type);
  if (type !== undefined) return type;
  if (values.length > 0) return typeof values[0] === 'number' ? 'number' : 'string';
  return 'object';
}

/** ConnectWise writes lengths into the description: ` Max length: 100;`. */
function maxLengthOf(schema: JsonObject): number | undefined {
  if (typeof schema.maxLength === 'number') return schema.maxLength;
  const written = /Max length:\s*(\d+)/i.exec(asText(schema.description) ?? '')?.[1];
  return written === undefined ? undefined : Number(written);
}

/** Adds an object that is written in place as a schema with a name of its own. */
function keep(reader: Reader, schema: JsonObject, anonymous: string, depth: number): string {
  const taken = new Set([...reader.schemas.keys(), ...reader.names.values()]);
  let name = anonymous;
  for (let count = 2; taken.has(name); count++) name = `${anonymous}${count}`;
  reader.schemas.set(name, { name, members: [] });
  reader.schemas.set(name, { name, members: membersOf(reader, schema, name, depth + 1) });
  return name;
}

function membersOf(reader: Reader, node: unknown, owner: string, depth = 0): readonly Member[] {
  const members = new Map<string, Member>();
  for (const part of flatParts(reader.document, node)) {
    for (const [name, property] of Object.entries(asObject(part.properties))) {
      members.set(name, memberOf(reader, name, property, owner, depth));
    }
  }
  for (const part of flatParts(reader.document, node)) {
    for (const name of asArray(part.required)) {
      const member = members.get(String(name));
      if (member) members.set(member.name, { ...member, required: true });
    }
  }
  return [...members.values()];
}

/** The node and the parts that `allOf`, `oneOf` and `anyOf` add to it, each once. */
function flatParts(document: JsonObject, node: unknown, seen = new Set<JsonObject>()): readonly JsonObject[] {
  const schema = resolveReference(document, node);
  if (!schema || seen.has(schema)) return [];
  seen.add(schema);
  return [...partsOf(schema).flatMap((part) => flatParts(document, part, seen)), schema];
}

function memberOf(reader: Reader, name: string, property: unknown, owner: string, depth: number): Member {
  const node = asObject(property);
  const written = asText(node.description) ?? '';
  const { schema, itemType, enum: values, ...shape } = shapeOf(reader, property, owner + capital(name), depth);
  return defined<Member>({
    name,
    type: shape.type,
    schema,
    itemType,
    format: shape.format,
    maxLength: shape.maxLength,
    enum: values,
    requiredOnUpdate: /Required On Updates/i.test(written) ? true : undefined,
    nullable: shape.nullable ?? nullable(node),
    readOnly: node.readOnly === true ? true : undefined,
    // Without what other members of this object already hold.
    description: asText(written.replace(/\s*(Max length:\s*\d+|Required On Updates)\s*;?/gi, ' ').replace(/\s+/g, ' ')),
  });
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/**
 * Names without dots for the schemas of a definition: `Finance.Currency` is `Currency` where nothing else is called
 * so, else `FinanceCurrency`. Names that need no change keep theirs.
 */
function safeSchemaNames(raw: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const give = (from: string, to: string) => {
    names.set(from, to);
    taken.add(to);
  };
  for (const name of raw) if (isSafe(name)) give(name, name);
  for (const name of raw) if (!isSafe(name)) give(name, free(candidates(name), taken));
  return names;
}

function isSafe(name: string): boolean {
  return /^\w+$/.test(name);
}

function candidates(name: string): readonly string[] {
  const parts = name.split(/\W+/).filter((part) => part !== '');
  const last = parts.at(-1) ?? 'Schema';
  return [last, parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('') || last];
}

function free(wanted: readonly string[], taken: ReadonlySet<string>): string {
  const name = wanted.find((candidate) => !taken.has(candidate));
  if (name !== undefined) return name;
  const base = wanted.at(-1) ?? 'Schema';
  let count = 2;
  while (taken.has(`${base}${count}`)) count++;
  return `${base}${count}`;
}

const deepest = 32;

/** Follows `$ref`s inside the document to something else; undefined where they lead nowhere or in a circle. */
export function resolveReference(document: JsonObject, node: unknown): JsonObject | undefined {
  let current: unknown = node;
  for (let step = 0; step < deepest; step++) {
    if (!isRecord(current)) return undefined;
    if (typeof current.$ref !== 'string') return current;
    current = lookUp(document, current.$ref);
  }
  return undefined;
}

/** The raw name of the component schema that `node` refers to, such as `Company.Configuration`. */
function referredSchema(node: JsonObject): string | undefined {
  const prefix = '#/components/schemas/';
  if (typeof node.$ref !== 'string' || !node.$ref.startsWith(prefix)) return undefined;
  return unescapePointer(node.$ref.slice(prefix.length));
}

function lookUp(document: JsonObject, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let current: unknown = document;
  for (const step of reference.slice(2).split('/')) {
    if (!isRecord(current)) return undefined;
    current = current[unescapePointer(step)];
  }
  return current;
}

/** RFC 6901 within a URI fragment: percent encoding outside, `~1` and `~0` inside. */
function unescapePointer(step: string): string {
  const plain = /%[0-9a-f]{2}/i.test(step) ? decodeSafely(step) : step;
  return plain.replaceAll('~1', '/').replaceAll('~0', '~');
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
