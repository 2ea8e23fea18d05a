import { referenceId } from '../json.ts';
import type { StoredRecord } from '../store.ts';
import { type Garden, to } from './garden.ts';

/** Catalog items that the additions of a managed agreement name, and how many of each per employee. */
const additions = [
  [1, 1],
  [2, 0.04],
  [4, 1],
  [5, 1],
] as const;
const licences = [[4, 1]] as const;

/** Most clients have a managed agreement, some a block of hours or backup beside it. */
export function plantAgreements(garden: Garden): void {
  const { random, store } = garden;
  for (const { id: companyId, value } of store.records('/company/companies')) {
    // The provider has none with itself.
    if (companyId === 40) continue;
    const amount = Number(value.numberOfEmployees) * 12;
    if (random.chance(0.85))
      plantAgreement(garden, { companyId, type: 1, name: `Managed Services - ${value.name}`, amount });
    if (random.chance(0.2))
      plantAgreement(garden, { companyId, type: 2, name: `Block Hours - ${value.name}`, amount: 1350 });
    if (random.chance(0.3)) plantAgreement(garden, { companyId, type: 3, name: `Backup - ${value.name}`, amount: 89 });
  }
}

export interface AgreementPlan {
  companyId: number;
  type: number;
  name: string;
  amount: number;
}

/** How long ago an agreement began, and how long it runs on; for ever where the latter is not given. */
export interface Term {
  startedAgo: number;
  endsIn?: number;
  isCancelled: boolean;
}

function chooseTerm({ random }: Garden): Term {
  const startedAgo = random.between(60, 1000);
  const hasNoEnd = random.chance(0.35);
  // One to three years: some have just run out, some are about to.
  const endsIn = random.pick([365, 730, 1095]) - startedAgo;
  return { startedAgo, ...(hasNoEnd ? {} : { endsIn }), isCancelled: random.chance(0.07) };
}

export function plantAgreement(garden: Garden, plan: AgreementPlan, term = chooseTerm(garden)): StoredRecord {
  const { companyId, type, name, amount } = plan;
  const { startedAgo, endsIn, isCancelled } = term;
  const { plant, random, store, day } = garden;
  const company = store.find('/company/companies', companyId);
  const agreementStatus = isCancelled ? 'Cancelled' : (endsIn ?? 0) < 0 ? 'Expired' : 'Active';
  const agreement = plant(
    '/finance/agreements',
    {
      name: name.slice(0, 100),
      type: to(type),
      company: to(companyId),
      contact: company?.value.defaultContact,
      site: company?.value.site,
      location: to(1),
      department: to(1),
      startDate: day(startedAgo),
      endDate: endsIn === undefined ? undefined : day(-endsIn),
      noEndingDateFlag: endsIn === undefined,
      cancelledFlag: isCancelled,
      dateCancelled: isCancelled ? day(30) : undefined,
      reasonCancelled: isCancelled ? 'Moved to another provider' : undefined,
      agreementStatus,
      sla: to(1),
      applicationUnits: type === 2 ? 'Hours' : 'Amount',
      applicationLimit: type === 2 ? 10 : amount,
      applicationCycle: 'CalendarMonth',
      applicationUnlimitedFlag: type === 1,
      billAmount: amount,
      billStartDate: day(startedAgo),
      billingCycle: to(1),
      billingTerms: to(1),
      invoicingCycle: 'CalendarYear',
      employeeCompRate: 'Actual',
      billTime: 'Billable',
      billExpenses: 'Billable',
      billProducts: 'Billable',
      nextInvoiceDate: agreementStatus === 'Active' ? day(-random.between(1, 28)) : undefined,
      workRole: to(1),
      workType: to(1),
      oneTimeFlag: false,
      taxable: false,
    },
    { enteredAt: garden.workingTime(startedAgo + 5), updatedAt: garden.workingTime(random.between(1, 60)) },
  );
  if (type === 1 || type === 4) plantAdditions(garden, agreement, Number(company?.value.numberOfEmployees), startedAgo);
  return agreement;
}

/** Devices and licences by head count; a few were cancelled lately, so that those in force are fewer (CW 5.7). */
function plantAdditions(
  garden: Garden,
  { id: agreementId, value }: StoredRecord,
  employees: number,
  startedAgo: number,
): void {
  const { plant, store, random, day } = garden;
  const { agreementStatus } = value;
  for (const [productId, perEmployee] of referenceId(value.type) === 4 ? licences : additions) {
    const quantity = Math.max(1, Math.round(employees * perEmployee));
    const product = store.find('/procurement/catalog', productId)?.value;
    const unitPrice = Number(product?.price);
    const unitCost = Number(product?.cost);
    const isCancelled = random.chance(0.08);
    plant(
      '/finance/agreements/{}/additions',
      {
        product: to(productId),
        description: product?.description,
        quantity,
        lessIncluded: 0,
        billedQuantity: quantity,
        unitPrice,
        unitCost,
        extPrice: Math.round(quantity * unitPrice * 100) / 100,
        extCost: Math.round(quantity * unitCost * 100) / 100,
        billCustomer: 'Billable',
        agreementId,
        effectiveDate: day(startedAgo),
        cancelledDate: isCancelled ? day(random.between(5, 50)) : undefined,
        taxableFlag: false,
        agreementStatus,
      },
      { parents: [agreementId], enteredAt: garden.workingTime(startedAgo) },
    );
  }
}
