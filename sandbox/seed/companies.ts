import type { JsonObject } from '../json.ts';
import { type Client, clients, names } from './data.ts';
import { addHours, customFields, type SeededRecord, type Seeder, to } from './seeder.ts';

const { firstNames, lastNames, jobTitles, streets, places, trades } = names;

/** Companies with their sites, each with a main contact, and the other contacts spread over them. */
export function seedCompanies(seeder: Seeder): void {
  const { random, size } = seeder;
  for (const [index, client] of listClients(seeder).entries()) seedClient(seeder, client, index);
  for (let made = size.companies; made < size.contacts; made += 1) {
    // The first half of the companies has most of the people.
    const companyId = random.chance(0.7) ? random.between(1, size.companies / 2) : random.between(1, size.companies);
    seedContact(seeder, { companyId, isMain: false });
  }
}

/** The clients of the list, and behind them as many more as a larger provider has. */
function listClients({ random, size }: Seeder): Client[] {
  const more = Array.from({ length: Math.max(0, size.companies - clients.length) }, (_, index): Client => {
    // 40 places and 24 trades: stepping through both keeps the first 960 names apart.
    const place = places[index % places.length] ?? 'Alder';
    const trade = trades[(index + Math.floor(index / places.length)) % trades.length] ?? 'Foods';
    const { city, state } = random.pick(clients);
    const identifier = `${place}${trade.replaceAll(' ', '')}`;
    return { name: `${place} ${trade}`, identifier, city, state, employees: random.between(6, 170) };
  });
  return [...clients, ...more];
}

/** A company, its sites and its main contact; its place in the list decides on its type and status. */
export function seedClient(seeder: Seeder, client: Client, index: number): SeededRecord {
  const { add, random, day } = seeder;
  const { name, identifier, city, state, employees: numberOfEmployees, status = 1 } = client;
  const addressLine1 = `${random.between(1, 480)} ${random.pick(streets)}`;
  const zip = String(random.between(1001, 6999)).padStart(5, '0');
  const phoneNumber = phone(random.between(200, 989), random.between(0, 9999));
  const enteredAt = new Date(seeder.now.getTime() - random.between(400, 2500) * 86_400_000);
  const type = client.type ?? (index % 3 === 0 ? 4 : 1);
  const company = add(
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
      status: to(status),
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
    { enteredAt, updatedAt: seeder.workingTime(random.between(1, 200)) },
  );
  seedSites(seeder, company, enteredAt);
  company.value.defaultContact = to(seedContact(seeder, { companyId: company.id, isMain: true }));
  return company;
}

/** The main site has the company's own address; larger companies have a second one. */
function seedSites(seeder: Seeder, company: SeededRecord, enteredAt: Date): void {
  const employees = Number(company.value.numberOfEmployees);
  const names = employees > 90 ? ['Main', 'Warehouse'] : employees > 60 ? ['Main', 'Branch Office'] : ['Main'];
  for (const name of names) seedSite(seeder, company, name, enteredAt);
}

export function seedSite({ add, random }: Seeder, company: SeededRecord, name: string, enteredAt: Date): void {
  const { addressLine1, city, zip, country, phoneNumber } = company.value;
  const isMain = name === 'Main';
  const site = add(
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
export function seedContact(seeder: Seeder, { companyId, isMain, hasMail = true }: ContactPlan): number {
  const { add, random, store } = seeder;
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
  const enteredAt = seeder.workingTime(random.between(30, 900));
  return add(
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
