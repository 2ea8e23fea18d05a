import { type Chat, type ChatOptions, isRecord, numberOf, recordsIn, type Turn } from './chat.ts';

/** The format wants a limit. */
const defaultMaxOutput = 4_096;

/** Messages with tools. */
export function createAnthropicChat({ model, tools, temperature, maxOutput, post }: ChatOptions): Chat {
  const messages: { role: 'user' | 'assistant'; content: unknown }[] = [];
  const fixed = {
    model,
    max_tokens: maxOutput ?? defaultMaxOutput,
    tools: tools.map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema })),
    ...(temperature === undefined ? {} : { temperature }),
  };
  return {
    say: (text) => void messages.push({ role: 'user', content: text }),
    answer(answers) {
      const content = answers.map(({ id, text, isError }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: text,
        ...(isError ? { is_error: true } : {}),
      }));
      messages.push({ role: 'user', content });
    },
    async next(signal) {
      const { content, ...turn } = readTurn(await post('/messages', { ...fixed, messages }, signal));
      // An empty answer may not be sent back.
      if (content.length > 0) messages.push({ role: 'assistant', content });
      return turn;
    },
  };
}

function readTurn(answer: unknown): Turn & { content: readonly unknown[] } {
  const body = isRecord(answer) ? answer : {};
  const content = recordsIn(body.content);
  const usage = isRecord(body.usage) ? body.usage : {};
  const uses = content
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => ({
      id: String(id),
      name: String(name),
      written: JSON.stringify(input ?? null),
      arguments: isRecord(input) ? input : undefined,
    }));
  const text = content.flatMap((block) => (block.type === 'text' ? String(block.text) : []));
  // What was read from a cache was read as well.
  const input = [usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens];
  return {
    text: text.join('\n'),
    uses,
    end: endOf(body.stop_reason, uses.length),
    inputTokens: input.map(numberOf).reduce((sum, tokens) => sum + tokens, 0),
    outputTokens: numberOf(usage.output_tokens),
    content,
  };
}

function endOf(reason: unknown, uses: number): Turn['end'] {
  if (reason === 'refusal') return 'refused';
  if (uses > 0) return 'tools';
  return reason === 'max_tokens' ? 'length' : 'stopped';
}
