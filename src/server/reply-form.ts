import type { Tool as ProtocolTool } from '@modelcontextprotocol/server';
import type { Reply } from '../gateway/index.ts';

/** Which half of a reply is sent: text for reading, JSON as the output schema says, or both. */
export type ReplyForm = 'text' | 'structured' | 'both';

/** What is known of the client: its name, and the version of the protocol that it speaks. */
export interface ClientFacts {
  name: string;
  protocolVersion: string;
}

/**
 * Clients that give their model both halves of a reply, which costs twice and gets it cut sooner. They were run with and
 * without the JSON; all others show one half only, so that they get both.
 */
const showsBoth: readonly RegExp[] = [/^@cline\//, /^copilot-cli$/, /^qwen-cli-mcp-client/];

/** Versions without structured content: what they do not know would be sent for nothing. */
const withoutStructured: ReadonlySet<string> = new Set(['2024-10-07', '2024-11-05', '2025-03-26']);

/** The form for a client, where none was chosen. */
export function formFor({ name, protocolVersion }: ClientFacts): ReplyForm {
  return withoutStructured.has(protocolVersion) || showsBoth.some((known) => known.test(name)) ? 'text' : 'both';
}

/** A tool as it is listed: without the JSON of replies there is no schema of it, or clients would miss it. */
export function toolInForm(tool: ProtocolTool, form: ReplyForm): ProtocolTool {
  if (form !== 'text') return tool;
  const { outputSchema, ...rest } = tool;
  return rest;
}

/** A reply without the half that is not asked for. Errors are text, and so are pictures. */
export function replyInForm(reply: Reply, form: ReplyForm): Reply {
  const { structuredContent, ...text } = reply;
  if (structuredContent === undefined || form === 'both') return reply;
  if (form === 'text') return text;
  return { ...reply, content: reply.content.filter(({ type }) => type !== 'text') };
}
