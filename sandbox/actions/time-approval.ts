import { emptyAnswer } from '../answer.ts';
import { type Call, numericIds } from '../call.ts';
import { recordNotFound } from '../refusal.ts';
import { findVisible } from '../roles.ts';
import { changeRecord } from '../write.ts';

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
