import type { Reply } from '../../tests/support/connect.ts';
import { isRecord, type ToolUse } from './chat.ts';
import { findFinalJson } from './final-answer.ts';
import type { Task } from './tasks.ts';

/** Plays the person in front of the host: approves what was asked for, and answers when the model waits. */
export interface Person {
  /** Whether a call may be made: the host asks before each that writes. */
  approves(use: ToolUse): boolean;
  /** Remembers what a reply offers to send. */
  sees(use: ToolUse, reply: Reply): void;
  /** What the person says to a model that ended its turn; nothing where the task is over. */
  saysTo(text: string): string | undefined;
}

/** After that many times the person gives up. */
const patience = 3;

export function createPerson(task: Task): Person {
  /** Prepared and not yet sent: the path by the change id. */
  const offered = new Map<string, string>();
  let said = 0;
  const isAskedFor = (id: string): boolean => {
    const path = offered.get(id);
    // An id that no preview showed is left to the server, which refuses it.
    return path === undefined || (task.kind !== 'question' && isWithin(path, task.change.path));
  };
  const answerTo = (text: string): string | undefined => {
    const wanted = task.kind === 'question' ? 'answer' : 'done';
    const final = findFinalJson(text, wanted);
    if (task.kind === 'change' && offered.size > 0 && final?.done !== true) return 'Yes, do that.';
    return final === undefined ? 'Please end with the line of JSON that I asked for.' : undefined;
  };
  return {
    approves: ({ name, arguments: given }) =>
      name !== 'confirm_api_write' ||
      String(given?.change_id ?? '')
        .split(',')
        .every((id) => isAskedFor(id.trim())),
    sees({ name, arguments: given }, { data, isError }) {
      if (name === 'confirm_api_write' && !isError)
        for (const id of String(given?.change_id ?? '').split(',')) offered.delete(id.trim());
      const path = isRecord(data?.change) && isRecord(data.change.request) ? data.change.request.path : undefined;
      if (typeof data?.change_id === 'string' && typeof path === 'string') offered.set(data.change_id, path);
    },
    saysTo(text) {
      const answer = answerTo(text);
      if (answer === undefined || said >= patience) return undefined;
      said += 1;
      return answer;
    },
  };
}

const isWithin = (path: string, asked: string): boolean => path === asked || path.startsWith(`${asked}/`);
