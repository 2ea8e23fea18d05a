import { deviceKinds } from './data.ts';
import { customFields, type Seeder, to } from './seeder.ts';

const headOffice = { location: to(1), department: to(1), locationId: 1, businessUnitId: 1 } as const;

/** Devices; warranties run out over three years around now, so that some are about to. */
export function seedConfigurations(seeder: Seeder): void {
  const { add, random, store, day, size } = seeder;
  const shares = deviceKinds.map((kind) => [kind, kind.share] as const);
  for (let index = 1; index <= size.configurations; index += 1) {
    const { type, prefix, models } = random.weighted(shares);
    const { name: modelNumber, manufacturer } = random.pick(models);
    const companyId = random.chance(0.65) ? random.between(1, size.companies / 2) : random.between(1, size.companies);
    const company = store.find('/company/companies', companyId);
    const isUsed = type === 1 && random.chance(0.85);
    const contact = isUsed ? seeder.pickOwned('/company/contacts', companyId) : undefined;
    const ageDays = random.between(20, 1900);
    const isRetired = ageDays > 1500 && random.chance(0.4);
    const name = `${String(company?.value.identifier).slice(0, 6).toUpperCase()}-${prefix}${String(index).padStart(3, '0')}`;
    add(
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
        serialNumber: serial(seeder),
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
        enteredAt: seeder.workingTime(Math.min(ageDays, 900)),
        updatedAt: seeder.workingTime(random.between(0, Math.min(ageDays, 120))),
      },
    );
  }
}

/** Seven letters and digits without I and O, as makers print them. */
function serial({ random }: Seeder): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';
  return Array.from({ length: 7 }, () => letters.charAt(random.between(0, letters.length - 1))).join('');
}
