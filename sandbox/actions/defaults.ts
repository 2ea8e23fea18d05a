import { jsonAnswer } from '../answer.ts';
import type { Call } from '../call.ts';
import { collectionKey } from '../collections.ts';
import { show } from '../list.ts';
import { notEmulated } from '../refusal.ts';
import { ruleOf } from '../rules/rules.ts';
import { newStamps } from '../world.ts';

/** What a new record would be given, without making one. */
export function showDefaults(call: Call): Response {
  const { world, endpoint } = call;
  const collection = world.collections.find(collectionKey(endpoint.path).replace(/\/default$/, ''));
  if (collection === undefined) throw notEmulated(endpoint.method, endpoint.path);
  const draft = { collection, id: 0, parents: [], value: {}, aside: {} };
  ruleOf(collection.key).complete?.(world, draft);
  const record = { id: 0, parents: [], value: draft.value, stamps: newStamps(world) };
  const { id: _, _info, ...defaults } = show(call, { collection, schema: collection.schema }, record);
  return jsonAnswer(200, defaults);
}
