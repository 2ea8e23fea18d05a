import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake provider says in one turn: text, uses of tools, or an answer of its own making. */
export type Played =
  | { text: string }
  | { uses: readonly { name: string; arguments: unknown }[] }
  | { status: number; headers?: Record<string, string>; body: string }
  | { refusal: string }
  | { cutOff: string };

export interface Asked {
  /** The first message of the person. */
  prompt: string;
  /** What the tools were answered so far, and what the person said after the first message. */
  replies: readonly string[];
  said: readonly string[];
}

export interface FakeProvider extends AsyncDisposable {
  url: string;
  /** Headers and bodies as they came. */
  requests: { headers: IncomingMessage['headers']; path: string; body: Body }[];
}

interface Message {
  role: string;
  content: string | { type: string; text?: string; content?: string }[] | null;
}

interface Body {
  model: string;
  messages: Message[];
  tools: unknown[];
  [member: string]: unknown;
}

/** A provider on the loopback address that speaks both wire formats and plays what a script says. */
export async function openFakeProvider(play: (asked: Asked, request: number) => Played): Promise<FakeProvider> {
  const requests: FakeProvider['requests'] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
    requests.push({ headers: request.headers, path: request.url ?? '', body });
    const isOpenAi = request.url === '/v1/chat/completions';
    send(response, play(readAsked(body), requests.length), isOpenAi);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readAsked({ messages }: Body): Asked {
  const texts = (role: string, type?: string) =>
    messages.flatMap((message) => {
      if (message.role !== role) return [];
      if (typeof message.content === 'string') return type === undefined ? [message.content] : [];
      return (message.content ?? []).flatMap((block) => (block.type === type ? [block.content ?? ''] : []));
    });
  const [prompt = '', ...said] = texts('user');
  return { prompt, said, replies: [...texts('tool'), ...texts('user', 'tool_result')] };
}

function send(response: ServerResponse, played: Played, isOpenAi: boolean): void {
  if ('status' in played) {
    response.writeHead(played.status, played.headers).end(played.body);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isOpenAi ? toCompletion(played) : toMessage(played)));
}

type Spoken = Exclude<Played, { status: number }>;

function toCompletion(played: Spoken): unknown {
  const usage = { prompt_tokens: 100, completion_tokens: 10 };
  const answer = (message: object, finish: string) => ({
    choices: [{ message: { role: 'assistant', ...message }, finish_reason: finish }],
    usage,
  });
  if ('refusal' in played) return answer({ content: null, refusal: played.refusal }, 'stop');
  if ('cutOff' in played) return answer({ content: played.cutOff }, 'length');
  if ('text' in played) return answer({ content: played.text }, 'stop');
  const calls = played.uses.map(({ name, arguments: given }, at) => ({
    id: `call_${at}`,
    type: 'function',
    // Text is sent as it is, so that it may be malformed.
    function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
  }));
  return answer({ content: null, tool_calls: calls }, 'tool_calls');
}

function toMessage(played: Spoken): unknown {
  const usage = { input_tokens: 60, cache_read_input_tokens: 40, output_tokens: 10 };
  const answer = (content: object[], reason: string) => ({ role: 'assistant', content, stop_reason: reason, usage });
  if ('refusal' in played) return answer([{ type: 'text', text: played.refusal }], 'refusal');
  if ('cutOff' in played) return answer([{ type: 'text', text: played.cutOff }], 'max_tokens');
  if ('text' in played) return answer([{ type: 'text', text: played.text }], 'end_turn');
  const uses = played.uses.map(({ name, arguments: input }, at) => ({
    type: 'tool_use',
    id: `use_${at}`,
    name,
    input,
  }));
  return answer([{ type: 'text', text: 'Let me see.' }, ...uses], 'tool_use');
}
