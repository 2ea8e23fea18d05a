import { keepFirst } from '../core/budget.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { nearestNames } from '../core/nearest.ts';
import type { Catalog } from './catalog.ts';
import { dateKindOf } from './date-kinds.ts';
import { type Endpoint, isReference, type Member, type Parameter, type Payload, type Schema } from './endpoint.ts';
import { exampleBody, findExample } from './examples.ts';
import { meaningOf } from './meanings.ts';
import { findNotes } from './notes.ts';
import type { ReferenceTargets } from './reference-targets.ts';
import { usualRank } from './usual-members.ts';

export interface DescribedPayload {
  schema?: string;
  /** Whether it is a list of them. */
  array?: true;
  type?: string;
  /** Absent for JSON. */
  mediaType?: string;
  /** For PATCH: the record whose members its operations name. */
  changes?: string;
  /** Required members first, then the most used ones, as far as the budget allows. */
  members?: readonly DescribedMember[];
  /** Names of the rest; `open` says more about each. */
  more?: readonly string[];
  /** How many names `more` leaves out. */
  andMore?: number;
  /** The members are those of the body. */
  sameAsBody?: true;
}

export interface EndpointDetails {
  method: string;
  path: string;
  summary: string;
  module: string;
  category: string;
  description?: string;
  pathParameters?: readonly DescribedMember[];
  queryParameters?: readonly DescribedMember[];
  body?: DescribedPayload;
  response: DescribedPayload & { status: number };
  /** Facts that the definition lacks. */
  notes?: readonly string[];
  /** A body that ConnectWise accepts, with real ids in place of these. */
  example?: unknown;
  /** Query members that a technician would give. */
  exampleParams?: Readonly<Record<string, string>>;
  opened?: readonly OpenedMember[];
}

export interface DescribeOptions {
  /** Members to describe in full, instead of the rest. */
  open?: readonly string[];
}

type Staged = Pick<DescribedPayload, 'members' | 'more' | 'andMore'>;

const shownNotes = 5;

/** Bytes of JSON for the described members of a body and of a response; with the names of the rest, 1,200 tokens hold. */
const budgets = { body: 1800, response: 1100, names: 2000 };

/**
 * How to call an endpoint, as plain data of bounded size: 120 members cost as much as 30.
 * @throws GatewayError `invalid_argument` for a name in `open` that no parameter or member has
 */
export function describeEndpoint(
  catalog: Catalog,
  endpoint: Endpoint,
  { open = [] }: DescribeOptions = {},
): EndpointDetails {
  const { method, path, summary, module, category, description } = endpoint;
  const targets = catalog.referenceTargets();
  const place = (location: Parameter['location']) => {
    const found = endpoint.parameters.filter((parameter) => parameter.location === location);
    return found.length === 0
      ? undefined
      : found.map((parameter) => describeMember(catalog, targets, asMember(parameter)));
  };
  const head = { method, path, summary, module, category };
  const opened = open.map((name) => openMember(catalog, targets, ...requireMember(catalog, endpoint, name)));
  if (opened.length > 0) return { ...head, response: { status: endpoint.status }, opened };
  const learnt = findNotes(endpoint).slice(0, shownNotes);
  const example = findExample(catalog, endpoint);
  return defined<EndpointDetails>({
    ...head,
    description,
    pathParameters: place('path'),
    queryParameters: place('query'),
    body: endpoint.body && describeBody(catalog, targets, endpoint, endpoint.body),
    response: { status: endpoint.status, ...describeResponse(catalog, targets, endpoint) },
    notes: learnt.length > 0 ? learnt : undefined,
    example: (endpoint.method === 'POST' ? example?.data : undefined) ?? exampleBody(catalog, endpoint),
    exampleParams: example?.params,
  });
}

function describeBody(
  catalog: Catalog,
  targets: ReferenceTargets,
  endpoint: Endpoint,
  body: Payload,
): DescribedPayload {
  const record = patchedRecord(catalog, endpoint);
  // A patch names members of the record; none is required.
  const schema = record ?? schemaOf(catalog, body);
  const members = record ? record.members.map(({ required: _, ...member }) => member) : schema?.members;
  const fields = schema && members && { ...schema, members: writable(members) };
  return {
    ...payloadHead(body),
    ...defined({ changes: record?.name }),
    ...(fields && staged(catalog, targets, fields, budgets.body)),
  };
}

function describeResponse(catalog: Catalog, targets: ReferenceTargets, endpoint: Endpoint): DescribedPayload {
  const { body, response } = endpoint;
  if (!response) return {};
  const schema = schemaOf(catalog, response);
  const inBody = patchedRecord(catalog, endpoint)?.name ?? body?.schema;
  if (schema && schema.name === inBody) return { ...payloadHead(response), sameAsBody: true };
  const fields = schema && { ...schema, members: readable(schema.members) };
  return { ...payloadHead(response), ...(fields && staged(catalog, targets, fields, budgets.response)) };
}

function payloadHead({ schema, array, type, mediaType }: Payload): DescribedPayload {
  return defined<DescribedPayload>({
    schema,
    array: array ? true : undefined,
    type,
    mediaType: mediaType === 'application/json' ? undefined : mediaType,
  });
}

function schemaOf(catalog: Catalog, { schema }: Payload): Schema | undefined {
  return schema === undefined ? undefined : catalog.findSchema(schema);
}

/** The record behind a PATCH, whose own body only says op, path and value. */
function patchedRecord(catalog: Catalog, { method, body, response }: Endpoint): Schema | undefined {
  return method === 'PATCH' && body?.array === true && response ? schemaOf(catalog, response) : undefined;
}

function writable(members: readonly Member[]): readonly Member[] {
  return members.filter(({ name, readOnly }) => readOnly !== true && name !== '_info' && name !== 'id');
}

/** In an answer, lengths and required members mean nothing. */
function readable(members: readonly Member[]): readonly Member[] {
  return members.map(({ required: _, maxLength: __, ...member }) => member);
}

/** Required members in full, whatever they cost; others in the order of use while the budget lasts; then names. */
function staged(catalog: Catalog, targets: ReferenceTargets, schema: Schema, budget: number): Staged {
  const shown = schema.members.filter(({ name }) => name !== '_info');
  const order = [...shown].sort(
    (a, b) => Number(b.required ?? false) - Number(a.required ?? false) || usualRank(a) - usualRank(b),
  );
  const described: DescribedMember[] = [];
  const rest: string[] = [];
  let spent = 0;
  for (const member of order) {
    // Once one did not fit, all others are only named, and are not described in vain.
    if (rest.length > 0 && !member.required) {
      rest.push(member.name);
      continue;
    }
    const line = describeMember(catalog, targets, member, schema.name);
    spent += JSON.stringify(line).length + 1;
    if (member.required || spent <= budget) described.push(line);
    else rest.push(member.name);
  }
  // Three bytes each for quotes and comma.
  const more = keepFirst(rest, budgets.names, (name) => name.length + 3);
  return defined<Staged>({
    members: described.length > 0 ? described : undefined,
    more: more.length > 0 ? more : undefined,
    andMore: more.length < rest.length ? rest.length - more.length : undefined,
  });
}

/** A member of the body, the answer or the parameters, with the name of its schema. */
function requireMember(catalog: Catalog, endpoint: Endpoint, name: string): [Member, string] {
  const { body, response } = endpoint;
  const schemas = [
    patchedRecord(catalog, endpoint),
    body && schemaOf(catalog, body),
    response && schemaOf(catalog, response),
  ];
  const places: [Member, string][] = [
    ...schemas.flatMap((schema) =>
      (schema?.members ?? []).map((member): [Member, string] => [member, schema?.name ?? '']),
    ),
    ...endpoint.parameters.map((parameter): [Member, string] => [asMember(parameter), '']),
  ];
  const found = places.find(([member]) => member.name.toLowerCase() === name.trim().toLowerCase());
  if (found) return found;
  const names = places.map(([member]) => member.name);
  const candidates = nearestNames(name, names);
  throw new GatewayError(
    'invalid_argument',
    `${endpoint.method} ${endpoint.path} has no member or parameter ${name}.`,
    {
      details: { field: 'fields', candidates: candidates.length > 0 ? candidates : [...new Set(names)].slice(0, 20) },
    },
  );
}

function asMember({ name, type, required, format, enum: values, description }: Parameter): Member {
  return defined<Member>({ name, type, required: required ? true : undefined, format, enum: values, description });
}

/** A member as a caller needs it; absent means no, or none. */
interface DescribedMember {
  name: string;
  /** `string`, `integer`, `number`, `boolean`, `date-time`, `date-only`, `object`, `reference`, and `…[]` of each. */
  type: string;
  required?: true;
  maxLength?: number;
  enum?: readonly string[];
  /** Number of values where `enum` shows the first only. */
  enumCount?: number;
  /** Schema of the object, or of the elements. */
  schema?: string;
  /** Where the records are listed that the reference may name. */
  listedBy?: string;
  description?: string;
}

interface OpenedMember extends DescribedMember {
  nullable?: true;
  requiredOnUpdate?: true;
  /** What words of business such as open or unassigned mean here. */
  meaning?: string;
  /** What the object, or an element, consists of. */
  members?: readonly DescribedMember[];
}

/** Longer enumerations show their beginning; opened members show all. */
const shownEnum = 12;

/** One line about a member of the schema `owner`, without its own members. */
function describeMember(catalog: Catalog, targets: ReferenceTargets, member: Member, owner = ''): DescribedMember {
  const { values, count } = clipped(member.enum);
  const reference = member.schema !== undefined && isReference(catalog.findSchema(member.schema));
  return defined<DescribedMember>({
    name: member.name,
    type: typeOf(member, reference, owner),
    required: member.required ? true : undefined,
    maxLength: member.maxLength,
    enum: values,
    enumCount: count,
    schema: reference ? undefined : member.schema,
    listedBy: reference && member.schema !== undefined ? targets.listOf(member.schema) : undefined,
  });
}

/** Everything known about a member, with its own members. */
function openMember(catalog: Catalog, targets: ReferenceTargets, member: Member, owner = ''): OpenedMember {
  const { enumCount: _, ...line } = describeMember(catalog, targets, member, owner);
  const inner = member.schema === undefined ? undefined : catalog.findSchema(member.schema);
  return defined<OpenedMember>({
    ...line,
    schema: member.schema,
    enum: member.enum,
    nullable: member.nullable ? true : undefined,
    requiredOnUpdate: member.requiredOnUpdate ? true : undefined,
    description: member.description,
    meaning: meaningOf(owner, member.name),
    members: inner?.members
      .filter(({ name }) => name !== '_info')
      .map((part) => describeMember(catalog, targets, part, inner.name)),
  });
}

function typeOf(member: Member, reference: boolean, owner: string): string {
  if (member.type === 'array') return `${reference ? 'reference' : (member.itemType ?? 'object')}[]`;
  if (reference) return 'reference';
  return dateKindOf(owner, member) ?? member.type;
}

function clipped(values: readonly string[] | undefined): {
  values?: readonly string[] | undefined;
  count?: number | undefined;
} {
  if (values === undefined || values.length <= shownEnum) return { values };
  return { values: values.slice(0, shownEnum), count: values.length };
}
