import type { ProgramConnection } from '../../tests/support/connect-program.ts';
import type { Chat, ToolAnswer, ToolUse, Turn } from './chat.ts';
import type { Person } from './person.ts';
import { ProviderRefused } from './post-json.ts';

export interface Said {
  who: 'model' | 'person' | 'tool';
  text: string;
}

export interface Conversation {
  /** Why it ended before the model was done. */
  failure?: string;
  /** What the model said last. */
  final: string;
  calls: number;
  turns: number;
  inputTokens: number;
  outputTokens: number;
  said: readonly Said[];
}

export interface ConverseParts {
  chat: Chat;
  app: ProgramConnection;
  person: Person;
  prompt: string;
  maxTurns: number;
  signal: AbortSignal;
}

/** Lets a model work on one task until it has answered, or may not go on. Throws only where no task can succeed. */
export async function converse(parts: ConverseParts): Promise<Conversation> {
  const counted = { final: '', calls: 0, turns: 0, inputTokens: 0, outputTokens: 0, said: [] as Said[] };
  try {
    const failure = await takeTurns(parts, counted);
    return { ...counted, ...(failure === undefined ? {} : { failure }) };
  } catch (error) {
    if (error instanceof ProviderRefused) throw error;
    const failure = parts.signal.aborted ? 'it took longer than --task-timeout' : String(error);
    return { ...counted, failure };
  }
}

type Counted = Omit<Conversation, 'failure' | 'said'> & { said: Said[] };

/** Why it ended before the model was done; undefined if it was. */
async function takeTurns(parts: ConverseParts, counted: Counted): Promise<string | undefined> {
  const { chat, person, prompt, maxTurns, signal } = parts;
  const { said } = counted;
  const sayAsUser = (text: string) => {
    said.push({ who: 'person', text });
    chat.say(text);
  };
  sayAsUser(prompt);
  while (counted.turns < maxTurns) {
    const turn = await chat.next(signal);
    counted.turns += 1;
    counted.inputTokens += turn.inputTokens;
    counted.outputTokens += turn.outputTokens;
    if (turn.text !== '') said.push({ who: 'model', text: turn.text });
    const failure = failureOf(turn);
    if (failure !== undefined) return failure;
    if (turn.uses.length > 0) {
      counted.calls += turn.uses.length;
      chat.answer(await useTools(turn.uses, parts, said));
      continue;
    }
    counted.final = turn.text;
    const more = person.saysTo(turn.text);
    if (more === undefined) return undefined;
    sayAsUser(more);
  }
  return `it did not end within ${maxTurns} turns`;
}

function failureOf({ end, text }: Turn): string | undefined {
  if (end === 'refused') return `the model refused: ${text.slice(0, 200) || 'without a word'}`;
  return end === 'length' ? 'an answer was cut off: raise --max-output' : undefined;
}

/** One after the other, as hosts do that ask for approval. */
async function useTools(uses: readonly ToolUse[], parts: ConverseParts, said: Said[]): Promise<ToolAnswer[]> {
  const answers: ToolAnswer[] = [];
  for (const use of uses) {
    said.push({ who: 'model', text: `→ ${use.name} ${use.written}` });
    const { text, isError } = await useTool(use, parts);
    said.push({ who: 'tool', text });
    answers.push({ id: use.id, text, isError });
  }
  return answers;
}

async function useTool(use: ToolUse, { app, person }: ConverseParts): Promise<{ text: string; isError: boolean }> {
  if (use.arguments === undefined) return { text: 'The arguments are no JSON object. Call again.', isError: true };
  if (!person.approves(use))
    return { text: 'The person declined this call: it is not what was asked for.', isError: true };
  try {
    const reply = await app.call(use.name, use.arguments);
    person.sees(use, reply);
    return reply;
  } catch (error) {
    // An unknown tool is an error of the protocol, which hosts hand to the model.
    return { text: error instanceof Error ? error.message : String(error), isError: true };
  }
}
