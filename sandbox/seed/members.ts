import { names, type StaffMember, staff } from './data.ts';
import { type SeededRecord, type Seeder, to } from './seeder.ts';

/** Required of every member, and of no interest. */
const screenSettings = {
  companyActivityTabFormat: 'SummaryList',
  invoiceTimeTabFormat: 'SummaryList',
  invoiceScreenDefaultTabFormat: 'ShowInvoicingTab',
  invoicingDisplayOptions: 'RemainOnInvoicingScreen',
  agreementInvoicingDisplayOptions: 'RemainOnInvoicingScreen',
} as const;

// The load is unequal, as it is everywhere.
const loads = [5, 26, 24, 20, 8, 17] as const;

/** Seven people, the API member whose keys the sandbox knows, and the technicians of a larger provider. */
export function seedMembers(seeder: Seeder): void {
  for (const [index, person] of staff.entries()) seedMember(seeder, person, 2200 - index * 190);
  const colleagues = listColleagues(seeder.size.technicians - loads.length);
  for (const [index, person] of colleagues.entries())
    seedMember(seeder, { ...person, title: 'Technician', role: 1, rate: 50 + (index % 30) }, 2000 - (index % 60) * 30);
}

type Person = Pick<StaffMember, 'identifier' | 'firstName' | 'lastName'>;

/** Technicians beyond those of the list; no two people share an identifier. */
function listColleagues(count: number): Person[] {
  const { firstNames, lastNames } = names;
  const identifiers = new Set(staff.map(({ identifier }) => identifier));
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const firstName = firstNames[(index * 5) % firstNames.length] ?? 'Alex';
    const lastName = lastNames[(index * 3) % lastNames.length] ?? 'Doe';
    const short = (firstName.charAt(0) + lastName).toLowerCase().replace(/[^a-z]/g, '');
    const identifier = identifiers.has(short) ? `${short}${index}` : short;
    identifiers.add(identifier);
    return { identifier, firstName, lastName };
  });
}

export function seedMember({ add, store, day }: Seeder, person: StaffMember, hiredAgo: number): SeededRecord {
  const { identifier, firstName, lastName, title, role, rate } = person;
  // API members use no licence and enter no time (CW 1.3).
  const isApi = identifier === 'apigateway';
  const isSales = role === 3;
  const id = store.nextId('/system/members');
  const email = `${identifier}@sandbox-msp.example`;
  return add('/system/members', {
    identifier,
    firstName,
    lastName,
    title,
    licenseClass: isApi ? 'X' : 'F',
    inactiveFlag: false,
    hireDate: day(hiredAgo),
    officeEmail: email,
    primaryEmail: email,
    defaultEmail: 'Office',
    defaultPhone: 'Office',
    officePhone: `617555${String(99 + id).padStart(4, '0')}`,
    securityRole: to(isApi ? 4 : id === 1 ? 1 : isSales ? 3 : 2),
    type: to(isApi ? 3 : 1),
    timeZone: to(1),
    defaultLocation: to(1),
    defaultDepartment: to(isSales ? 2 : 1),
    securityLocation: to(1),
    workRole: to(role),
    workType: to(1),
    serviceDefaultBoard: to(1),
    reportsTo: id === 1 ? undefined : to(1),
    dailyCapacity: 8,
    hourlyCost: rate,
    hourlyRate: rate * 2,
    minimumHours: isApi ? 0 : 37.5,
    ...screenSettings,
    adminFlag: id === 1,
    teams: [],
    includeInUtilizationReportingFlag: !isApi,
    requireTimeSheetEntryFlag: !isApi,
  });
}

/** Id of the n-th technician, from 1. Ids 7 and 8 are the account manager and the API member. */
export function technicianId(n: number): number {
  return n <= loads.length ? n : n + 2;
}

/** Whose a ticket is. */
export function chooseOwner({ random, size }: Seeder): number {
  const shares = Array.from(
    { length: size.technicians },
    (_, index) => [technicianId(index + 1), loads[index] ?? 8 + ((index * 7) % 19)] as const,
  );
  return random.weighted(shares);
}

/** A technician who helps out; the service manager does not. */
export function chooseHelper({ random, size }: Seeder): number {
  return technicianId(random.between(2, size.technicians));
}
