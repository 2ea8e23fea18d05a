import ts from 'typescript-api';

/** A node of an OpenAPI document. */
export type Node = Record<string, unknown>;

export interface Declarations {
  paths: Record<string, Record<string, Node>>;
  schemas: Record<string, Node>;
}

/**
 * Turns the declarations that openapi-typescript wrote back into OpenAPI: the types are types again, and what it put
 * into doc comments (`Format:`, `@description`) goes back to its place. What it lost stays lost: required references.
 */
export function readDeclarations(text: string): Declarations {
  const source = ts.createSourceFile('ManageTypes.d.ts', text, ts.ScriptTarget.Latest, true);
  const members = (name: string) =>
    source.statements.flatMap((statement) =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name ? propertiesOf(statement) : [],
    );
  const operations = new Map(members('operations').map((member) => [nameOf(member), member]));
  const paths: Declarations['paths'] = {};
  for (const path of members('paths')) {
    paths[nameOf(path)] = Object.fromEntries(
      propertiesOf(path.type).flatMap((method) => {
        const id = indexOf(method.type);
        const operation = operations.get(id);
        return operation ? [[nameOf(method), { operationId: id, ...operationOf(operation) }] as const] : [];
      }),
    );
  }
  const schemas = members('components').find((member) => nameOf(member) === 'schemas');
  return {
    paths,
    schemas: Object.fromEntries(propertiesOf(schemas?.type).map((member) => [nameOf(member), schemaOf(member.type)])),
  };
}

function propertiesOf(node: ts.Node | undefined): readonly ts.PropertySignature[] {
  if (node === undefined || !(ts.isTypeLiteralNode(node) || ts.isInterfaceDeclaration(node))) return [];
  return node.members.filter(ts.isPropertySignature);
}

function property(node: ts.Node | undefined, name: string): ts.PropertySignature | undefined {
  return propertiesOf(node).find((member) => nameOf(member) === name);
}

function nameOf(member: ts.PropertySignature): string {
  return ts.isStringLiteral(member.name) || ts.isIdentifier(member.name) || ts.isNumericLiteral(member.name)
    ? member.name.text
    : member.name.getText();
}

/** `X` of `operations["X"]` and `components["schemas"]["X"]`. */
function indexOf(node: ts.TypeNode | undefined): string {
  const literal = node && ts.isIndexedAccessTypeNode(node) ? node.indexType : undefined;
  return literal && ts.isLiteralTypeNode(literal) && ts.isStringLiteral(literal.literal) ? literal.literal.text : '';
}

function operationOf(operation: ts.PropertySignature): Node {
  const body = property(operation.type, 'requestBody');
  const responses = propertiesOf(property(operation.type, 'responses')?.type);
  return {
    parameters: propertiesOf(property(operation.type, 'parameters')?.type).flatMap((place) =>
      propertiesOf(place.type).map((parameter) => parameterOf(parameter, nameOf(place))),
    ),
    ...(body ? { requestBody: { required: body.questionToken === undefined, ...contentOf(body) } } : {}),
    responses: Object.fromEntries(responses.map((response) => [nameOf(response), contentOf(response)])),
  };
}

function parameterOf(parameter: ts.PropertySignature, place: string): Node {
  const schema = schemaOf(parameter.type);
  return {
    name: nameOf(parameter),
    in: place,
    required: parameter.questionToken === undefined,
    // The declarations keep no format of parameters; every number among them is an id or a page.
    schema: schema.type === 'number' ? { ...schema, type: 'integer', format: 'int32' } : schema,
  };
}

function contentOf(member: ts.PropertySignature): Node {
  const types = propertiesOf(property(member.type, 'content')?.type);
  if (types.length === 0) return {};
  return { content: Object.fromEntries(types.map((media) => [nameOf(media), { schema: schemaOf(media.type) }])) };
}

function schemaOf(node: ts.TypeNode | undefined): Node {
  if (node === undefined) return {};
  if (ts.isParenthesizedTypeNode(node)) return schemaOf(node.type);
  if (ts.isIndexedAccessTypeNode(node)) return { $ref: `#/components/schemas/${indexOf(node)}` };
  if (ts.isArrayTypeNode(node)) return { type: 'array', items: schemaOf(node.elementType) };
  if (ts.isUnionTypeNode(node)) return unionOf(node);
  if (ts.isTypeLiteralNode(node)) return objectOf(node);
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal))
    return { type: 'string', enum: [node.literal.text] };
  if (node.kind === ts.SyntaxKind.StringKeyword) return { type: 'string' };
  if (node.kind === ts.SyntaxKind.NumberKeyword) return { type: 'number' };
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return { type: 'boolean' };
  return {};
}

function unionOf(node: ts.UnionTypeNode): Node {
  const isNull = (type: ts.TypeNode) => ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword;
  const parts = node.types.filter((type) => !isNull(type)).map(schemaOf);
  const values = parts.flatMap((part) => (Array.isArray(part.enum) ? part.enum : []));
  const [first = {}] = parts;
  const schema = values.length > 0 ? { type: 'string', enum: values } : first;
  return parts.length < node.types.length ? { ...schema, nullable: true } : schema;
}

function objectOf(node: ts.TypeLiteralNode): Node {
  if (node.members.some(ts.isIndexSignatureDeclaration)) return { type: 'object', additionalProperties: true };
  const members = propertiesOf(node);
  const required = members.filter((member) => member.questionToken === undefined).map(nameOf);
  return {
    type: 'object',
    properties: Object.fromEntries(members.map((member) => [nameOf(member), memberOf(member)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

function memberOf(member: ts.PropertySignature): Node {
  const schema = schemaOf(member.type);
  const comment = commentOf(member);
  const format = /Format: (\S+)/.exec(comment)?.[1];
  const description = /@description\s+([^@]*)/.exec(comment)?.[1]?.trim();
  const maxLength = /Max length: (\d+)/.exec(description ?? '')?.[1];
  // A number is an integer where its format says so, and as an element of a list, where all are ids.
  const type = format?.startsWith('int') ? { type: 'integer' } : {};
  const items =
    (schema.items as Node | undefined)?.type === 'number' ? { items: { type: 'integer', format: 'int32' } } : {};
  return {
    ...schema,
    ...type,
    ...items,
    ...(format ? { format } : {}),
    ...(maxLength ? { maxLength: Number(maxLength) } : {}),
    ...(description ? { description } : {}),
  };
}

/** The words of the doc comment before a member, on one line. */
function commentOf(member: ts.PropertySignature): string {
  const text = member.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, member.pos) ?? [];
  return ranges
    .map(({ pos, end }) => text.slice(pos + 3, end - 2).replace(/^\s*\*/gm, ' '))
    .join(' ')
    .replace(/\s+/g, ' ');
}
