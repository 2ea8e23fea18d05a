import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { kindOf } from '../kinds.ts';
import { recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';
import { changeRecord } from '../write.ts';

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
