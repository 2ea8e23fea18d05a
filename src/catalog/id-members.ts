import type { Catalog } from './catalog.ts';
import type { Member } from './endpoint.ts';

// Which list the number in a member such as `chargeToId` is from: no definition says so.

/** Lists of which one has the record, or such lists by what another member of the record says. */
type Meaning = string | readonly string[] | { by: string; lists: Readonly<Record<string, string | readonly string[]>> };

const serviceTickets = '/service/tickets';
const projectTickets = '/project/tickets';
const anyTicket = [serviceTickets, projectTickets];
const companies = '/company/companies';
const contacts = '/company/contacts';
const configurations = '/company/configurations';
const members = '/system/members';
const locations = '/system/locations';
const departments = '/system/departments';
const boards = '/service/boards';
const agreements = '/finance/agreements';
const opportunities = '/sales/opportunities';
const projects = '/project/projects';
const invoices = '/finance/invoices';
const products = '/procurement/products';
const workRoles = '/time/workRoles';
const workTypes = '/time/workTypes';
const tracks = '/company/tracks';
const purchaseOrders = '/procurement/purchaseorders';
const projectTemplates = '/project/projectTemplates';
const activities = '/sales/activities';

/** `chargeToType` of time and expenses (CW 5.6.1, 5.5.11). */
const charged: Meaning = {
  by: 'chargeToType',
  lists: {
    ServiceTicket: serviceTickets,
    ProjectTicket: projectTickets,
    ProjectIssue: projectTickets,
    ChargeCode: '/time/chargeCodes',
    Activity: activities,
    Company: companies,
  },
};

/** `recordType` of a document (CW 5.8.3), as far as a value names one list. */
const documented: Meaning = {
  by: 'recordType',
  lists: {
    Activity: activities,
    Agreement: agreements,
    Company: companies,
    Configuration: configurations,
    Contact: contacts,
    Expense: '/expense/entries',
    Invoice: invoices,
    KnowledgeBase: '/service/knowledgeBaseArticles',
    Member: members,
    Opportunity: opportunities,
    Priority: '/service/priorities',
    Project: projects,
    ProjectTicket: projectTickets,
    PurchaseOrder: purchaseOrders,
    Rma: '/procurement/rmaTags',
    SalesOrder: '/sales/orders',
    Schedule: '/schedule/entries',
    ServiceBoard: boards,
    Ticket: anyTicket,
    TimeEntry: '/time/entries',
  },
};

/**
 * By the name of a member, or by its schema and name where that matters. `{parentId}` in a list is the placeholder in the
 * path of the request, any other one a member of the same record.
 */
export const idMembers: Readonly<Record<string, Meaning>> = {
  activityId: activities,
  agreementId: agreements,
  agreementTypeIds: '/finance/agreements/types',
  'Invoice.applyToId': {
    by: 'applyToType',
    lists: { Agreement: agreements, Project: projects, SalesOrder: '/sales/orders', Ticket: anyTicket },
  },
  billCycleId: '/finance/billingCycles',
  billingStatusIds: '/finance/billingStatuses',
  boardId: boards,
  boardIds: boards,
  businessUnitId: departments,
  businessUnitIds: departments,
  campaignId: '/marketing/campaigns',
  catalogItemId: '/procurement/catalog',
  'KnowledgeBaseArticle.categoryId': '/service/knowledgeBaseCategories',
  chargeToId: charged,
  'Task.childTicketId': serviceTickets,
  'TicketTask.childTicketId': projectTickets,
  childTicketIds: serviceTickets,
  companyLocationId: locations,
  companyRecID: companies,
  configIds: configurations,
  configTypeIds: '/company/configurations/types',
  contactId: contacts,
  contactIds: contacts,
  countryIds: '/company/countries',
  defaultMergeContactId: contacts,
  departmentId: departments,
  departmentIds: departments,
  detailId: '/procurement/pricingschedules/{grandparentId}/details',
  'Invoice.emailTemplateId': '/finance/invoiceEmailTemplates',
  excludedProjectBoardIds: boards,
  excludedServiceBoardIds: boards,
  exclusionWorkRoleIds: workRoles,
  exclusionWorkTypeIds: workTypes,
  expenseTypeIds: '/expense/types',
  fromMemberRecId: members,
  fromMemberTemplateRecId: '/system/membertemplates',
  groupId: '/marketing/groups',
  includeNoteIds: '/sales/opportunities/{id}/notes',
  invoiceIds: invoices,
  knowledgeBaseCategoryId: '/service/knowledgeBaseCategories',
  knowledgeBaseLinkId: {
    by: 'knowledgeBaseLinkType',
    lists: {
      Activity: activities,
      KnowledgeBaseArticle: '/service/knowledgeBaseArticles',
      ProjectIssue: projectTickets,
      ProjectTicket: projectTickets,
      ServiceTicket: serviceTickets,
      Time: '/time/entries',
    },
  },
  knowledgeBaseSubCategoryId: '/service/knowledgeBaseSubCategories',
  locationId: locations,
  locationIds: locations,
  marketingManagerDefaultTrackId: tracks,
  memberId: members,
  memberRecId: members,
  mergeTicketIds: serviceTickets,
  // Types are known by their letter, which is the same in all systems for these two (CW 5.7.1).
  'ScheduleEntry.objectId': { by: 'type', lists: { S: anyTicket, C: activities } },
  // By level: with `owner` it means everything, whatever the number (CW 5.10.1).
  'CallbackEntry.objectId': {
    by: 'level',
    lists: {
      activity: activities,
      agreement: agreements,
      board: boards,
      company: companies,
      configuration: configurations,
      contact: contacts,
      expense: '/expense/entries',
      invoice: invoices,
      member: members,
      opportunity: opportunities,
      project: projects,
      purchaseorder: purchaseOrders,
      schedule: '/schedule/entries',
      ticket: anyTicket,
      time: '/time/entries',
    },
  },
  opportunityDefaultTrackId: tracks,
  opportunityId: opportunities,
  opportunityRecid: opportunities,
  parentConfigurationId: configurations,
  parentTicketId: serviceTickets,
  pmTmpProjectRecID: projectTemplates,
  'ProjectTicket.predecessorId': {
    by: 'predecessorType',
    lists: { Ticket: projectTickets, Phase: '/project/projects/{project}/phases' },
  },
  'Ticket.predecessorId': {
    by: 'predecessorType',
    lists: { Ticket: anyTicket, Phase: '/project/projects/{project}/phases' },
  },
  'Order.productIds': products,
  productTypeIds: '/procurement/types',
  projectId: projects,
  projectRecId: projects,
  projectRoleId: '/project/securityRoles',
  projectTemplateId: projectTemplates,
  projectTemplatePhaseId: '/project/projectTemplates/{parentId}/projectTemplatePhases',
  purchaseHeaderRecID: purchaseOrders,
  purchaseHeaderRecId: purchaseOrders,
  purchaseOrderId: purchaseOrders,
  recordId: documented,
  salesOrderId: '/sales/orders',
  scheduleId: '/schedule/entries',
  'ConnectWiseHostedSetup.screenId': '/system/connectWiseHostedScreens',
  serialNumberIds: '/procurement/onhandserialnumbers',
  serviceBoardId: boards,
  serviceBoardStatusId: '/service/boards/{serviceBoardId}/statuses',
  serviceBoardTeamIds: '/service/teams',
  srStatusId: '/service/boards/{parentId}/statuses',
  'KnowledgeBaseArticle.subCategoryId': '/service/knowledgeBaseSubCategories',
  surveyId: '/service/surveys',
  templateRecId: projectTemplates,
  // The territory of a company refers to a location too (the definition).
  territoryId: locations,
  ticketId: serviceTickets,
  'TicketNote.ticketId': anyTicket,
  'TicketTask.ticketId': projectTickets,
  toCompanyId: companies,
  trackId: tracks,
  'Company.typeIds': '/company/companies/types',
  'Contact.typeIds': '/company/contacts/types',
  userDefinedFieldId: '/system/userDefinedFields',
  vendorId: companies,
  warehouseBinId: '/procurement/warehouseBins',
  warehouseId: '/procurement/warehouses',
  workRoleIds: workRoles,
};

/** Lists of references, where names that agree do not give them (`ReferenceTargets`). */
const referenceLists: Readonly<Record<string, readonly string[]>> = {
  BillingDeliveryReference: ['/finance/deliveryMethods'],
  CalendarSetupReference: ['/schedule/calendars'],
  EmailConnectorParsingTypeReference: ['/system/parsingTypes'],
  EmailConnectorParsingVariableReference: ['/system/parsingVariables'],
  ImapSetupReference: ['/system/imaps'],
  KBCategoryReference: ['/service/knowledgeBaseCategories'],
  ManagementSolutionReference: ['/company/managementItSolutions'],
  OpportunityProbabilityReference: ['/sales/probabilities'],
  OpportunitySalesRoleReference: ['/sales/roles'],
  ProductItemReference: [products],
  ReminderReference: ['/schedule/reminderTimes'],
  TicketReference: anyTicket,
};

/** Paths with records of another list below them, in lower case. */
const otherPaths: Readonly<Record<string, string>> = {
  '/finance/agreementtypes': '/finance/agreements/types',
  '/finance/closedinvoices': invoices,
  '/project': projects,
  '/project/billingrates': projects,
  '/project/boards': boards,
  '/project/projecttemplates/createfromproject': projects,
};

/**
 * Lists of which one has the records of a reference schema, and whether a number that they lack names no record: names
 * that agree are not enough for that. Undefined where none is known without the id of another record.
 */
export function listsOfReference(
  catalog: Pick<Catalog, 'referenceTargets'>,
  schema: string,
): { lists: readonly string[]; isCertain: boolean } | undefined {
  const own = referenceLists[schema];
  if (own !== undefined) return { lists: own, isCertain: true };
  const derived = catalog.referenceTargets().listOf(schema);
  return derived === undefined || derived.includes('{') ? undefined : { lists: [derived], isCertain: false };
}

/** The list of the record whose number follows this in a path. */
export const listOfPath = (path: string): string => otherPaths[path.toLowerCase()] ?? path;

const ownNumber = 'ConnectWise writes it: it repeats a number of the path or of another record';
const noList = 'no endpoint lists such records';
const whichList = 'the definition does not say which of several lists is meant';
const document = 'documents are listed only by what they are attached to (CW 5.8.2)';
const deepList = 'such records are listed below one that the body does not name';

/** Members that look like them and cannot be looked up, with the reason. */
export const silentIdMembers: Readonly<Record<string, string>> = {
  actionId: deepList,
  activityClassRecId: noList,
  agreementParamId: deepList,
  agreementTypeParamId: deepList,
  answerId: deepList,
  billingLogRecID: noList,
  boardAssociationIds: whichList,
  companyParamId: deepList,
  convertedAGRDetailRecID: ownNumber,
  convertedRecID: ownNumber,
  departmentParamId: deepList,
  documentIds: document,
  endDateParamId: deepList,
  eventId: deepList,
  excludedExpenseIds: whichList,
  excludedInvoiceIds: whichList,
  forecastDetailId: deepList,
  grandParentId: ownNumber,
  includeDocumentIds: document,
  includeProductIds: whichList,
  includedExpenseIds: whichList,
  includedInvoiceIds: whichList,
  includedPaymentIds: whichList,
  invoiceParamId: deepList,
  largeMenuIconId: document,
  locationParamId: deepList,
  marketingCampaignParamId: deepList,
  memberParamId: deepList,
  monitoringTypeId: whichList,
  notifyActionIds: deepList,
  oppTypeParamId: deepList,
  opportunityParamId: deepList,
  ownerLevelId: whichList,
  pageId: noList,
  parentId: ownNumber,
  personaId: noList,
  podId: noList,
  'ProjectTemplateTask.ticketId': deepList,
  'ProjectTemplateTicket.predecessorId': deepList,
  processedRecordIds: noList,
  productRecId: whichList,
  projectParamId: deepList,
  projectTypeParamId: deepList,
  questionId: deepList,
  referenceId: whichList,
  serviceBoardParamId: deepList,
  serviceStatusParamId: deepList,
  serviceTypeParamId: deepList,
  siteId: 'it is a site of another product',
  smallMenuIconId: document,
  startDateParamId: deepList,
  subContractorShipToId: whichList,
  subTypeAssociationIds: whichList,
  tableReferenceId: noList,
  teStatusID: noList,
  templateSetupId: whichList,
  territoryParamId: deepList,
  toolbarButtonIconDocumentId: document,
  typeAssociationIds: whichList,
  unbatchedRecId: noList,
  userDefinedFieldRecId: ownNumber,
  workRoleParamId: deepList,
  workTypeParamId: deepList,
};

/** Whether a member, by its name and type, holds the number of a record, or several. */
export function isIdMember({ name, type, itemType, schema }: Member): boolean {
  const holds = type === 'array' && schema === undefined ? itemType : type;
  return holds === 'integer' && /(Id|ID|Ids|Rec[Ii]d)$/.test(name);
}

/** The record that has the member, and the request that it is for. */
export interface IdHolder {
  schema: string;
  /** What another member says, `ServiceTicket`; of a reference its identifier. */
  textOf(member: string): string | undefined;
  /** The number in another member, or in a placeholder of the path. */
  idOf(name: string): number | undefined;
}

/** Paths of the lists of which one has the record; undefined where it is not known, or another member is missing. */
export function listsOfId(name: string, holder: IdHolder): readonly string[] | undefined {
  const own = `${holder.schema}.${name}`;
  if (own in silentIdMembers) return undefined;
  const meaning = idMembers[own] ?? idMembers[name];
  const lists = meaning === undefined || typeof meaning === 'string' ? meaning : choose(meaning, holder);
  const filled = [lists ?? []].flat().flatMap((list) => fill(list, holder) ?? []);
  return filled.length === 0 ? undefined : filled;
}

function choose(meaning: Exclude<Meaning, string>, { textOf }: IdHolder): string | readonly string[] | undefined {
  if (!('by' in meaning)) return meaning;
  const said = textOf(meaning.by)?.toLowerCase();
  return Object.entries(meaning.lists).find(([value]) => value.toLowerCase() === said)?.[1];
}

function fill(list: string, { idOf }: IdHolder): string | undefined {
  const path = list.replace(/\{([^}]*)\}/g, (whole, name: string) => String(idOf(name) ?? whole));
  return path.includes('{') ? undefined : path;
}

/** Whether a list answers without a filter: that of documents needs the record that they are attached to (CW 5.8.2). */
export function isListed(catalog: Pick<Catalog, 'findEndpoint'>, path: string): boolean {
  const found = catalog.findEndpoint('GET', path)?.endpoint;
  return found?.response?.array === true && found.path !== '/system/documents';
}
