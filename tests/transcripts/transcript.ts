import type { Reply } from '../support/connect.ts';

/** One use of a tool, made from what was said and answered before. */
export interface Step {
  tool: string;
  arguments?: Record<string, unknown> | ((earlier: readonly Reply[]) => Record<string, unknown>);
  /** What a person says before this call: a new request, led by the descriptions and not by the reply before. */
  says?: string;
  /** Of the reply. */
  shows: RegExp;
}

/** What an assistant does for an everyday request that knows only descriptions and replies. */
export interface Transcript {
  person: 'technician' | 'dispatcher' | 'manager';
  asks: string;
  steps: readonly [Step, ...Step[]];
  /** Ceiling of the whole traffic: arguments, and the larger of text and `structuredContent`. */
  maxTokens: number;
}

/** The usual first call, with the person's own words. */
export const search = (query: string, shows: RegExp, says?: string): Step => ({
  tool: 'natural_language_api_search',
  arguments: { query },
  shows,
  ...(says === undefined ? {} : { says }),
});

/** Sends what was prepared, under the id that the reply before shows. */
export const confirm = (says?: string): Step => ({
  tool: 'confirm_api_write',
  arguments: (earlier) => ({ change_id: earlier.at(-1)?.data?.change_id }),
  shows: /^SENT: /,
  ...(says === undefined ? {} : { says }),
});

/** The table that the last list names. */
export function tableOf(earlier: readonly Reply[]): string {
  const names = earlier.flatMap(({ text }) => / rows? in (\w+)/.exec(text)?.[1] ?? []);
  return names.at(-1) ?? 'no_such_table';
}
