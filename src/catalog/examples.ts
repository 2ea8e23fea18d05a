import { defined, isRecord } from '../core/json.ts';
import type { Catalog } from './catalog.ts';
import { type Endpoint, isReference, type Member, type MemberType, type Schema } from './endpoint.ts';
import { pathKey } from './path-template.ts';

type Schemas = Pick<Catalog, 'findSchema'>;
type FindSchema = Schemas['findSchema'];

/** Arguments that a technician would give, each checked against the schema by a test. */
export interface Example {
  /** `METHOD /path`, with `{}` for placeholders. */
  endpoint: string;
  params?: Readonly<Record<string, string>>;
  data?: Readonly<Record<string, unknown>>;
}

const list = (endpoint: string, conditions: string, more: Readonly<Record<string, string>> = {}): Example => ({
  endpoint: `GET ${endpoint}`,
  params: { conditions, ...more },
});
const write = (endpoint: string, data: Readonly<Record<string, unknown>>): Example => ({ endpoint, data });

/** From the thirty everyday jobs (CW 7). Other writes get an example made from their required members. */
export const examples: readonly Example[] = [
  list('/service/tickets', "closedFlag=false and board/name='Service Desk' and priority/name='High'"),
  list('/service/tickets/count', "closedFlag=false and company/identifier='Acme'"),
  list('/service/tickets/calculateSla', 'closedFlag=false and isInSla=false'),
  list('/project/tickets', "closedFlag=false and project/name='Office move'"),
  list('/service/tickets/{}/notes', 'internalAnalysisFlag=false'),
  list('/service/boards', 'inactiveFlag=false'),
  list('/service/boards/{}/statuses', 'inactive=false and closedStatus=true'),
  list('/service/boards/{}/types', 'inactiveFlag=false'),
  list('/company/companies', "name like 'Acme%' and deletedFlag=false"),
  list('/company/contacts', "company/identifier='Acme' and inactiveFlag=false"),
  list('/company/configurations', 'activeFlag=true and warrantyExpirationDate<[2026-12-31]'),
  list('/finance/agreements', 'agreementStatus="Active" and noEndingDateFlag=false and endDate<[2026-12-31]'),
  list('/finance/agreements/{}/additions', 'effectiveDate<=[2026-12-31]'),
  list('/finance/invoices', 'balance>0 and dueDate<[2026-12-31]', { orderBy: 'dueDate asc' }),
  list('/sales/opportunities', 'status/id in (1,2) and expectedCloseDate<[2026-12-31]'),
  list('/sales/activities', "assignTo/identifier='jdoe'"),
  list(
    '/schedule/entries',
    "member/identifier='jdoe' and dateStart>=[2026-11-23T05:00:00Z] and dateStart<[2026-11-24T05:00:00Z]",
  ),
  list('/time/entries', "member/identifier='jdoe' and timeStart>=[2026-11-16T05:00:00Z]"),
  list('/time/sheets', "member/identifier='jdoe' and status='Open'"),
  list('/project/projects', 'closedFlag=false and estimatedEnd<[2026-12-31]'),
  list('/procurement/purchaseorders', 'closedFlag=false'),
  list('/procurement/products', 'ticket/id=123 and cancelledFlag=false'),
  list('/procurement/catalog', "identifier like 'LAPTOP%' and inactiveFlag=false"),
  list('/expense/entries', "member/identifier='jdoe' and date>=[2026-11-01]"),
  list('/system/members', 'inactiveFlag=false'),
  list('/system/info/members', 'inactiveFlag=false'),
  write('POST /service/tickets', {
    summary: 'Server is down',
    company: { identifier: 'Acme' },
    board: { name: 'Service Desk' },
  }),
  write('PATCH /service/tickets/{}', { status: { id: 5 } }),
  write('POST /service/tickets/{}/notes', { text: 'Called the client', internalAnalysisFlag: true }),
  write('POST /project/tickets/{}/notes', { text: 'Called the client', internalAnalysisFlag: true }),
  write('POST /service/tickets/{}/tasks', { notes: 'Order the disk' }),
  write('POST /service/tickets/{}/merge', { mergeTicketIds: [124, 125], status: { id: 5 } }),
  write('POST /company/companies', {
    identifier: 'Acme',
    name: 'Acme Inc',
    site: { name: 'Main' },
    addressLine1: '1 High Street',
  }),
  write('POST /company/companies/{}/notes', { text: 'Prefers calls before noon', type: { id: 1 } }),
  write('PATCH /company/companies/{}', { phoneNumber: '555-0100' }),
  write('POST /company/contacts', { firstName: 'Jane', lastName: 'Doe', company: { identifier: 'Acme' } }),
  write('POST /time/entries', {
    chargeToId: 123,
    chargeToType: 'ServiceTicket',
    timeStart: '2026-11-23T14:00:00Z',
    actualHours: 0.5,
    notes: 'Replaced the disk',
  }),
  write('POST /schedule/entries', {
    objectId: 123,
    type: { identifier: 'S' },
    member: { identifier: 'jdoe' },
    dateStart: '2026-11-23T14:00:00Z',
    dateEnd: '2026-11-23T15:00:00Z',
  }),
  write('POST /expense/entries', {
    chargeToId: 123,
    chargeToType: 'ServiceTicket',
    type: { id: 1 },
    amount: 12.5,
    date: '2026-11-23',
  }),
  write('POST /finance/invoices', { type: 'Miscellaneous', company: { identifier: 'Acme' } }),
  write('PATCH /finance/agreements/{}/additions/{}', { quantity: 12 }),
];

const byEndpoint: ReadonlyMap<string, Example> = new Map(
  examples.map((example) => {
    const [method = '', path = ''] = example.endpoint.split(' ');
    return [`${method} ${pathKey(path)}`, example];
  }),
);

/** `params` or `data` of a call that fits the endpoint: from the table, else for a POST its required members. */
export function findExample(catalog: Catalog, endpoint: Endpoint): Pick<Example, 'params' | 'data'> | undefined {
  const known = byEndpoint.get(`${endpoint.method} ${pathKey(endpoint.path)}`);
  if (known) return defined<Pick<Example, 'params' | 'data'>>({ params: known.params, data: known.data });
  if (endpoint.method !== 'POST') return undefined;
  const body = exampleBody(catalog, endpoint);
  return isRecord(body) && Object.keys(body).length > 0 ? { data: body } : undefined;
}

/** A value that a member of a body may have, such as one element of an array. */
export function exampleValue(findSchema: FindSchema, member: Member): unknown {
  return valueFor({ findSchema }, member, 0);
}

const deepest = 4;

/** A body that the schema accepts: the required members and nothing else; undefined where the endpoint takes none. */
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

/** Parts of records that need more than their definition requires (CW 5.4.4). */
const parts: Readonly<Record<string, Record<string, unknown>>> = {
  ContactCommunicationItem: { type: { id: 1 }, value: 'jane@acme.example' },
};

function exampleOf(catalog: Schemas, schema: Schema, depth: number): Record<string, unknown> {
  const part = parts[schema.name];
  if (part !== undefined) return structuredClone(part);
  const wanted = schema.members.filter(
    ({ required, name, readOnly }) => required && readOnly !== true && name !== '_info',
  );
  return Object.fromEntries(wanted.map((member) => [member.name, valueFor(catalog, member, depth)]));
}

function valueFor(catalog: Schemas, member: Member, depth: number): unknown {
  const schema = member.schema === undefined ? undefined : catalog.findSchema(member.schema);
  if (schema) {
    // A reference needs its id only; the server fills in the rest.
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
