import { defined } from '../../src/core/json.ts';
import { referenceId } from '../json.ts';
import { type SeededRecord, type Seeder, to } from './seeder.ts';

/** Catalog items that the additions of a managed agreement name, and how many of each per employee. */
const additions = [
  [1, 1],
  [2, 0.04],
  [4, 1],
  [5, 1],
] as const;
const licences = [[4, 1]] as const;

/** Most clients have a managed agreement, some also a block of hours or backup. */
export function seedAgreements(seeder: Seeder): void {
  const { random, store } = seeder;
  for (const { id: companyId, value } of store.records('/company/companies')) {
    // Company 40 is the provider itself.
    if (companyId === 40) continue;
    const amount = Number(value.numberOfEmployees) * 12;
    if (random.chance(0.85))
      seedAgreement(seeder, { companyId, type: 1, name: `Managed Services - ${value.name}`, amount });
    if (random.chance(0.2))
      seedAgreement(seeder, { companyId, type: 2, name: `Block Hours - ${value.name}`, amount: 1350 });
    if (random.chance(0.3)) seedAgreement(seeder, { companyId, type: 3, name: `Backup - ${value.name}`, amount: 89 });
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

function chooseTerm({ random }: Seeder): Term {
  const startedAgo = random.between(60, 1000);
  const hasNoEnd = random.chance(0.35);
  // One to three years: some have just run out, some are about to.
  const endsIn = random.pick([365, 730, 1095]) - startedAgo;
  return defined<Term>({ startedAgo, endsIn: hasNoEnd ? undefined : endsIn, isCancelled: random.chance(0.07) });
}

export function seedAgreement(seeder: Seeder, plan: AgreementPlan, term = chooseTerm(seeder)): SeededRecord {
  const { companyId, type, name, amount } = plan;
  const { startedAgo, endsIn, isCancelled } = term;
  const { add, random, store, day } = seeder;
  const company = store.find('/company/companies', companyId);
  const agreementStatus = isCancelled ? 'Cancelled' : (endsIn ?? 0) < 0 ? 'Expired' : 'Active';
  const agreement = add(
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
    { enteredAt: seeder.workingTime(startedAgo + 5), updatedAt: seeder.workingTime(random.between(1, 60)) },
  );
  if (type === 1 || type === 4) seedAdditions(seeder, agreement, Number(company?.value.numberOfEmployees), startedAgo);
  return agreement;
}

/** Devices and licences by head count; a few were cancelled lately, so that those in force are fewer (CW 5.7). */
function seedAdditions(
  seeder: Seeder,
  { id: agreementId, value }: SeededRecord,
  employees: number,
  startedAgo: number,
): void {
  const { add, store, random, day } = seeder;
  const { agreementStatus } = value;
  for (const [productId, perEmployee] of referenceId(value.type) === 4 ? licences : additions) {
    const quantity = Math.max(1, Math.round(employees * perEmployee));
    const product = store.find('/procurement/catalog', productId)?.value;
    const unitPrice = Number(product?.price);
    const unitCost = Number(product?.cost);
    const isCancelled = random.chance(0.08);
    add(
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
      { parents: [agreementId], enteredAt: seeder.workingTime(startedAgo) },
    );
  }
}

/** A monthly invoice for each of the agreements in force over half a year; the newest are unpaid, a few overdue. */
export function seedInvoices(seeder: Seeder, agreements: Iterable<SeededRecord>): void {
  for (const agreement of agreements) {
    if (agreement.value.agreementStatus !== 'Active') continue;
    for (let month = 5; month >= 0; month -= 1)
      seedInvoice(seeder, agreement, month * 30 + seeder.random.between(1, 3));
  }
}

function seedInvoice({ add, store, random, day, ...seeder }: Seeder, agreement: SeededRecord, daysAgo: number): void {
  const { company, contact, site } = agreement.value;
  const subtotal = Number(agreement.value.billAmount);
  // Massachusetts: 6.25 %, rounded to cents.
  const salesTax = Math.round(subtotal * 6.25) / 100;
  const total = subtotal + salesTax;
  const isPaid = daysAgo > 30 && random.chance(0.92);
  const id = store.nextId('/finance/invoices');
  add(
    '/finance/invoices',
    {
      invoiceNumber: String(20_000 + id),
      type: 'Agreement',
      status: to(isPaid ? 3 : daysAgo > 3 ? 2 : 1),
      company,
      billToCompany: company,
      billingSite: site,
      attention: contact === undefined ? undefined : 'Accounts Payable',
      applyToType: 'Agreement',
      applyToId: agreement.id,
      agreement: to(agreement.id),
      billingTerms: to(1),
      date: day(daysAgo),
      dueDate: day(daysAgo - 30),
      subtotal,
      salesTax,
      total,
      payments: isPaid ? total : 0,
      credits: 0,
      balance: isPaid ? 0 : total,
      agreementAmount: subtotal,
      serviceTotal: 0,
      expenseTotal: 0,
      productTotal: 0,
      taxableFlag: true,
      locationId: 1,
      departmentId: 1,
    },
    {
      enteredAt: seeder.workingTime(daysAgo),
      updatedAt: seeder.workingTime(isPaid ? Math.max(0, daysAgo - 25) : daysAgo),
    },
  );
}
