import type { StoredRecord } from '../store.ts';
import { type Garden, to } from './garden.ts';

/** A monthly invoice for each of the agreements in force over half a year; the newest are unpaid, a few overdue. */
export function plantInvoices(garden: Garden, agreements: Iterable<StoredRecord>): void {
  for (const agreement of agreements) {
    if (agreement.value.agreementStatus !== 'Active') continue;
    for (let month = 5; month >= 0; month -= 1)
      plantInvoice(garden, agreement, month * 30 + garden.random.between(1, 3));
  }
}

function plantInvoice(
  { plant, store, random, day, ...garden }: Garden,
  agreement: StoredRecord,
  daysAgo: number,
): void {
  const { company, contact, site } = agreement.value;
  const subtotal = Number(agreement.value.billAmount);
  // Massachusetts: 6.25 %, rounded to cents.
  const salesTax = Math.round(subtotal * 6.25) / 100;
  const total = subtotal + salesTax;
  const isPaid = daysAgo > 30 && random.chance(0.92);
  const id = store.nextId('/finance/invoices');
  plant(
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
      enteredAt: garden.workingTime(daysAgo),
      updatedAt: garden.workingTime(isPaid ? Math.max(0, daysAgo - 25) : daysAgo),
    },
  );
}
