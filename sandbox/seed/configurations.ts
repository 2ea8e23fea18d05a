import { customFields } from './custom-fields.ts';
import { type Garden, to } from './garden.ts';

/** Type: its number, prefix of names, share, models with the number of their manufacturer. */
const kinds = [
  {
    type: 1,
    prefix: 'WS',
    models: [
      ['OptiPlex 7010', 1],
      ['Latitude 5440', 1],
      ['ThinkPad T14', 2],
    ],
  },
  {
    type: 2,
    prefix: 'SRV',
    models: [
      ['PowerEdge T350', 1],
      ['ProLiant ML30', 3],
    ],
  },
  {
    type: 3,
    prefix: 'FW',
    models: [
      ['TZ270', 4],
      ['TZ370', 4],
    ],
  },
  { type: 4, prefix: 'SW', models: [['USW-24-PoE', 5]] },
  { type: 5, prefix: 'AP', models: [['U6-Pro', 5]] },
  { type: 6, prefix: 'PRN', models: [['LaserJet M507', 3]] },
  { type: 7, prefix: 'UPS', models: [['Smart-UPS 1500', 6]] },
] as const;

const headOffice = { location: to(1), department: to(1), locationId: 1, businessUnitId: 1 } as const;

const shares = [
  [0, 60],
  [1, 10],
  [2, 7],
  [3, 8],
  [4, 6],
  [5, 6],
  [6, 3],
] as const;

/** Devices; warranties run out over three years around now, so that some are about to. */
export function plantConfigurations(garden: Garden): void {
  const { plant, random, store, day, size } = garden;
  for (let index = 1; index <= size.configurations; index += 1) {
    const { type, prefix, models } = kinds[random.weighted(shares)] ?? kinds[0];
    const [modelNumber, manufacturer] = random.pick<readonly [string, number]>(models);
    const companyId = random.chance(0.65) ? random.between(1, size.companies / 2) : random.between(1, size.companies);
    const company = store.find('/company/companies', companyId);
    const isUsed = type === 1 && random.chance(0.85);
    const contact = isUsed ? garden.pickOwned('/company/contacts', companyId) : undefined;
    const ageDays = random.between(20, 1900);
    const isRetired = ageDays > 1500 && random.chance(0.4);
    const name = `${String(company?.value.identifier).slice(0, 6).toUpperCase()}-${prefix}${String(index).padStart(3, '0')}`;
    plant(
      '/company/configurations',
      {
        name,
        type: to(type),
        status: to(isRetired ? 3 : 1),
        company: to(companyId),
        site: company?.value.site,
        contact: contact && to(contact.id),
        ...headOffice,
        deviceIdentifier: `dev-${String(index).padStart(4, '0')}`,
        serialNumber: serial(garden),
        modelNumber,
        tagNumber: `TAG${1000 + index}`,
        manufacturer: to(manufacturer),
        purchaseDate: day(ageDays),
        installationDate: day(ageDays - 5),
        warrantyExpirationDate: day(ageDays - 1095),
        osType: type === 1 ? 'Windows 11 Pro' : type === 2 ? 'Windows Server 2022' : undefined,
        ipAddress: `10.${companyId % 250}.1.${(index % 250) + 2}`,
        lastLoginName: contact === undefined ? undefined : String(contact.value.firstName).toLowerCase(),
        activeFlag: !isRetired,
        billFlag: !isRetired,
        needsRenewalFlag: ageDays > 1095 && !isRetired,
        customFields: customFields('/company/configurations', {
          'Local admin password': type === 2 ? `Harbor-${random.between(1000, 9999)}!` : null,
        }),
      },
      {
        enteredAt: garden.workingTime(Math.min(ageDays, 900)),
        updatedAt: garden.workingTime(random.between(0, Math.min(ageDays, 120))),
      },
    );
  }
}

/** Seven letters and digits without I and O, as makers print them. */
function serial({ random }: Garden): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';
  return Array.from({ length: 7 }, () => letters.charAt(random.between(0, letters.length - 1))).join('');
}
