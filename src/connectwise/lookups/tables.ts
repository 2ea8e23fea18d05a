import type { Catalog, Member, ReferenceTargets, Schema } from '../../catalog/index.ts';
import { wordsOf } from '../../core/english.ts';
import { defined } from '../../core/json.ts';

export type ParentKind = 'board' | 'company' | 'project';

/** Ids of the records that a name belongs to: a status has a board, a site a company, a phase a project. */
export type Parents = Readonly<Partial<Record<ParentKind, number>>>;

/** Where the records of a kind are listed, and which members name them. */
export interface LookupTable {
  /** For one record in a sentence. */
  noun: string;
  /** Reference schemas of such a record. */
  schemas: readonly string[];
  /** The collection; `{parent}` is the id of the parent. */
  path: string;
  /** Whether the parent is in the path, or may narrow the search as a condition. */
  parent?: { kind: ParentKind; in: 'path' | 'conditions' };
  /**
   * `setUp`: read whole and kept for an hour (CW 6.10). `few`: the records of one parent, read whole and kept for
   * minutes. `many`: searched with conditions.
   */
  size: 'setUp' | 'few' | 'many';
  /** Members that make the name: one, or first and last. */
  names: readonly string[];
  identifier?: string;
  mails?: readonly string[];
  /** An array member whose `value` may hold an e-mail address (CW 5.7.10). */
  mailItems?: string;
  /** How a record out of use is marked, which differs from schema to schema (CW 6.14). */
  gone?: { member: string; values: readonly (string | boolean)[]; condition?: string };
  /** A reference that distinguishes records of the same name. */
  owner?: string;
  /** Members, or names of references, that distinguish records of one name in addition. */
  marks?: readonly string[];
  /** A path of the same records that needs fewer rights. */
  instead?: { path: string; mails: readonly string[] };
}

const inactiveFlag = { member: 'inactiveFlag', values: [true] } as const;

/** A table of names that a manager sets up once. */
function setUp(noun: string, path: string, schemas: readonly string[], more: Partial<LookupTable> = {}): LookupTable {
  return { noun, path, schemas, size: 'setUp', names: ['name'], ...more };
}

/** What belongs to a board: the same name has another id on each (CW 6.12). */
function ofBoard(noun: string, collection: string, schema: string, gone: LookupTable['gone']): LookupTable {
  const path = `/service/boards/{parent}/${collection}`;
  return setUp(noun, path, [schema], defined<Partial<LookupTable>>({ parent: { kind: 'board', in: 'path' }, gone }));
}

/** Records of companies, of which there are many; the company narrows the search where it is known. */
function ofCompany(noun: string, path: string, schemas: readonly string[], more: Partial<LookupTable>): LookupTable {
  const parent = { kind: 'company', in: 'conditions' } as const;
  return { noun, path, schemas, size: 'many', names: ['name'], parent, owner: 'company', ...more };
}

const described = { names: ['description'] } as const;
const endable = { gone: inactiveFlag } as const;

/** Every kind that is looked up by its own rules. Tables of other references are derived from the catalog. */
export const tables = {
  boards: setUp('board', '/service/boards', ['BoardReference', 'ProjectBoardReference'], endable),
  statuses: ofBoard('status', 'statuses', 'ServiceStatusReference', { member: 'inactive', values: [true] }),
  types: ofBoard('type', 'types', 'ServiceTypeReference', inactiveFlag),
  subTypes: ofBoard('subtype', 'subtypes', 'ServiceSubTypeReference', inactiveFlag),
  items: ofBoard('item', 'items', 'ServiceItemReference', inactiveFlag),
  teams: ofBoard('team', 'teams', 'ServiceTeamReference', undefined),
  priorities: setUp('priority', '/service/priorities', ['PriorityReference']),
  sources: setUp('source', '/service/sources', ['ServiceSourceReference']),
  serviceLocations: setUp('service location', '/service/locations', ['ServiceLocationReference']),
  members: setUp('member', '/system/members', ['MemberReference'], {
    ...endable,
    names: ['firstName', 'lastName'],
    identifier: 'identifier',
    mails: ['officeEmail', 'primaryEmail'],
    // The first path needs Member Maintenance (CW 5.7.11).
    instead: { path: '/system/info/members', mails: ['defaultEmail'] },
  }),
  locations: setUp('location', '/system/locations', ['SystemLocationReference', 'OwnerLevelReference']),
  departments: setUp('department', '/system/departments', ['SystemDepartmentReference', 'BillingUnitReference'], {
    identifier: 'identifier',
  }),
  workTypes: setUp('work type', '/time/workTypes', ['WorkTypeReference'], endable),
  workRoles: setUp('work role', '/time/workRoles', ['WorkRoleReference'], endable),
  agreementTypes: setUp('agreement type', '/finance/agreements/types', ['AgreementTypeReference'], endable),
  scheduleTypes: setUp('schedule type', '/schedule/types', ['ScheduleTypeReference'], { identifier: 'identifier' }),
  scheduleStatuses: setUp('schedule status', '/schedule/statuses', ['ScheduleStatusReference']),
  opportunityStatuses: setUp(
    'opportunity status',
    '/sales/opportunities/statuses',
    ['OpportunityStatusReference'],
    endable,
  ),
  opportunityTypes: setUp('opportunity type', '/sales/opportunities/types', ['OpportunityTypeReference'], {
    ...endable,
    ...described,
  }),
  activityTypes: setUp('activity type', '/sales/activities/types', ['ActivityTypeReference'], endable),
  activityStatuses: setUp('activity status', '/sales/activities/statuses', ['ActivityStatusReference'], endable),
  companyStatuses: setUp('company status', '/company/companies/statuses', ['CompanyStatusReference'], endable),
  companyTypes: setUp('company type', '/company/companies/types', ['CompanyTypeReference']),
  contactTypes: setUp('contact type', '/company/contacts/types', ['ContactTypeReference'], described),
  communicationTypes: setUp(
    'communication type',
    '/company/communicationTypes',
    ['CommunicationTypeReference'],
    described,
  ),
  configurationTypes: setUp(
    'configuration type',
    '/company/configurations/types',
    ['ConfigurationTypeReference'],
    endable,
  ),
  configurationStatuses: setUp(
    'configuration status',
    '/company/configurations/statuses',
    ['ConfigurationStatusReference'],
    described,
  ),
  billingStatuses: setUp('billing status', '/finance/billingStatuses', ['BillingStatusReference'], endable),
  productCategories: setUp('product category', '/procurement/categories', ['ProductCategoryReference'], endable),
  productSubcategories: setUp(
    'product subcategory',
    '/procurement/subcategories',
    ['ProductSubCategoryReference'],
    endable,
  ),
  paymentTypes: setUp('payment type', '/expense/paymentTypes', ['PaymentMethodReference']),
  projectRoles: setUp('project role', '/project/securityRoles', ['ProjectRoleReference']),
  sites: {
    noun: 'site',
    path: '/company/companies/{parent}/sites',
    schemas: ['SiteReference'],
    size: 'few',
    names: ['name'],
    parent: { kind: 'company', in: 'path' },
    gone: inactiveFlag,
    marks: ['city'],
  },
  phases: {
    noun: 'phase',
    path: '/project/projects/{parent}/phases',
    schemas: ['ProjectPhaseReference'],
    size: 'few',
    names: ['description'],
    parent: { kind: 'project', in: 'path' },
  },
  companies: {
    noun: 'company',
    path: '/company/companies',
    schemas: ['CompanyReference'],
    size: 'many',
    names: ['name'],
    identifier: 'identifier',
    // Lists hold what was deleted, too (CW 5.7.9).
    gone: { member: 'deletedFlag', values: [true], condition: 'deletedFlag=false' },
    marks: ['city', 'status/name'],
  },
  // `inactiveFlag` is refused in the conditions of some endpoints (CW 2.2.20), so the inactive are left out here.
  contacts: {
    ...ofCompany('contact', '/company/contacts', ['ContactReference'], { gone: inactiveFlag, marks: ['title'] }),
    names: ['firstName', 'lastName'],
    mailItems: 'communicationItems',
  },
  agreements: ofCompany('agreement', '/finance/agreements', ['AgreementReference'], {
    gone: {
      member: 'agreementStatus',
      values: ['Cancelled', 'Expired', 'Inactive'],
      condition: 'agreementStatus="Active"',
    },
    marks: ['type/name', 'agreementStatus'],
  }),
  projects: ofCompany('project', '/project/projects', ['ProjectReference'], {
    gone: { member: 'closedFlag', values: [true], condition: 'closedFlag=false' },
    marks: ['status/name'],
  }),
  configurations: ofCompany('configuration', '/company/configurations', ['ConfigurationReference'], {
    gone: { member: 'activeFlag', values: [false], condition: 'activeFlag=true' },
    marks: ['type/name', 'status/name'],
  }),
  opportunities: ofCompany('opportunity', '/sales/opportunities', ['OpportunityReference'], { marks: ['status/name'] }),
  catalogItems: {
    noun: 'catalogue item',
    path: '/procurement/catalog',
    schemas: ['CatalogItemReference', 'IvItemReference'],
    size: 'many',
    names: ['description'],
    identifier: 'identifier',
    gone: inactiveFlag,
  },
} satisfies Record<string, LookupTable>;

export type LookupKind = keyof typeof tables;

// Finding the table

interface FoundTable {
  kind: string;
  table: LookupTable;
}

/** The table of a kind such as `statuses` or of a schema such as `ServiceStatusReference`. */
export type FindTable = (kindOrSchema: string) => FoundTable | undefined;

/** The table whose collection this endpoint lists. */
export function findTableOfList(path: string): LookupTable | undefined {
  const wanted = path.replace(/\{[^}]*\}/g, '{parent}').toLowerCase();
  return Object.values<LookupTable>(tables).find((table) => table.path.toLowerCase() === wanted);
}

/** Tables beyond these are derived from the catalog: a collection that lists the records of a reference schema. */
export function createFindTable(catalog: Catalog | undefined): FindTable {
  const known = new Map<string, FoundTable | undefined>();
  for (const [kind, table] of Object.entries<LookupTable>(tables)) {
    for (const name of [kind, ...table.schemas]) known.set(name, { kind, table });
  }
  return (kindOrSchema) => {
    if (known.has(kindOrSchema) || catalog === undefined) return known.get(kindOrSchema);
    const table = readTable(catalog, catalog.referenceTargets(), kindOrSchema);
    const found = table && { kind: kindOrSchema, table };
    known.set(kindOrSchema, found);
    return found;
  };
}

function readTable(catalog: Catalog, targets: ReferenceTargets, schema: string): LookupTable | undefined {
  if (!schema.endsWith('Reference')) return undefined;
  const path = targets.listOf(schema);
  // A collection below a record needs the id of that record, which a name does not contain.
  if (path === undefined || path.includes('{')) return undefined;
  const response = catalog.findEndpoint('GET', path)?.endpoint.response;
  const record = response?.array && response.schema ? catalog.findSchema(response.schema) : undefined;
  if (record === undefined) return undefined;
  const texts = record.members.filter(({ type }) => type === 'string').map(({ name }) => name);
  const name = ['name', 'identifier', 'description'].find((member) => texts.includes(member));
  if (name === undefined) return undefined;
  const flag = record.members.find(isInactiveFlag)?.name;
  return defined<LookupTable>({
    noun: wordsOf(schema.replace(/Reference$/, '')).join(' '),
    schemas: [schema],
    path,
    // There may be any number of records that belong to companies.
    size: hasCompany(record) ? 'many' : 'setUp',
    names: [name],
    identifier: texts.includes('identifier') ? 'identifier' : undefined,
    gone: flag === undefined ? undefined : { member: flag, values: [true] },
  });
}

function isInactiveFlag({ name, type }: Member): boolean {
  return type === 'boolean' && ['inactiveFlag', 'inactive', 'deletedFlag'].includes(name);
}

function hasCompany({ members }: Schema): boolean {
  return members.some(({ schema }) => schema === 'CompanyReference');
}
