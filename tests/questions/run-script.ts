import type { JsonValue } from '../../sandbox/json.ts';
import { countTokens } from '../../src/gateway/calls/reply.ts';
import type { Connection, Reply } from '../support/connect.ts';
import type { Answered, ReplyRow, Script, ToolCall } from './script.ts';

export interface ScriptRun {
  answer: JsonValue;
  calls: number;
  /** Arguments, and the larger of text and `structuredContent`, of all calls. */
  tokens: number;
  ms: number;
}

/** Makes the calls of a script one after the other. Throws where a call fails or does not read to the end. */
export async function runScript(app: Pick<Connection, 'call'>, script: Script): Promise<ScriptRun> {
  const answered: Answered[] = [];
  const start = performance.now();
  let tokens = 0;
  for (const step of script.calls) {
    const call = typeof step === 'function' ? step(answered) : step;
    const reply = await app.call(call.tool, call.arguments);
    tokens += trafficOf(call, reply);
    answered.push(readReply(script.id, reply));
  }
  const rows = answered.at(-1)?.rows ?? [];
  const answer = script.say ? script.say(rows) : rows.map((row) => ({ ...row }));
  return { answer, calls: script.calls.length, tokens, ms: performance.now() - start };
}

export function trafficOf(call: ToolCall, { text, data }: Reply): number {
  const sent = JSON.stringify({ name: call.tool, arguments: call.arguments });
  return countTokens(sent) + Math.max(countTokens(text), countTokens(JSON.stringify(data ?? null)));
}

/** The table a reply names, and its rows; the text alone must say that it is complete too. */
export function readReply(id: string, { text, data, isError }: Reply): Answered {
  const isWhole = !isError && /^COMPLETE\b/.test(text) && /^COMPLETE\b/.test(data?.outcome) && data.next === undefined;
  if (!isWhole) throw new Error(`${id}: ${text}`);
  const { columns = [], rows = [] } = data.table ?? {};
  const table = / in (\w+)/.exec(data.outcome)?.[1] ?? '';
  const toRow = (cells: ReplyRow[string][]): ReplyRow =>
    Object.fromEntries(columns.map((column: string, at: number) => [column, cells[at] ?? null]));
  return { table, rows: rows.map(toRow) };
}
