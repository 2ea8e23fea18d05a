import { keepFirst } from '../core/budget.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { nearestNames } from '../core/nearest.ts';
import type { Catalog } from './catalog.ts';
import { type DescribedMember, describeMember, type OpenedMember, openMember } from './described-member.ts';
import type { Endpoint, Member, Parameter, Payload, Schema } from './endpoint.ts';
import { exampleBody } from './example-body.ts';
import { findExample } from './notes/find-example.ts';
import { findNotes } from './notes/find-notes.ts';
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
  /** Required members first, then those people use, as far as the budget goes. */
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
  /** What people learnt the hard way. */
  notes?: readonly string[];
  /** A body with the required members only. */
  example?: unknown;
  /** Query members that a technician would give. */
  exampleParams?: Readonly<Record<string, string>>;
  opened?: readonly OpenedMember[];
}

export interface DescribeOptions {
  /** Members to say everything about, instead of the rest. */
  open?: readonly string[];
}

type Staged = Pick<DescribedPayload, 'members' | 'more' | 'andMore'>;

/** Most that any schema with a path has. */
const shownNotes = 5;

/** Bytes of JSON for the described members of a body and of a response; with the names of the rest, 1,200 tokens hold. */
const budgets = { body: 1800, response: 1100, names: 2000 };

/**
 * How to call an endpoint, as plain data; bounded, so that 120 members cost as much as 30.
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
  return defined<EndpointDetails>({
    ...head,
    description,
    pathParameters: place('path'),
    queryParameters: place('query'),
    body: endpoint.body && describeBody(catalog, targets, endpoint, endpoint.body),
    response: { status: endpoint.status, ...describeResponse(catalog, targets, endpoint) },
    notes: learnt.length > 0 ? learnt : undefined,
    example: exampleBody(catalog, endpoint),
    exampleParams: findExample(catalog, endpoint)?.params,
  });
}

function describeBody(
  catalog: Catalog,
  targets: ReferenceTargets,
  endpoint: Endpoint,
  body: Payload,
): DescribedPayload {
  const record = patchedRecord(catalog, endpoint);
  // A patch names members of the record; none of them has to be there.
  const schema = record ?? schemaOf(catalog, body);
  const members = record ? record.members.map(({ required: _, ...member }) => member) : schema?.members;
  return {
    ...payloadHead(body),
    ...(record ? { changes: record.name } : {}),
    ...(schema && members ? staged(catalog, targets, { ...schema, members: writable(members) }, budgets.body) : {}),
  };
}

function describeResponse(catalog: Catalog, targets: ReferenceTargets, endpoint: Endpoint): DescribedPayload {
  const { body, response } = endpoint;
  if (!response) return {};
  const schema = schemaOf(catalog, response);
  const inBody = patchedRecord(catalog, endpoint)?.name ?? body?.schema;
  if (schema && schema.name === inBody) return { ...payloadHead(response), sameAsBody: true };
  return {
    ...payloadHead(response),
    ...(schema ? staged(catalog, targets, { ...schema, members: readable(schema.members) }, budgets.response) : {}),
  };
}

function payloadHead({ schema, array, type, mediaType }: Payload): DescribedPayload {
  return defined<DescribedPayload>({
    schema,
    array: array ? true : undefined,
    type,
    mediaType: mediaType === 'application/json' ? undefined : mediaType,
  } as { [K in keyof DescribedPayload]: DescribedPayload[K] | undefined });
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

/** Of what comes back, lengths and duties say nothing. */
function readable(members: readonly Member[]): readonly Member[] {
  return members.map(({ required: _, maxLength: __, ...member }) => member);
}

/** Required members whole, whatever they cost; others in the order of use while the budget lasts; then names. */
function staged(catalog: Catalog, targets: ReferenceTargets, schema: Schema, budget: number): Staged {
  const shown = schema.members.filter(({ name }) => name !== '_info');
  const order = [...shown].sort(
    (a, b) => Number(b.required ?? false) - Number(a.required ?? false) || usualRank(a) - usualRank(b),
  );
  const described: DescribedMember[] = [];
  const rest: string[] = [];
  let spent = 0;
  for (const member of order) {
    // Once one did not fit, the others are names alone, and need no line to find that out.
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
  return {
    ...(described.length > 0 ? { members: described } : {}),
    ...(more.length > 0 ? { more } : {}),
    ...(more.length < rest.length ? { andMore: rest.length - more.length } : {}),
  };
}

/** A member of the body, the answer or the parameters, with the schema it stands in. */
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
  return defined<Member>({ name, type, required: required ? true : undefined, format, enum: values, description } as {
    [K in keyof Member]: Member[K] | undefined;
  });
}
