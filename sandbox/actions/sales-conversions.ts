import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { referenceId } from '../json.ts';
import { kindOf } from '../kinds.ts';
import { recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';

const goals = ['/finance/agreements', '/project/projects', '/sales/orders', '/service/tickets'];

/** What an opportunity has become: the records that refer back to it. */
export function listConversions(call: Call): Response {
  const { world } = call;
  const [id = 0] = numericIds(call);
  if (findVisible(world, '/sales/opportunities', id) === undefined) throw recordNotFound('Opportunity', id);
  const conversions = goals.flatMap((key) => {
    const name = kindOf(world.collections.find(key)?.schema ?? key);
    return [...world.store.records(key)]
      .filter(({ value }) => referenceId(value.opportunity) === id)
      .map((record) => ({ parentType: 'Opportunity', convertedTo: { id: record.id, name } }));
  });
  return jsonAnswer(200, conversions);
}
