import type { Catalog } from '../src/catalog/index.ts';
import { type Collections, collectionKey } from './collections.ts';

/** Where references lead whose schema is not named after the schema of the records they stand for. */
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
 * The collection that holds what a reference schema stands for: `CompanyReference` leads to `/company/companies`.
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

/** The shortest path that lists a schema is its home; longer ones are views of it. */
function listKeysBySchema(catalog: Catalog): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { id, method, path } of catalog.endpoints) {
    // Reading an endpoint costs; what cannot be a list is told by its path.
    if (id < 0 || method !== 'GET' || /\/(info|count|usages)(\/|$)|\}\/?$/.test(path)) continue;
    const { response } = catalog.getEndpoint(id);
    const key = collectionKey(path);
    if (response?.array !== true || response.schema === undefined) continue;
    const known = keys.get(response.schema);
    if (known === undefined || key.length < known.length) keys.set(response.schema, key);
  }
  return keys;
}
