import { dayMs } from '../../src/core/zone.ts';
import { toStamp } from '../context.ts';
import { referenceId } from '../json.ts';
import { seedClient } from './companies.ts';
import { phrases } from './data.ts';
import { addHours, type SeededRecord, type Seeder, several, to } from './seeder.ts';

/** Catalog items that are goods, which are ordered and shipped. */
const goods = { first: 7, last: 10 } as const;

/** Opportunities from won to stale, and the calls and meetings around them. */
export function seedSales(seeder: Seeder): void {
  const { add, random, store, day, size } = seeder;
  for (let index = 0; index < size.opportunities; index += 1) {
    const companyId = random.between(1, size.companies);
    const company = store.find('/company/companies', companyId);
    const status = random.weighted([
      [1, 40],
      [2, 25],
      [3, 20],
      [4, 15],
    ]);
    const isClosed = status > 2;
    const openedAgo = random.between(10, 300);
    add(
      '/sales/opportunities',
      {
        name: `${random.pick(phrases.opportunityNames)} - ${company?.value.name}`.slice(0, 100),
        company: to(companyId),
        contact: company?.value.defaultContact,
        site: company?.value.site,
        type: to(random.between(1, 4)),
        stage: to(isClosed ? 4 : random.between(1, 3)),
        status: to(status),
        probability: to(random.between(1, 5)),
        rating: to(random.between(1, 3)),
        primarySalesRep: to(random.chance(0.8) ? 7 : 1),
        locationId: 1,
        businessUnitId: 2,
        expectedCloseDate: day(isClosed ? openedAgo - 40 : random.between(-90, 30)),
        dateBecameLead: day(openedAgo),
        pipelineChangeDate: day(Math.max(0, openedAgo - 20)),
        closedDate: isClosed ? day(Math.max(0, openedAgo - 40)) : undefined,
        closedBy: isClosed ? to(7) : undefined,
        notes: random.pick(phrases.opportunityNotes),
      },
      { enteredAt: seeder.workingTime(openedAgo), updatedAt: seeder.workingTime(random.between(0, openedAgo)) },
    );
  }
  for (let index = 0; index < size.activities; index += 1) seedActivity(seeder);
}

/** Some are in the future: planned for the next two weeks. */
function seedActivity(seeder: Seeder): void {
  const { add, random, store } = seeder;
  const opportunity = store.find('/sales/opportunities', random.between(1, seeder.size.opportunities));
  const daysAgo = random.between(-14, 120);
  const start = seeder.workingTime(daysAgo);
  const isClosed = daysAgo > 3 && random.chance(0.9);
  add(
    '/sales/activities',
    {
      name: `${random.pick(phrases.activityKinds)}: ${opportunity?.value.name}`.slice(0, 100),
      type: to(random.between(1, 3)),
      status: to(isClosed ? 2 : 1),
      company: opportunity?.value.company,
      contact: opportunity?.value.contact,
      opportunity: opportunity && to(opportunity.id),
      assignTo: to(random.chance(0.8) ? 7 : 1),
      assignedBy: to(7),
      dateStart: toStamp(start),
      dateEnd: toStamp(addHours(start, 0.5)),
      scheduleStatus: to(1),
      notifyFlag: false,
    },
    { enteredAt: seeder.workingTime(Math.max(0, daysAgo) + 2), enteredBy: 'fnovak' },
  );
}

/** Parts that were sold on tickets: laptops, firewalls, access points. */
export function seedProducts(seeder: Seeder): void {
  const { random, store, size } = seeder;
  const tickets = [...store.records('/service/tickets')];
  for (let made = 0; made < size.products; made += 1) {
    const ticket = random.pick(tickets);
    const itemId = random.between(goods.first, goods.last);
    const quantity = random.weighted([
      [1, 7],
      [2, 2],
      [4, 1],
    ]);
    const enteredAt = seeder.hoursAfter(new Date(ticket.stamps.dateEntered), random.between(1, 30));
    seedProduct(seeder, itemId, quantity, { ticket: to(ticket.id), company: ticket.value.company }, enteredAt);
  }
}

/** Goods for a ticket or an order. */
function seedProduct(
  { add, store }: Seeder,
  itemId: number,
  quantity: number,
  soldTo: Parameters<Seeder['add']>[1],
  enteredAt: Date,
): SeededRecord {
  const item = store.find('/procurement/catalog', itemId)?.value;
  const price = Number(item?.price);
  const cost = Number(item?.cost);
  return add(
    '/procurement/products',
    {
      catalogItem: to(itemId),
      description: item?.description,
      customerDescription: item?.customerDescription,
      quantity,
      price,
      cost,
      extPrice: price * quantity,
      extCost: cost * quantity,
      billableOption: 'Billable',
      ...soldTo,
      locationId: 1,
      businessUnitId: 1,
      taxableFlag: true,
      cancelledFlag: false,
    },
    { enteredAt },
  );
}

function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

/** Orders for what was won, and for what clients asked for without an opportunity. */
export function seedSalesOrders(seeder: Seeder): void {
  const { random, store, size } = seeder;
  const won = [...store.records('/sales/opportunities')].filter(({ value }) => referenceId(value.status) === 3);
  for (const opportunity of won) {
    const closedAgo = (seeder.now.getTime() - Date.parse(String(opportunity.value.closedDate))) / dayMs;
    seedSalesOrder(seeder, referenceId(opportunity.value.company) ?? 1, Math.floor(closedAgo), opportunity);
  }
  for (let made = several(size, 14); made > 0; made -= 1)
    seedSalesOrder(seeder, random.between(1, size.companies - 1), random.between(0, 120));
}

/** An order with its products; its sums are theirs. */
function seedSalesOrder(seeder: Seeder, companyId: number, daysAgo: number, opportunity?: SeededRecord): void {
  const { add, random, store, day } = seeder;
  const company = store.find('/company/companies', companyId)?.value;
  const status = daysAgo > 30 ? 3 : daysAgo > 7 ? 2 : 1;
  const site = company?.site;
  const place = { company: to(companyId), contact: company?.defaultContact, site };
  const enteredAt = seeder.workingTime(daysAgo);
  const order = add(
    '/sales/orders',
    {
      ...place,
      billToCompany: to(companyId),
      billToSite: site,
      shipToCompany: to(companyId),
      shipToSite: site,
      description: String(opportunity?.value.name ?? random.pick(phrases.salesOrders)),
      opportunity: opportunity && to(opportunity.id),
      status: to(status),
      orderDate: day(daysAgo),
      dueDate: day(daysAgo - 14),
      billingTerms: to(1),
      poNumber: random.chance(0.4) ? `C${random.between(1000, 9999)}` : undefined,
      salesRep: opportunity?.value.primarySalesRep ?? to(7),
      location: to(1),
      department: to(2),
      currency: to(1),
      billClosedFlag: status === 3,
      billShippedFlag: status === 3,
      restrictDownpaymentFlag: false,
    },
    { enteredAt, updatedAt: seeder.workingTime(Math.max(0, daysAgo - 3)), enteredBy: 'fnovak' },
  );
  const products = Array.from({ length: random.between(1, 3) }, () => {
    const itemId = random.between(goods.first, goods.last);
    return seedProduct(
      seeder,
      itemId,
      random.between(1, 6),
      { salesOrder: to(order.id), company: to(companyId) },
      enteredAt,
    );
  });
  const subTotal = toCents(products.reduce((sum, { value }) => sum + Number(value.extPrice), 0));
  const taxTotal = toCents(subTotal * 0.0625);
  Object.assign(order.value, {
    productIds: products.map(({ id }) => id),
    subTotal,
    taxTotal,
    total: toCents(subTotal + taxTotal),
  });
}

/** Distributors that the goods come from: companies of type Vendor, see set-up.json. */
const vendors = [
  { name: 'Old Colony IT Distribution', identifier: 'OldColonyDist', city: 'Braintree', state: 'MA', employees: 210 },
  { name: 'Merrimack Network Supply', identifier: 'MerrimackNet', city: 'Lowell', state: 'MA', employees: 58 },
] as const;

/** The goods of tickets and orders are bought soon after they were sold; stock is filled up in between. */
export function seedPurchaseOrders(seeder: Seeder): void {
  const { random, store } = seeder;
  const vendorIds = vendors.map((vendor) => {
    const { id, value } = seedClient(seeder, { ...vendor, type: 3 }, 0);
    // Accounts of the provider have tiers, its vendors none.
    delete value.customFields;
    return id;
  });
  const sold = [...store.records('/procurement/products')].sort((one, other) =>
    one.stamps.dateEntered.localeCompare(other.stamps.dateEntered),
  );
  while (sold.length > 0) {
    const products = sold.splice(0, random.between(1, 3));
    const lines = products.map(({ value }) => ({
      itemId: referenceId(value.catalogItem) ?? goods.first,
      quantity: Number(value.quantity),
    }));
    const soldAt = Date.parse(products.at(-1)?.stamps.dateEntered ?? seeder.now.toISOString());
    const daysAgo = Math.max(0, Math.floor((seeder.now.getTime() - soldAt) / dayMs) - 1);
    seedPurchaseOrder(seeder, random.pick(vendorIds), daysAgo, lines);
  }
  for (let made = several(seeder.size, 6); made > 0; made -= 1) {
    const itemId = random.between(goods.last - 1, goods.last);
    seedPurchaseOrder(seeder, random.pick(vendorIds), made * 11 - 8, [{ itemId, quantity: random.between(4, 10) }]);
  }
}

interface PurchaseLine {
  itemId: number;
  quantity: number;
}

/** An order of the last days is new or sent, one of the last weeks received in part, an older one closed. */
function seedPurchaseOrder(seeder: Seeder, vendorId: number, daysAgo: number, lines: readonly PurchaseLine[]): void {
  const { add, random, store, day } = seeder;
  const vendor = store.find('/company/companies', vendorId)?.value;
  const status = daysAgo > 21 ? 4 : daysAgo > 10 ? 3 : daysAgo > 2 ? 2 : 1;
  const isClosed = status === 4;
  const closedAgo = Math.max(0, daysAgo - random.between(5, 20));
  const poNumber = String(30_000 + store.nextId('/procurement/purchaseorders'));
  const subTotal = toCents(lines.reduce((sum, { itemId, quantity }) => sum + quantity * costOf(seeder, itemId), 0));
  const freightCost = subTotal > 1000 ? 0 : 19.5;
  const { id } = add(
    '/procurement/purchaseorders',
    {
      poNumber,
      poDate: day(daysAgo),
      status: to(status),
      closedFlag: isClosed,
      dateClosed: isClosed ? day(closedAgo) : undefined,
      closedBy: isClosed ? 'fnovak' : undefined,
      terms: to(1),
      vendorCompany: to(vendorId),
      vendorContact: vendor?.defaultContact,
      vendorSite: vendor?.site,
      vendorOrderNumber: status > 1 ? `V-${random.between(100_000, 999_999)}` : undefined,
      shipmentMethod: to(random.chance(0.8) ? 1 : 2),
      shipmentDate: status > 2 ? day(Math.max(0, daysAgo - 3)) : undefined,
      warehouse: to(1),
      location: to(1),
      businessUnit: to(1),
      locationId: 1,
      businessUnitId: 1,
      currency: to(1),
      enteredBy: 'fnovak',
      dropShipCustomerFlag: false,
      subTotal,
      freightCost,
      salesTax: 0,
      total: toCents(subTotal + freightCost),
    },
    { enteredAt: seeder.workingTime(daysAgo), updatedAt: seeder.workingTime(closedAgo), enteredBy: 'fnovak' },
  );
  for (const [index, line] of lines.entries()) {
    // Of an order that came in part, only the first line has come.
    const isReceived = isClosed || (status === 3 && index === 0 && lines.length > 1);
    seedPurchaseLine(seeder, { id, poNumber, daysAgo, lineNumber: index + 1, isReceived, ...line });
  }
}

function costOf({ store }: Seeder, itemId: number): number {
  return Number(store.find('/procurement/catalog', itemId)?.value.cost);
}

interface PurchaseLinePlan extends PurchaseLine {
  /** Of the purchase order. */
  id: number;
  poNumber: string;
  daysAgo: number;
  lineNumber: number;
  isReceived: boolean;
}

function seedPurchaseLine(seeder: Seeder, plan: PurchaseLinePlan): void {
  const { id, poNumber, daysAgo, lineNumber, isReceived, itemId, quantity } = plan;
  const { add, store, day } = seeder;
  const unitCost = costOf(seeder, itemId);
  add(
    '/procurement/purchaseorders/{}/lineitems',
    {
      purchaseOrderId: id,
      purchaseOrderNumber: poNumber,
      lineNumber,
      product: to(itemId),
      description: store.find('/procurement/catalog', itemId)?.value.description,
      quantity,
      unitCost,
      extCost: toCents(unitCost * quantity),
      unitOfMeasure: to(1),
      warehouse: to(1),
      expectedShipDate: day(daysAgo - 7),
      receivedQuantity: isReceived ? quantity : 0,
      receivedStatus: isReceived ? 'FullyReceived' : 'Waiting',
      dateReceived: isReceived ? day(Math.max(0, daysAgo - 5)) : undefined,
      closedFlag: isReceived,
      canceledFlag: false,
      backorderedFlag: !isReceived && daysAgo > 10,
    },
    { parents: [id], enteredAt: seeder.workingTime(daysAgo), enteredBy: 'fnovak' },
  );
}

/** Ids of subtypes, see set-up.json, by the id of their type. */
const subTypes = [
  [1, 1],
  [1, 2],
  [2, 3],
  [2, 4],
  [3, 5],
] as const;

/** A campaign a month, the next ones planned. Opportunities name the one they came from, and its revenue is their orders'. */
export function seedCampaigns(seeder: Seeder): void {
  const { add, random, day, store } = seeder;
  const orders = [...store.records('/sales/orders')];
  const opportunities = [...store.records('/sales/opportunities')];
  for (const [index, name] of phrases.campaigns.entries()) {
    const startedAgo = 280 - index * 30;
    const endedAgo = startedAgo - random.between(12, 28);
    const [type, subType] = random.pick(subTypes);
    const budgetCost = random.between(4, 40) * 100;
    const isPlanned = startedAgo < 0;
    const { id, value } = add(
      '/marketing/campaigns',
      {
        name,
        type: to(type),
        subType: to(subType),
        status: to(isPlanned ? 1 : endedAgo < 0 ? 2 : 3),
        startDate: day(startedAgo),
        endDate: day(endedAgo),
        locationId: 1,
        member: to(7),
        inactive: endedAgo > 180,
        inactiveDaysAfterEnd: 180,
        budgetCost,
        budgetRevenue: budgetCost * random.between(4, 9),
        actualCost: isPlanned ? 0 : Math.round(budgetCost * (0.7 + random.next() * 0.5)),
        impressions: isPlanned ? 0 : random.between(150, 2400),
        emailsSent: type === 1 && !isPlanned ? random.between(80, 160) : 0,
      },
      { enteredAt: seeder.workingTime(Math.max(1, startedAgo + 30)), enteredBy: 'fnovak' },
    );
    const won = new Set(
      opportunities
        .filter((one) => isFrom(one, day(startedAgo), day(startedAgo - 30)) && random.chance(0.5))
        .map((one) => {
          one.value.campaign = to(id);
          return one.id;
        }),
    );
    const revenue = orders
      .filter((order) => won.has(referenceId(order.value.opportunity) ?? 0))
      .reduce((sum, order) => sum + Number(order.value.subTotal), 0);
    value.actualRevenue = toCents(revenue);
  }
}

/** Whether an opportunity became a lead within some days. */
function isFrom({ value }: SeededRecord, from: string, until: string): boolean {
  const since = String(value.dateBecameLead);
  return since >= from && since < until;
}
