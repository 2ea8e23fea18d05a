import { referenceId } from '../json.ts';
import { seedAgreement, seedInvoices } from './agreements.ts';
import { seedClient, seedContact, seedSite } from './companies.ts';
import { seedMember } from './members.ts';
import { type SeededRecord, type Seeder, several, to } from './seeder.ts';
import { cast } from './stories.ts';
import { seedTimeSheets } from './time.ts';

/** Company status "Credit Hold", see set-up.json. */
const creditHold = 3;

/** Licences that are renewed every year: days until each term ends, the last one a week ago. */
const renewals = [9, 16, 23, 37, 44, 58, 75, 110, -7] as const;

/** What a manager has to find: terms that end, devices listed twice, budgets that are spent, bills that stay unpaid. */
export function seedIrregularities(seeder: Seeder): void {
  seedRenewals(seeder);
  seedDuplicateDevices(seeder);
  overspendBudgets(seeder);
  leaveUnpaid(seeder);
}

function seedRenewals(seeder: Seeder): void {
  const { random, size, store } = seeder;
  const renewed: SeededRecord[] = [];
  for (let made = 0; made < several(seeder.size, renewals.length); made += 1) {
    const endsIn = renewals[made % renewals.length] ?? 9;
    const companyId = random.between(1, size.companies - 1);
    const name = `Microsoft 365 - ${store.find('/company/companies', companyId)?.value.name}`;
    renewed.push(
      seedAgreement(
        seeder,
        { companyId, type: 4, name, amount: 40 },
        { startedAgo: 365 - endsIn, endsIn, isCancelled: false },
      ),
    );
  }
  seedInvoices(seeder, renewed);
}

/** The same device entered again: by an import, or at its new owner when it was sold on. */
function seedDuplicateDevices(seeder: Seeder): void {
  const { add, random, store, size } = seeder;
  const devices = [...store.records('/company/configurations')];
  for (let made = 0; made < several(seeder.size, 3); made += 1) {
    const { value } = random.pick(devices);
    const companyId = made % 3 === 2 ? random.between(1, size.companies) : referenceId(value.company);
    const company = store.find('/company/companies', companyId ?? 1);
    const { id: _id, contact: _contact, ...members } = value;
    const owner = { company: to(company?.id ?? 1), site: company?.value.site };
    add(
      '/company/configurations',
      { ...members, ...owner, name: `${value.name}-NEW` },
      { enteredAt: seeder.workingTime(random.between(5, 60)) },
    );
  }
}

/** One open project in four has used more hours than it was given. */
function overspendBudgets({ store }: Seeder): void {
  let seen = 0;
  for (const { value } of store.records('/project/projects')) {
    if (value.closedFlag === true) continue;
    seen += 1;
    if (seen % 4 !== 3) continue;
    value.budgetHours = Math.max(1, Math.floor(Number(value.actualHours) * 0.8));
    value.estimatedHours = value.budgetHours;
  }
}

/** Whoever is on credit hold has not paid for months. */
function leaveUnpaid({ store, day }: Seeder): void {
  for (const { value } of store.records('/finance/invoices')) {
    const company = store.find('/company/companies', referenceId(value.company) ?? 0);
    if (referenceId(company?.value.status) !== creditHold || String(value.date) < day(160)) continue;
    Object.assign(value, { status: to(2), payments: 0, balance: value.total ?? 0 });
  }
}

/** A client and sites whose names are easily mixed up with others. Gives the id of the client. */
export function seedLookAlikes(seeder: Seeder): number {
  // The first client is "Harborview Dental Group".
  const name = 'Harbor View Dental Associates';
  const lookAlike = { name, identifier: 'HarborViewAssoc', city: 'Portsmouth', state: 'NH', employees: 14 };
  const { id } = seedClient(seeder, lookAlike, 0);
  seedContact(seeder, { companyId: id, isMain: false });
  const { store, now } = seeder;
  const company = store.find('/company/companies', cast.manySites);
  for (const name of ['Warehouse 2', 'Warehouse East']) {
    if (company !== undefined) seedSite(seeder, company, name, now);
  }
  return id;
}

/** Contacts without an e-mail address. */
export function seedWithoutMail(seeder: Seeder): void {
  for (let made = several(seeder.size, 7); made > 0; made -= 1) {
    seedContact(seeder, { companyId: seeder.random.between(1, seeder.size.companies), isMain: false, hasMail: false });
  }
}

/** Two members who have never entered time, and one who has left but still owns open tickets. */
export function seedStaffChanges(seeder: Seeder): void {
  const { store, day } = seeder;
  const trainee = { identifier: 'gbaker', firstName: 'Grace', lastName: 'Baker', title: 'Junior Technician' };
  const coordinator = { identifier: 'ipark', firstName: 'Ines', lastName: 'Park', title: 'Project Coordinator' };
  const former = { identifier: 'hstone', firstName: 'Harry', lastName: 'Stone', title: 'Technician' };
  seedTimeSheets(seeder, [
    seedMember(seeder, { ...trainee, role: 1, rate: 38 }, 20),
    seedMember(seeder, { ...coordinator, role: 3, rate: 60 }, 330),
  ]);
  const { id, value } = seedMember(seeder, { ...former, role: 1, rate: 50 }, 900);
  value.inactiveFlag = true;
  value.inactiveDate = day(25);
  let left = several(seeder.size, 3);
  for (const ticket of store.records('/service/tickets')) {
    const isHis = ticket.value.closedFlag === false && ticket.value.owner !== undefined;
    if (!isHis || ticket.stamps.dateEntered >= day(26)) continue;
    ticket.value.owner = to(id);
    left -= 1;
    if (left === 0) return;
  }
}
