import { askedAmbiguous, askedChanges } from '../../bench/eval/asked-changes.ts';
import { questions } from '../questions/questions.ts';
import type { Answered, ReplyRow, Script } from '../questions/script.ts';
import { scripts } from '../questions/scripts.ts';
import type { Asked, Played } from './fake-provider.ts';

/** A model that does what the scripts of the questions and the golden changes say. */
export function playRight(asked: Asked): Played {
  const first = asked.prompt.split('\n')[0] ?? '';
  const question = questions.find(({ asks }) => asks === first);
  const script = scripts.find(({ id }) => id === question?.id);
  if (script) return playScript(script, asked);
  const change = askedChanges.find(({ asks }) => asks === first);
  if (change) return playChange(change, asked);
  return playDoubt(first, asked);
}

/** From the texts of the replies alone, as in a host that shows nothing else. */
function playScript(script: Script, { replies }: Asked): Played {
  const answered = replies.map(readText);
  const step = script.calls[answered.length];
  if (step !== undefined) {
    const { tool, arguments: given } = typeof step === 'function' ? step(answered) : step;
    return { uses: [{ name: tool, arguments: given }] };
  }
  const rows = answered.at(-1)?.rows ?? [];
  const answer = script.say ? script.say(rows) : rows;
  return { text: `That is what I found:\n\n\`\`\`json\n${JSON.stringify({ answer })}\n\`\`\`` };
}

function readText(text: string): Answered {
  const lines = text.split('\n');
  const head = lines.indexOf('table:');
  const cells = lines
    .slice(head + 1)
    .filter((line) => !/^(<\/data|Next:)/.test(line))
    .map((line) => line.split(' | '));
  const [columns = [], ...rows] = head < 0 ? [] : cells;
  const toRow = (row: string[]): ReplyRow => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? '']));
  return { table: / in (\w+)/.exec(lines[0] ?? '')?.[1] ?? '', rows: rows.map(toRow) };
}

interface Asking {
  method: string;
  path: string;
  data: unknown;
}

function playChange({ method, path, data }: Asking, { replies, said }: Asked): Played {
  const id = /^change_id: (\S+)$/m.exec(replies[0] ?? '')?.[1];
  if (replies.length === 0) return { uses: [{ name: 'execute_api_call', arguments: { path, method, data } }] };
  // Asks first, as the preview says; and sends once the person agrees.
  if (replies.length === 1 && said.length === 0) return { text: 'This would be sent. Shall I?' };
  if (replies.length === 1) return { uses: [{ name: 'confirm_api_write', arguments: { change_id: id } }] };
  return { text: '{"done": true}' };
}

function playDoubt(first: string, { replies }: Asked): Played {
  const change = askedAmbiguous.find(({ asks }) => asks === first);
  if (change === undefined) return { text: 'I do not know what this is about.' };
  const { method, path, data } = change;
  if (replies.length === 0) return { uses: [{ name: 'execute_api_call', arguments: { path, method, data } }] };
  return { text: JSON.stringify({ done: false, question: replies[0] }) };
}
