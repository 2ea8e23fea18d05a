import { kindOf } from '../definitions.ts';
import { getVisible } from '../roles.ts';
import { emptyAnswer, jsonAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';
import { changeRecord } from '../write/write.ts';

/** submit, approve, reject and reverse of time sheets and expense reports differ only in the status they set (CW 5.6.7). */
export function submitSheet(key: string, status: string): (call: Call) => Response {
  return (call) => {
    const { context } = call;
    const [id = 0] = numericIds(call);
    changeRecord(context, key, getVisible(context, key, id), { status });
    const kind = kindOf(context.collections.get(key).schema);
    return jsonAnswer(200, { success: true, message: `${kind} ${id} is now ${status}.` });
  };
}

/** Rejects one time entry, or cancels the rejection (CW 5.6.1). */
export function setTimeStatus(status: 'Rejected' | 'Open'): (call: Call) => Response {
  return (call) => {
    const { context } = call;
    const [id = 0] = numericIds(call);
    changeRecord(context, '/time/entries', getVisible(context, '/time/entries', id), { status });
    return emptyAnswer(201);
  };
}
