import { kindOf } from '../kinds.ts';
import { getVisible } from '../roles.ts';
import { emptyAnswer, jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';
import { changeRecord } from '../write/write.ts';

/** submit, approve, reject and reverse of time sheets and expense reports differ only in the status they set (CW 5.6.7). */
export function submitSheet(key: string, status: string): (call: Call) => Response {
  return (call) => {
    const { world } = call;
    const [id = 0] = numericIds(call);
    changeRecord(world, key, getVisible(world, key, id), { status });
    const kind = kindOf(world.collections.get(key).schema);
    return jsonAnswer(200, { success: true, message: `${kind} ${id} is now ${status}.` });
  };
}

/** Rejects one time entry, or cancels the rejection (CW 5.6.1). */
export function setTimeStatus(status: 'Rejected' | 'Open'): (call: Call) => Response {
  return (call) => {
    const { world } = call;
    const [id = 0] = numericIds(call);
    changeRecord(world, '/time/entries', getVisible(world, '/time/entries', id), { status });
    return emptyAnswer(201);
  };
}
