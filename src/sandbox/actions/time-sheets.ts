import { jsonAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';
import { touch } from '../world.ts';

/** submit, approve, reject and reverse only differ in the status they lead to (CW 5.6). */
export function submitSheet(status: string): (call: Call) => Response {
  return (call) => {
    const { world } = call;
    const [id = 0] = numericIds(call);
    const sheet = findVisible(world, '/time/sheets', id);
    if (sheet === undefined) throw recordNotFound('Time Sheet', id);
    sheet.value.status = status;
    touch(world, sheet);
    return jsonAnswer(200, { success: true, message: `Time sheet ${id} is now ${status}.` });
  };
}
