import { referenceId } from '../json.ts';
import type { StoredRecord } from '../store.ts';
import { plantAgreement } from './agreements.ts';
import { type Garden, to } from './garden.ts';
import { plantInvoices } from './invoices.ts';
import { several } from './size.ts';

/** Company status "Credit Hold", see set-up.ts. */
const creditHold = 3;

/** Licences that are renewed every year: days until each term ends, the last one a week ago. */
const renewals = [9, 16, 23, 37, 44, 58, 75, 110, -7] as const;

/** What a manager has to find: terms that end, devices listed twice, budgets that are spent, bills that stay unpaid. */
export function plantLooseEnds(garden: Garden): void {
  plantRenewals(garden);
  plantTwins(garden);
  spendBudgets(garden);
  leaveUnpaid(garden);
}

function plantRenewals(garden: Garden): void {
  const { random, size, store } = garden;
  const planted: StoredRecord[] = [];
  for (let made = 0; made < several(garden.size, renewals.length); made += 1) {
    const endsIn = renewals[made % renewals.length] ?? 9;
    const companyId = random.between(1, size.companies - 1);
    const name = `Microsoft 365 - ${store.find('/company/companies', companyId)?.value.name}`;
    planted.push(
      plantAgreement(
        garden,
        { companyId, type: 4, name, amount: 40 },
        { startedAgo: 365 - endsIn, endsIn, isCancelled: false },
      ),
    );
  }
  plantInvoices(garden, planted);
}

/** The same device entered again: by an import, or at its new owner when it was sold on. */
function plantTwins(garden: Garden): void {
  const { plant, random, store, size } = garden;
  const devices = [...store.records('/company/configurations')];
  for (let made = 0; made < several(garden.size, 3); made += 1) {
    const { value } = random.pick(devices);
    const companyId = made % 3 === 2 ? random.between(1, size.companies) : referenceId(value.company);
    const company = store.find('/company/companies', companyId ?? 1);
    const { id: _id, contact: _contact, ...members } = value;
    const owner = { company: to(company?.id ?? 1), site: company?.value.site };
    plant(
      '/company/configurations',
      { ...members, ...owner, name: `${value.name}-NEW` },
      { enteredAt: garden.workingTime(random.between(5, 60)) },
    );
  }
}

/** One open project in four has used more hours than it was given. */
function spendBudgets({ store }: Garden): void {
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
function leaveUnpaid({ store, day }: Garden): void {
  for (const { value } of store.records('/finance/invoices')) {
    const company = store.find('/company/companies', referenceId(value.company) ?? 0);
    if (referenceId(company?.value.status) !== creditHold || String(value.date) < day(160)) continue;
    Object.assign(value, { status: to(2), payments: 0, balance: value.total ?? 0 });
  }
}
