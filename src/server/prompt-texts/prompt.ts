/** A question that people ask again and again, as calls that answer it. */
export interface Prompt {
  name: string;
  title: string;
  description: string;
  arguments: readonly PromptArgument[];
  /**
   * What the assistant is told.
   * @param values those given, trimmed; the required ones are there
   * @throws GatewayError `invalid_argument` naming the argument
   */
  write(values: Readonly<Record<string, string>>): string;
}

export interface PromptArgument {
  name: string;
  description: string;
  required: boolean;
}

/** One call, as the assistant is to make it. */
export interface PromptStep {
  /** What the reply shows. */
  shows: string;
  tool: 'execute_api_call' | 'query_results';
  arguments: Record<string, unknown>;
}

interface PromptTextParts {
  question: string;
  steps: readonly PromptStep[];
  /** How the answer is put together. */
  report: string;
}

/** Statements name the table of an earlier reply, which has its name only then: `TABLE_1` is that of call 1. */
export function writePromptText({ question, steps, report }: PromptTextParts): string {
  const calls = steps.map(
    ({ shows, tool, arguments: given }, index) =>
      `${index + 1}. ${tool}: ${shows}\n\`\`\`json\n${JSON.stringify(given)}\n\`\`\``,
  );
  return [
    question,
    `Make these ${steps.length} calls of the ConnectWise gateway as they stand, in this order. TABLE_1 in a statement stands for the table that the reply to call 1 names (tickets_371, for example): put that name in its place.`,
    ...calls,
    report,
    'Take every number from the replies and compute none from rows you only see in part. Where a reply says PARTIAL, say what is missing. Nothing is to be changed in ConnectWise.',
  ].join('\n\n');
}

/** A list read to its end, and what `sql` makes of its rows. */
export function reading(shows: string, path: string, conditions: string, sql: string): PromptStep {
  return { shows, tool: 'execute_api_call', arguments: { path, all_pages: true, params: { conditions }, sql } };
}

/** Rows that are stored already, asked once more. */
export function asking(shows: string, sql: string, more: Record<string, unknown> = {}): PromptStep {
  return { shows, tool: 'query_results', arguments: { sql, ...more } };
}
