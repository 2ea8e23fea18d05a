import { belongingErrors } from './belonging.ts';
import { type Rule, referenceToDefault, setDefaults } from './rule.ts';

/** A configuration is in use until somebody says otherwise. */
export const configurationRule: Rule = {
  complete(world, { value }) {
    setDefaults(value, {
      status: referenceToDefault(world, '/company/configurations/statuses', 'defaultFlag'),
      activeFlag: true,
      billFlag: false,
    });
  },
  check: belongingErrors,
};

/** Invoices of agreements come out of the agreement, never out of a POST (CW 4.2). */
export const invoiceRule: Rule = {
  complete(world, { id, value }) {
    setDefaults(value, {
      // Five digits, apart from the numbers of the seed only by chance: nothing says they are unique.
      invoiceNumber: String(10_000 + id),
      status: referenceToDefault(world, '/finance/billingstatuses', 'defaultFlag'),
      subtotal: 0,
      total: 0,
      payments: 0,
      credits: 0,
    });
  },
  check(_world, { value, before }) {
    if (before !== undefined || value.type !== 'Agreement') return [];
    return [
      { code: 'InvalidField', message: 'Cannot create agreement invoices through the Invoicing API', field: 'type' },
    ];
  },
  derive(_world, { value }) {
    value.balance = Number(value.total) - Number(value.payments) - Number(value.credits);
  },
};
