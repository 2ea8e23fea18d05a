import type { Catalog } from './catalog.ts';
import { type Endpoint, isReference, type Member, type MemberType, type Schema } from './endpoint.ts';

const deepest = 4;

/** A body that the schema accepts: the required members and nothing else. Undefined where there is none to write. */
export function exampleBody(catalog: Catalog, endpoint: Endpoint): unknown {
  const { body } = endpoint;
  if (body?.schema === undefined || body.mediaType !== 'application/json') return undefined;
  if (endpoint.method === 'PATCH' && body.array) return [patchOperation(catalog, endpoint)];
  const schema = catalog.findSchema(body.schema);
  if (!schema) return undefined;
  const record = exampleOf(catalog, schema, 0);
  return body.array ? [record] : record;
}

/** One operation on the first plain member of the record that the PATCH answers with (CW 5.2.1: always an array). */
function patchOperation(catalog: Catalog, { response }: Endpoint): unknown {
  const members = (response?.schema === undefined ? undefined : catalog.findSchema(response.schema))?.members ?? [];
  const plain = members.filter(({ name, type, readOnly }) => name !== 'id' && type === 'string' && readOnly !== true);
  const member = plain.find(({ required }) => required) ?? plain[0];
  return { op: 'replace', path: member?.name ?? 'name', value: member ? valueFor(catalog, member, 0) : '' };
}

function exampleOf(catalog: Catalog, schema: Schema, depth: number): Record<string, unknown> {
  const wanted = schema.members.filter(
    ({ required, name, readOnly }) => required && readOnly !== true && name !== '_info',
  );
  return Object.fromEntries(wanted.map((member) => [member.name, valueFor(catalog, member, depth)]));
}

function valueFor(catalog: Catalog, member: Member, depth: number): unknown {
  const schema = member.schema === undefined ? undefined : catalog.findSchema(member.schema);
  if (schema) {
    // A reference is named by its id; everything else in it is the server's.
    const hasId = schema.members.some(({ name }) => name === 'id');
    const record =
      isReference(schema) && hasId ? { id: 1 } : depth < deepest ? exampleOf(catalog, schema, depth + 1) : {};
    return member.type === 'array' ? [record] : record;
  }
  if (member.type !== 'array') return scalarOf(member, member.type);
  return member.itemType === undefined || member.itemType === 'array' ? [] : [scalarOf(member, member.itemType)];
}

function scalarOf(member: Member, type: MemberType): unknown {
  if (member.enum?.[0] !== undefined) return type === 'string' ? member.enum[0] : Number(member.enum[0]);
  if (type === 'string') return textFor(member);
  const plain: Record<string, unknown> = { integer: 1, number: 1, boolean: true };
  return plain[type] ?? {};
}

function textFor({ name, format, maxLength }: Member): string {
  // Whole seconds in UTC: the only form ConnectWise writes itself (CW 5.14).
  if (format === 'date-time' || format === 'date') return '2025-01-31T09:00:00Z';
  if (format === 'uuid') return '00000000-0000-4000-8000-000000000001';
  const words = /email/i.test(name)
    ? 'name@example.com'
    : /url|website/i.test(name)
      ? 'https://example.com'
      : (samples[name] ?? `Example ${name}`);
  return words.slice(0, maxLength);
}

const samples: Record<string, string> = {
  summary: 'Printer does not print',
  text: 'Called the customer back.',
  notes: 'Replaced the toner.',
  identifier: 'EXAMPLE',
  firstName: 'Pat',
  lastName: 'Example',
};
