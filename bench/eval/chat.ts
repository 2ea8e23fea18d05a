import type { Tool } from '@modelcontextprotocol/client';

/** One use of a tool, as a model asks for it. */
export interface ToolUse {
  id: string;
  name: string;
  /** Absent where the model wrote no JSON object. */
  arguments: Record<string, unknown> | undefined;
  /** The arguments as the model wrote them. */
  written: string;
}

export interface ToolAnswer {
  id: string;
  text: string;
  isError: boolean;
}

/** What a model answered once. */
export interface Turn {
  text: string;
  uses: readonly ToolUse[];
  /** `length`: cut off; `refused`: by the model or by the provider's filter. */
  end: 'stopped' | 'tools' | 'length' | 'refused';
  /** As the provider reports them. */
  inputTokens: number;
  outputTokens: number;
}

/** A conversation with a model in one wire format; it keeps its own messages. */
export interface Chat {
  say(text: string): void;
  answer(answers: readonly ToolAnswer[]): void;
  next(signal: AbortSignal): Promise<Turn>;
}

export interface ChatOptions {
  model: string;
  tools: readonly Tool[];
  temperature?: number;
  /** Tokens of one answer. */
  maxOutput?: number;
  /** Sends a body to the provider and answers its JSON. */
  post(path: string, body: unknown, signal: AbortSignal): Promise<unknown>;
}

/** A model may write anything where JSON belongs. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    return isRecord(value) ? value : undefined;
  } catch {
    // The model gets an error for what is not JSON; the run continues.
    return undefined;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const recordsIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
