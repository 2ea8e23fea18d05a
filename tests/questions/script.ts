import type { JsonValue } from '../../sandbox/json.ts';
import type { Cell } from '../../src/results/table.ts';

/** One use of a tool. */
export interface ToolCall {
  tool: 'execute_api_call' | 'query_results';
  arguments: Record<string, unknown>;
}

/** A row of a reply by the names of its columns. */
export type ReplyRow = Readonly<Record<string, Cell>>;

/** What a call was answered, as the next one may use it. */
export interface Answered {
  /** The table that holds the rows. */
  table: string;
  rows: readonly ReplyRow[];
}

/**
 * How a careful assistant answers one question: it knows the words of the question, the time, the descriptions of the
 * tools and the members that `get_api_endpoint_details` shows. Ids and names that the question does not give are looked
 * up: a call may be made from what the earlier ones answered.
 */
export interface Script {
  /** Of the question. */
  id: string;
  calls: readonly (ToolCall | ((earlier: readonly Answered[]) => ToolCall))[];
  /** What the assistant says in the end, from the rows of the last reply; these rows themselves unless given. */
  say?(rows: readonly ReplyRow[]): JsonValue;
}

/** All records that fulfil the conditions, and the rows that `sql` makes of them; `fields` where few members do. */
export function read(path: string, conditions: string, sql: string, fields?: string): ToolCall {
  const params = { ...(conditions === '' ? {} : { conditions }), ...(fields === undefined ? {} : { fields }) };
  return {
    tool: 'execute_api_call',
    arguments: { path, all_pages: true, ...(Object.keys(params).length === 0 ? {} : { params }), sql },
  };
}

/** The lists below the records whose ids a SELECT gives, as one. */
export function readEach(path: string, ids: string, conditions: string, sql: string): ToolCall {
  return { tool: 'execute_api_call', arguments: { path, for_each: ids, params: { conditions }, sql } };
}

/** Name of the table of the `index`-th reply. */
export function tableOf(earlier: readonly Answered[], index = 0): string {
  return earlier[index]?.table ?? 'no_such_table';
}

/** Numbers that `group_concat` joined. */
export function idsIn(cell: Cell | undefined): number[] {
  return String(cell ?? '')
    .split(',')
    .map(Number)
    .sort((a, b) => a - b);
}

/** Texts that `group_concat` joined. */
export function namesIn(cell: Cell | undefined): string[] {
  return String(cell ?? '')
    .split(',')
    .sort();
}
