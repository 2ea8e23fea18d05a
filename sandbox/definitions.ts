import type { Catalog, Endpoint, Member, Method, Schema } from '../src/catalog/index.ts';
import { defined } from '../src/core/json.ts';
import { endpointMissing } from './server/refusal.ts';

/** What the catalog says about records, read as far as it was needed. */
export interface Definitions {
  schemas: Schemas;
  collections: Collections;
  targetOf: FindTarget;
}

export function createDefinitions(catalog: Catalog): Definitions {
  const collections = createCollections(catalog);
  return { schemas: createSchemas(catalog), collections, targetOf: createTargets(catalog, collections) };
}

/** Schemas by name with their members found at once; each is read from the catalog only on first use. */
export interface Schemas {
  find(name: string): Schema | undefined;
  /** Exact spelling: bodies and patches are case-sensitive (CW 2.2.4). */
  member(schema: string, name: string): Member | undefined;
  /** Any case: conditions, orderBy and fields. */
  memberIgnoringCase(schema: string, name: string): Member | undefined;
}

interface Indexed {
  schema: Schema;
  exact: ReadonlyMap<string, Member>;
  lower: ReadonlyMap<string, Member>;
}

export function createSchemas(catalog: Catalog): Schemas {
  const read = new Map<string, Indexed | undefined>();
  const indexed = (name: string): Indexed | undefined => {
    if (!read.has(name)) {
      const schema = catalog.findSchema(name);
      read.set(name, schema && index(schema));
    }
    return read.get(name);
  };
  return {
    find: (name) => indexed(name)?.schema,
    member: (schema, name) => indexed(schema)?.exact.get(name),
    memberIgnoringCase: (schema, name) => indexed(schema)?.lower.get(name.toLowerCase()),
  };
}

function index(schema: Schema): Indexed {
  return {
    schema,
    exact: new Map(schema.members.map((member) => [member.name, member])),
    lower: new Map(schema.members.map((member) => [member.name.toLowerCase(), member])),
  };
}

/** Definitions mark some dates only by their name (`closedDate` of a ticket is a plain string there). */
const dateNames =
  /^(date([A-Z]\w*)?|\w+Date(Utc|UTC)?|timeStart|timeEnd|deadline|(estimated|actual|scheduled_?)(Start|End)|birthDay|anniversary|lastUpdated|lastLogin)$/;

export function isDate(member: Member): boolean {
  return member.type === 'string' && (member.format === 'date-time' || dateNames.test(member.name));
}

/** Members that exist only to be posted: never returned, never filtered by (CW 2.2.21, 5.1). */
export function isPostOnly(member: Member): boolean {
  return member.description?.includes('Only available for POST') === true || member.name === 'typeIds';
}

/** A set of records that the catalog can list or make. */
export interface Collection {
  /** Path with `{}` for every placeholder and lower-case words: `/service/boards/{}/statuses`. */
  key: string;
  /** The template as the catalog spells it. */
  template: string;
  schema: string;
  /** Key of the collection whose records own these, `/service/boards` here. */
  parentKey?: string;
}

/** What an endpoint does to a collection. `schema` is what it answers with, where that is not the record itself. */
export interface Purpose {
  kind: 'list' | 'count' | 'create' | 'read' | 'replace' | 'patch' | 'delete' | 'usages' | 'usagesList';
  collection: Collection;
  schema: string;
}

export interface Collections {
  find(key: string): Collection | undefined;
  /** @throws GatewayError 404 `The endpoint does not exist.` */
  get(key: string): Collection;
  /** Collections directly below a record of `key`, such as notes below a ticket. */
  childrenOf(key: string): readonly Collection[];
  /** Undefined for an endpoint that is not about a collection: an action, a file, a single setting. */
  purposeOf(endpoint: Endpoint): Purpose | undefined;
  all(): readonly Collection[];
}

export function collectionKey(template: string): string {
  return template
    .replace(/\{[^}]*\}/g, '{}')
    .replace(/\/+$/, '')
    .toLowerCase();
}

/** Reads from the catalog which collections exist, each one on first use. */
export function createCollections(catalog: Catalog): Collections {
  const idsByKey = new Map<string, Partial<Record<Method, number>>>();
  for (const { id, method, path } of catalog.endpoints) {
    // The gateway's local endpoints do not exist in ConnectWise.
    if (id < 0) continue;
    const key = collectionKey(path);
    const known = idsByKey.get(key) ?? {};
    known[method] ??= id;
    idsByKey.set(key, known);
  }
  const children = new Map<string, readonly Collection[]>();
  const found = new Map<string, Collection | undefined>();
  const find = (key: string): Collection | undefined => {
    if (!found.has(key)) found.set(key, readCollection(catalog, idsByKey, key));
    return found.get(key);
  };
  return {
    find,
    get(key) {
      const collection = find(key);
      if (collection === undefined) throw endpointMissing();
      return collection;
    },
    childrenOf(key) {
      const known = children.get(key) ?? listChildren(idsByKey.keys(), key).flatMap((child) => find(child) ?? []);
      children.set(key, known);
      return known;
    },
    purposeOf: (endpoint) => purposeOf(endpoint, find),
    all: () => [...idsByKey.keys()].flatMap((key) => find(key) ?? []),
  };
}

function listChildren(keys: Iterable<string>, key: string): string[] {
  const prefix = `${key}/{}/`;
  return [...keys].filter((other) => other.startsWith(prefix) && !/[/{]/.test(other.slice(prefix.length)));
}

function readCollection(
  catalog: Catalog,
  idsByKey: ReadonlyMap<string, Partial<Record<Method, number>>>,
  key: string,
): Collection | undefined {
  if (/\/(count|usages|list|default|bulk|search)$/.test(key)) return undefined;
  const ids = idsByKey.get(key);
  // A path below a record that can only be posted to is an action on that record: `/sales/opportunities/{}/converttoproject`.
  const isDeed =
    ids?.GET === undefined && /\{\}\/[^/]+$|\/import$/.test(key) && idsByKey.get(`${key}/{}`)?.GET === undefined;
  const listId = isDeed ? undefined : (ids?.GET ?? ids?.POST);
  if (listId === undefined) return undefined;
  const endpoint = catalog.getEndpoint(listId);
  const response = endpoint.response;
  // A POST that makes records answers 201; one with 200 is an action (CW 4.2).
  const isList = endpoint.method === 'GET' ? response?.array === true : endpoint.status === 201;
  if (!isList || response?.schema === undefined || key.endsWith('{}')) return undefined;
  const parentKey = /^(.*)\/\{\}\/[^{}]*$/.exec(key)?.[1];
  // The list of a few collections shows less than the record does.
  const recordId = idsByKey.get(`${key}/{}`)?.GET;
  const recordSchema = recordId === undefined ? undefined : catalog.getEndpoint(recordId).response?.schema;
  return defined<Collection>({ key, template: endpoint.path, schema: recordSchema ?? response.schema, parentKey });
}

const recordKinds = { GET: 'read', PUT: 'replace', PATCH: 'patch', DELETE: 'delete' } as const;

function purposeOf(endpoint: Endpoint, find: (key: string) => Collection | undefined): Purpose | undefined {
  const key = collectionKey(endpoint.path);
  const { method } = endpoint;
  const usages = /^(.*)\/\{\}\/usages(\/list)?$/.exec(key);
  if (usages !== null) return about(find(usages[1] ?? ''), usages[2] === undefined ? 'usages' : 'usagesList', endpoint);
  // A few twins count at `/count/info`.
  if (/\/count(\/info)?$/.test(key) && method === 'GET') {
    return about(findWithoutInfo(key.replace(/\/count(?=\/info$|$)/, ''), find), 'count', endpoint);
  }
  if (key.endsWith('/{}') && method !== 'POST') {
    return about(findWithoutInfo(key.slice(0, -3), find), recordKinds[method], endpoint);
  }
  if (key.endsWith('/{}/info')) return about(findWithoutInfo(key.replace('/{}/info', '/info'), find), 'read', endpoint);
  if (method === 'GET')
    return endpoint.response?.array ? about(findWithoutInfo(key, find), 'list', endpoint) : undefined;
  return method === 'POST' ? about(find(key), 'create', endpoint) : undefined;
}

/** Lists of set-up under a path that is not that of the records with `info` behind it. */
const irregularTwins: Readonly<Record<string, string>> = {
  '/company/billingsetups': '/finance/billingsetups',
  '/company/expensetypes': '/expense/types',
  '/company/paymenttypes': '/expense/paymenttypes',
  '/configurations/types': '/company/configurations/types',
  '/configurations/types/{}/questions': '/company/configurations/types/{}/questions',
  '/configurations/types/{}/questions/{}/values': '/company/configurations/types/{}/questions/{}/values',
  '/sales/service/priority': '/service/priorities',
  '/service/priority': '/service/priorities',
  '/service/slainfo': '/service/slas',
  '/system/directionalsyncs': '/procurement/directionalsyncs',
};

/** `/service/boards/info` and `/system/info/members` show the records of the path without `info` (CW 5.11). */
function findWithoutInfo(key: string, find: (key: string) => Collection | undefined): Collection | undefined {
  const plain = key.replace(/\/info(?=\/|$)/, '').replace(/\/count$/, '');
  return (plain === key ? undefined : find(irregularTwins[plain] ?? plain)) ?? find(key);
}

function about(collection: Collection | undefined, kind: Purpose['kind'], endpoint: Endpoint): Purpose | undefined {
  if (collection === undefined) return undefined;
  return { kind, collection, schema: endpoint.response?.schema ?? collection.schema };
}

/** Collections of references whose schema is not named after the schema of the records. */
const irregularTargets: Readonly<Record<string, string>> = {
  BillingTermsReference: '/finance/billingterms',
  BillingUnitReference: '/system/departments',
  ConfigurationReference: '/company/configurations',
  CurrencyReference: '/finance/currencies',
  IvItemReference: '/procurement/catalog',
  MemberReference: '/system/members',
  NoteTypeReference: '/company/notetypes',
  OpportunityProbabilityReference: '/sales/probabilities',
  OwnerLevelReference: '/system/locations',
  PaymentMethodReference: '/expense/paymenttypes',
  ProductCategoryReference: '/procurement/categories',
  ProductSubCategoryReference: '/procurement/subcategories',
  ProjectBoardReference: '/service/boards',
  ProjectRoleReference: '/project/securityroles',
  RelationshipReference: '/company/contacts/relationships',
  ReminderReference: '/schedule/remindertimes',
  SalesOrderReference: '/sales/orders',
  ServiceCodeReference: '/service/codes',
  ServiceItemReference: '/service/boards/{}/items',
  ServiceSourceReference: '/service/sources',
  ServiceStatusReference: '/service/boards/{}/statuses',
  ServiceSubTypeReference: '/service/boards/{}/subtypes',
  ServiceTeamReference: '/service/boards/{}/teams',
  ServiceTypeReference: '/service/boards/{}/types',
  SiteReference: '/company/companies/{}/sites',
  SLAReference: '/service/slas',
  SystemDepartmentReference: '/system/departments',
  SystemLocationReference: '/system/locations',
  TicketReference: '/service/tickets',
};

/**
 * The collection of the records that a reference schema refers to: `CompanyReference` leads to `/company/companies`.
 * Undefined where the catalog has no such collection; such references are kept as they are given.
 */
export type FindTarget = (referenceSchema: string) => string | undefined;

export function createTargets(catalog: Catalog, collections: Collections): FindTarget {
  const found = new Map<string, string | undefined>();
  let keysBySchema: ReadonlyMap<string, string> | undefined;
  return (referenceSchema) => {
    if (!found.has(referenceSchema)) {
      keysBySchema ??= listKeysBySchema(catalog);
      const key = irregularTargets[referenceSchema] ?? keysBySchema.get(referenceSchema.replace(/Reference$/, ''));
      const isTarget =
        referenceSchema.endsWith('Reference') && key !== undefined && collections.find(key) !== undefined;
      found.set(referenceSchema, isTarget ? key : undefined);
    }
    return found.get(referenceSchema);
  };
}

/** Of several paths that list a schema, the shortest one holds the records. */
function listKeysBySchema(catalog: Catalog): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { path, schema } of catalog.lists()) {
    if (/\/(info|count|usages)(\/|$)|\}\/?$/.test(path)) continue;
    const key = collectionKey(path);
    const known = keys.get(schema);
    if (known === undefined || key.length < known.length) keys.set(schema, key);
  }
  return keys;
}

/** What ConnectWise calls a record of a schema in its messages, where that is not the schema's own name (CW 4.2). */
const irregularKinds: Readonly<Record<string, string>> = {
  Board: 'Service Board',
  BoardItem: 'Service Item',
  BoardStatus: 'Service Status',
  BoardSubType: 'Service Sub Type',
  BoardTeam: 'Service Team',
  BoardType: 'Service Type',
  ProjectTicket: 'Ticket',
};

/** `Contact`, `Service Status`: for `Contact 57919 not found`. */
export function kindOf(schema: string): string {
  return irregularKinds[schema] ?? shortName(schema).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

/** `ticket`, `timeEntry`: the `resource` of a error. */
export function resourceOf(schema: string): string {
  const name = schema === 'ProjectTicket' ? 'Ticket' : shortName(schema);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Schema names may have a prefix, where two would have the same name: `Company.Configuration`. */
export function shortName(schema: string): string {
  return schema.slice(schema.lastIndexOf('.') + 1);
}
