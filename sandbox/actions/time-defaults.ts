import { jsonAnswer } from '../answer.ts';
import type { Call } from '../call.ts';
import { show } from '../list.ts';
import { readRecordBody } from '../read-body.ts';
import { endpointMissing } from '../refusal.ts';
import { timeRule } from '../rules/time.ts';
import { newStamps } from '../world.ts';

/** What a time entry would be given, without making one (CW 5.6). */
export function timeDefaults(call: Call): Response {
  const { world, body } = call;
  const collection = world.collections.find('/time/entries');
  if (collection === undefined) throw endpointMissing();
  const value = body.trim() === '' ? {} : readRecordBody(world.schemas, collection.schema, body);
  // Only completed, not checked: a form that is half filled in asks for its defaults.
  timeRule.complete?.(world, { collection, id: 0, parents: [], value, aside: {} });
  const {
    id: _,
    _info,
    ...defaults
  } = show(call, { collection, schema: collection.schema }, { id: 0, parents: [], value, stamps: newStamps(world) });
  return jsonAnswer(200, defaults);
}
