import type { LookupTable } from './lookup-table.ts';

const inactiveFlag = { member: 'inactiveFlag', values: [true] } as const;

/** A table of names that a manager sets up once. */
function setUp(noun: string, path: string, schemas: readonly string[], more: Partial<LookupTable> = {}): LookupTable {
  return { noun, path, schemas, size: 'setUp', names: ['name'], ...more };
}

/** What belongs to a board: the same name has another id on each (CW 6.12). */
function ofBoard(noun: string, collection: string, schema: string, gone: LookupTable['gone']): LookupTable {
  const path = `/service/boards/{parent}/${collection}`;
  return setUp(noun, path, [schema], { parent: { kind: 'board', in: 'path' }, ...(gone && { gone }) });
}

/** What companies have in numbers; the company narrows the search where it is known. */
function ofCompany(noun: string, path: string, schemas: readonly string[], gone?: LookupTable['gone']): LookupTable {
  const parent = { kind: 'company', in: 'conditions' } as const;
  return { noun, path, schemas, size: 'many', names: ['name'], parent, owner: 'company', ...(gone && { gone }) };
}

const described = { names: ['description'] } as const;
const endable = { gone: inactiveFlag } as const;

/** Every kind that is looked up by its own rules. What else has references, the catalog tells (`find-table.ts`). */
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
  },
  // `inactiveFlag` is refused in the conditions of some endpoints (CW 2.2.20), so the inactive are left out here.
  contacts: {
    ...ofCompany('contact', '/company/contacts', ['ContactReference'], inactiveFlag),
    names: ['firstName', 'lastName'],
    mailItems: 'communicationItems',
  },
  agreements: ofCompany('agreement', '/finance/agreements', ['AgreementReference'], {
    member: 'agreementStatus',
    values: ['Cancelled', 'Expired', 'Inactive'],
    condition: 'agreementStatus="Active"',
  }),
  projects: ofCompany('project', '/project/projects', ['ProjectReference'], {
    member: 'closedFlag',
    values: [true],
    condition: 'closedFlag=false',
  }),
  configurations: ofCompany('configuration', '/company/configurations', ['ConfigurationReference'], {
    member: 'activeFlag',
    values: [false],
    condition: 'activeFlag=true',
  }),
  opportunities: ofCompany('opportunity', '/sales/opportunities', ['OpportunityReference']),
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
