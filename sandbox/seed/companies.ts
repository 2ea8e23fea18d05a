import type { JsonObject } from '../json.ts';
import { customFields } from './custom-fields.ts';
import { addHours, type Garden, type PlantedRecord, to } from './garden.ts';
import { listClients } from './more-names.ts';
import { type Client, firstNames, jobTitles, lastNames, streets } from './names.ts';

/** Companies whose status or type is not the usual one, by place in the list. */
const oddStatus: Readonly<Record<number, number>> = { 13: 3, 36: 4, 35: 2 };
const oddTypes: Readonly<Record<number, number>> = { 32: 2, 34: 2, 27: 2 };

/** Companies with their sites, each with a main contact, and the other contacts spread over them. */
export function plantCompanies(garden: Garden): void {
  const { random, size } = garden;
  for (const [index, client] of listClients(random, size.companies).entries()) plantClient(garden, client, index);
  for (let made = size.companies; made < size.contacts; made += 1) {
    // The first half of the companies has most of the people.
    const companyId = random.chance(0.7) ? random.between(1, size.companies / 2) : random.between(1, size.companies);
    plantContact(garden, { companyId, isMain: false });
  }
}

/** A company, its sites and its main contact; its place in the list decides on its type and status. */
export function plantClient(garden: Garden, client: Client, index: number): PlantedRecord {
  const { plant, random, day } = garden;
  const [name, identifier, city, state, numberOfEmployees] = client;
  const addressLine1 = `${random.between(1, 480)} ${random.pick(streets)}`;
  const zip = String(random.between(1001, 6999)).padStart(5, '0');
  const phoneNumber = phone(random.between(200, 989), random.between(0, 9999));
  const enteredAt = new Date(garden.now.getTime() - random.between(400, 2500) * 86_400_000);
  const type = oddTypes[index] ?? (index % 3 === 0 ? 4 : 1);
  const company = plant(
    '/company/companies',
    {
      identifier,
      name,
      addressLine1,
      city,
      state,
      zip,
      country: to(1),
      phoneNumber,
      website: `www.${identifier.toLowerCase()}.example`,
      status: to(oddStatus[index] ?? 1),
      types: [to(type)],
      numberOfEmployees,
      territory: to(index % 5 === 0 ? 2 : 1),
      billingTerms: to(1),
      deletedFlag: false,
      leadFlag: type === 2,
      unsubscribeFlag: false,
      isVendorFlag: type === 3,
      dateAcquired: day(random.between(400, 2500)),
      customFields: customFields('/company/companies', {
        'Account tier': random.pick(['Gold', 'Silver', 'Bronze', null]),
      }),
    },
    { enteredAt, updatedAt: garden.workingTime(random.between(1, 200)) },
  );
  plantSites(garden, company, enteredAt);
  company.value.defaultContact = to(plantContact(garden, { companyId: company.id, isMain: true }));
  return company;
}

/** The main site has the company's own address; larger companies have a second one. */
function plantSites(garden: Garden, company: PlantedRecord, enteredAt: Date): void {
  const employees = Number(company.value.numberOfEmployees);
  const names = employees > 90 ? ['Main', 'Warehouse'] : employees > 60 ? ['Main', 'Branch Office'] : ['Main'];
  for (const name of names) plantSite(garden, company, name, enteredAt);
}

export function plantSite({ plant, random }: Garden, company: PlantedRecord, name: string, enteredAt: Date): void {
  const { addressLine1, city, zip, country, phoneNumber } = company.value;
  const isMain = name === 'Main';
  const site = plant(
    '/company/companies/{}/sites',
    {
      name,
      addressLine1: isMain ? addressLine1 : `${random.between(1, 480)} ${random.pick(streets)}`,
      city,
      zip,
      country,
      phoneNumber,
      company: to(company.id),
      primaryAddressFlag: isMain,
      defaultShippingFlag: isMain,
      defaultBillingFlag: isMain,
      inactiveFlag: false,
    },
    { parents: [company.id], enteredAt },
  );
  if (isMain) company.value.site = to(site.id);
}

export interface ContactPlan {
  companyId: number;
  /** The company's default contact. */
  isMain: boolean;
  hasMail?: boolean;
}

/** A person with an e-mail address and a telephone number, which are the defaults of their kinds. */
export function plantContact(garden: Garden, { companyId, isMain, hasMail = true }: ContactPlan): number {
  const { plant, random, store } = garden;
  const company = store.find('/company/companies', companyId);
  const index = store.nextId('/company/contacts') - 1;
  // Stepping through both lists at different speeds keeps full names apart.
  const firstName = firstNames[index % firstNames.length] ?? 'Alex';
  const lastName = lastNames[(index * 7 + Math.floor(index / firstNames.length)) % lastNames.length] ?? 'Doe';
  const domain = `@${String(company?.value.identifier).toLowerCase()}.example`;
  const address = `${firstName}.${lastName}`.toLowerCase().replace(/[^a-z.]/g, '') + domain;
  const number = phone(random.between(200, 989), random.between(0, 9999));
  const type = to(random.chance(0.7) ? 2 : 3);
  const items: JsonObject[] = [
    { id: index * 2 + 1, type: to(1), value: address, defaultFlag: true, domain, communicationType: 'Email' },
    { id: index * 2 + 2, type, value: number, defaultFlag: true, communicationType: 'Phone' },
  ];
  const enteredAt = garden.workingTime(random.between(30, 900));
  return plant(
    '/company/contacts',
    {
      firstName,
      lastName,
      company: to(companyId),
      site: company?.value.site,
      title: random.pick(jobTitles),
      inactiveFlag: random.chance(0.06),
      defaultFlag: isMain,
      defaultPhoneNbr: number,
      communicationItems: hasMail ? items : items.slice(1),
      types: [to(isMain ? 2 : random.between(1, 4))],
      unsubscribeFlag: false,
      disablePortalLoginFlag: random.chance(0.4),
      customFields: customFields('/company/contacts', {
        VIP: isMain && random.chance(0.3) ? true : null,
      }),
    },
    { enteredAt, updatedAt: addHours(enteredAt, random.between(0, 600)) },
  ).id;
}

/** Numbers of the exchange that is kept free for fiction. */
function phone(area: number, line: number): string {
  return `${area}555${String(100 + (line % 100)).padStart(4, '0')}`;
}
