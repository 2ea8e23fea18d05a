import { type Chat, type ChatOptions, isRecord, numberOf, parseObject, recordsIn, type Turn } from './chat.ts';

/** Chat completions with tools, which most providers and local servers speak. */
export function createOpenAiChat({ model, tools, temperature, maxOutput, post }: ChatOptions): Chat {
  const messages: unknown[] = [];
  const fixed = {
    model,
    tools: tools.map(({ name, description, inputSchema }) => ({
      type: 'function',
      function: { name, description, parameters: inputSchema },
    })),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutput === undefined ? {} : { max_completion_tokens: maxOutput }),
  };
  return {
    say: (text) => void messages.push({ role: 'user', content: text }),
    answer(answers) {
      // The format has no mark for a failure: the text says it.
      for (const { id, text } of answers) messages.push({ role: 'tool', tool_call_id: id, content: text });
    },
    async next(signal) {
      const { message, ...turn } = readTurn(await post('/chat/completions', { ...fixed, messages }, signal));
      messages.push(message);
      return turn;
    },
  };
}

function readTurn(answer: unknown): Turn & { message: unknown } {
  const body = isRecord(answer) ? answer : {};
  const [choice = {}] = recordsIn(body.choices);
  const message = isRecord(choice.message) ? choice.message : {};
  const usage = isRecord(body.usage) ? body.usage : {};
  const uses = recordsIn(message.tool_calls).map(({ id, function: called }) => {
    const { name, arguments: written } = isRecord(called) ? called : {};
    const text = typeof written === 'string' ? written : JSON.stringify(written ?? {});
    return { id: String(id), name: String(name), written: text, arguments: parseObject(text) };
  });
  const refused = typeof message.refusal === 'string' && message.refusal !== '';
  return {
    text: String(refused ? message.refusal : (message.content ?? '')),
    uses,
    end: refused || choice.finish_reason === 'content_filter' ? 'refused' : endOf(choice.finish_reason, uses.length),
    inputTokens: numberOf(usage.prompt_tokens),
    outputTokens: numberOf(usage.completion_tokens),
    // Sent back as it came: providers add members of their own.
    message: { role: 'assistant', content: null, ...message },
  };
}

function endOf(reason: unknown, uses: number): Turn['end'] {
  if (uses > 0) return 'tools';
  return reason === 'length' ? 'length' : 'stopped';
}
