import { kindOf } from '../kinds.ts';
import { show } from '../query/list.ts';
import { findVisible } from '../roles.ts';
import { timeRule } from '../rules/time.ts';
import { emptyAnswer, jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';
import { readRecordBody } from '../server/read-body.ts';
import { endpointMissing, recordNotFound } from '../server/refusal.ts';
import { newStamps } from '../world.ts';
import { changeRecord } from '../write/write.ts';

/** submit, approve, reject and reverse of time sheets and expense reports only differ in the status they lead to (CW 5.6.7). */
export function submitSheet(key: string, status: string): (call: Call) => Response {
  return (call) => {
    const { world } = call;
    const [id = 0] = numericIds(call);
    const sheet = findVisible(world, key, id);
    const kind = kindOf(world.collections.find(key)?.schema ?? key);
    if (sheet === undefined) throw recordNotFound(kind, id);
    changeRecord(world, key, sheet, { status });
    return jsonAnswer(200, { success: true, message: `${kind} ${id} is now ${status}.` });
  };
}

/** One time entry is rejected or taken up again (CW 5.6.1). */
export function setTimeStatus(status: 'Rejected' | 'Open'): (call: Call) => Response {
  return (call) => {
    const { world } = call;
    const [id = 0] = numericIds(call);
    const entry = findVisible(world, '/time/entries', id);
    if (entry === undefined) throw recordNotFound('Time Entry', id);
    changeRecord(world, '/time/entries', entry, { status });
    return emptyAnswer(201);
  };
}

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
