import { toStamp } from '../world.ts';
import { addHours, type Garden, to } from './garden.ts';

const names = [
  'Laptop refresh',
  'Managed services renewal',
  'Security awareness training',
  'Second site onboarding',
  'Cloud phone system',
  'Firewall upgrade',
  'Backup extension',
  'Microsoft 365 upgrade',
] as const;

/** Opportunities from won to stale, and the calls and meetings around them. */
export function plantSales(garden: Garden): void {
  const { plant, random, store, day, size } = garden;
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
    plant(
      '/sales/opportunities',
      {
        name: `${random.pick(names)} - ${company?.value.name}`.slice(0, 100),
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
        notes: random.pick([
          'Asked for a quote by the end of the month.',
          'Budget to be approved by the owner.',
          'Compare with the incumbent.',
        ]),
      },
      { enteredAt: garden.workingTime(openedAgo), updatedAt: garden.workingTime(random.between(0, openedAgo)) },
    );
  }
  for (let index = 0; index < size.activities; index += 1) plantActivity(garden);
}

/** Some lie ahead: what was planned for the next two weeks. */
function plantActivity(garden: Garden): void {
  const { plant, random, store } = garden;
  const opportunity = store.find('/sales/opportunities', random.between(1, garden.size.opportunities));
  const daysAgo = random.between(-14, 120);
  const start = garden.workingTime(daysAgo);
  const isClosed = daysAgo > 3 && random.chance(0.9);
  plant(
    '/sales/activities',
    {
      name: `${random.pick(['Call', 'Meeting', 'Follow up'])}: ${opportunity?.value.name}`.slice(0, 100),
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
    { enteredAt: garden.workingTime(Math.max(0, daysAgo) + 2), enteredBy: 'fnovak' },
  );
}
