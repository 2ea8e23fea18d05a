import { expect } from 'vitest';
import { keyOptions } from '../questions/provider.ts';
import { readReply } from '../questions/run-script.ts';
import type { Answered } from '../questions/script.ts';
import { type Connection, connect } from '../support/connect.ts';

export type Era = 'legacy' | 'modern';

/** The server on the data of the answer key. */
export function connectToKey(era: Era = 'modern'): Promise<Connection> {
  const environment = { CONNECTWISE_NOW: keyOptions.now.toISOString(), CONNECTWISE_TIMEZONE: 'UTC' };
  return connect({ era, environment });
}

export async function getText(app: Connection, name: string, given: Record<string, string>): Promise<string> {
  const { messages } = await app.client.getPrompt({ name, arguments: given });
  expect(messages).toHaveLength(1);
  const content = messages[0]?.content;
  return content?.type === 'text' ? content.text : '';
}

export interface TextCall {
  tool: string;
  arguments: Record<string, unknown>;
}

/** The calls that the text of a prompt names. */
export function findCalls(text: string): TextCall[] {
  const blocks = [...text.matchAll(/^\d+\. (\w+): .*\n```json\n(.*)\n```$/gm)];
  return blocks.map(([, tool = '', json = '']) => ({ tool, arguments: JSON.parse(json) }));
}

/** Makes the calls of a prompt as its text says, and answers what each was answered. */
export async function followPrompt(
  app: Connection,
  name: string,
  given: Record<string, string>,
): Promise<(Answered & { outcome: string })[]> {
  const answered: (Answered & { outcome: string })[] = [];
  for (const call of findCalls(await getText(app, name, given))) {
    const json = JSON.stringify(call.arguments).replaceAll('TABLE_1', answered[0]?.table ?? 'TABLE_1');
    const reply = await app.call(call.tool, JSON.parse(json));
    answered.push({ ...readReply(name, reply), outcome: reply.data.outcome });
  }
  return answered;
}
