import { toStamp } from '../context.ts';
import { phrases } from './data.ts';
import { addHours, type Seeder, to } from './seeder.ts';

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
export function seedProducts({ add, random, store, size, ...seeder }: Seeder): void {
  const tickets = [...store.records('/service/tickets')];
  for (let made = 0; made < size.products; made += 1) {
    const ticket = random.pick(tickets);
    const item = store.find('/procurement/catalog', random.between(7, 10));
    const quantity = random.weighted([
      [1, 7],
      [2, 2],
      [4, 1],
    ]);
    const price = Number(item?.value.price);
    const cost = Number(item?.value.cost);
    add(
      '/procurement/products',
      {
        catalogItem: to(item?.id ?? 7),
        description: item?.value.description,
        customerDescription: item?.value.customerDescription,
        quantity,
        price,
        cost,
        extPrice: price * quantity,
        extCost: cost * quantity,
        billableOption: 'Billable',
        ticket: to(ticket.id),
        company: ticket.value.company,
        locationId: 1,
        businessUnitId: 1,
        taxableFlag: true,
        cancelledFlag: false,
      },
      { enteredAt: seeder.hoursAfter(new Date(ticket.stamps.dateEntered), random.between(1, 30)) },
    );
  }
}
