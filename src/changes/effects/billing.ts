import { isRecord } from '../../core/json.ts';
import { type Effects, noEffects } from './effects.ts';
import type { Write } from './write.ts';

/** Records that invoices are made of. */
const billedPaths = /^\/(finance|expense)\/|^\/time\/(entries|sheets)|^\/procurement\/(products|purchaseorders)/i;
/** Members of any record that decide what is invoiced, to whom and for how much. */
const billedMembers = /^(bill|invoice|tax|agreement|hourlyRate|(unit)?price|(unit)?cost|subBilling)/i;
const freeOptions: ReadonlySet<unknown> = new Set(['DoNotBill', 'NoCharge']);

/** Whether a write touches what the customer pays. */
export function billingEffects({ request, record, members }: Write): Effects {
  const body = isRecord(request.body) ? request.body : {};
  const isFree = request.method === 'POST' && freeOptions.has(body.billableOption);
  const touched = members.filter((member) => billedMembers.test(member));
  if (isFree || (!billedPaths.test(request.path) && touched.length === 0)) return noEffects();
  const invoiced = record?.invoiceFlag === true || (isRecord(record?.invoice) && record.invoice.id !== undefined);
  const warnings = [
    invoiced
      ? 'This has been invoiced already; ConnectWise may refuse the change (CW 5.3.2).'
      : `Billing is affected${touched.length > 0 && !billedPaths.test(request.path) ? `: ${touched.slice(0, 3).join(', ')}` : ''}.`,
  ];
  return { reachesCustomer: false, bills: true, warnings };
}
