import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import type { JsonObject } from '../json.ts';
import { recordNotFound } from '../refusal.ts';
import { referenceToDefault } from '../rules/rule.ts';
import { newStamps, toStamp } from '../world.ts';

/**
 * The invoice of an agreement over its additions that are in force: the one way to one of type Agreement (CW 4.2.13).
 * Answers its number.
 */
export function invoiceAgreement(call: Call): Response {
  const { world } = call;
  const [agreementId = 0] = numericIds(call);
  const agreement = world.store.find('/finance/agreements', agreementId);
  if (agreement === undefined) throw recordNotFound('Agreement', agreementId);
  const today = toStamp(world.now());
  let total = 0;
  for (const { value } of world.store.records('/finance/agreements/{}/additions', [agreementId])) {
    const isInForce =
      String(value.effectiveDate ?? '') <= today &&
      (typeof value.cancelledDate !== 'string' || value.cancelledDate > today);
    if (isInForce && value.billCustomer === 'Billable')
      total += Number(value.quantity ?? 0) * Number(value.unitPrice ?? 0);
  }
  const id = world.store.nextId('/finance/invoices');
  const day = `${today.slice(0, 10)}T00:00:00Z`;
  const status = referenceToDefault(world, '/finance/billingstatuses', 'defaultFlag');
  const value: JsonObject = {
    id,
    invoiceNumber: String(10_000 + id),
    type: 'Agreement',
    applyToType: 'Agreement',
    applyToId: agreementId,
    agreement: { id: agreementId },
    company: agreement.value.company ?? {},
    date: day,
    dueDate: day,
    locationId: 1,
    subtotal: total,
    total,
    payments: 0,
    credits: 0,
    balance: total,
    ...(status === undefined ? {} : { status }),
  };
  world.store.insert('/finance/invoices', { id, parents: [], value, stamps: newStamps(world) });
  return jsonAnswer(201, id);
}
