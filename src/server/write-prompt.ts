import { findDateRange } from '../core/date-words.ts';
import { GatewayError } from '../core/errors.ts';
import { readIsoTime } from '../core/iso-time.ts';
import { createZone } from '../core/zone.ts';

/** A question that people ask often, as the calls that answer it. */
export interface Prompt {
  name: string;
  title: string;
  description: string;
  arguments: readonly PromptArgument[];
  /**
   * The text for the assistant.
   * @param values the arguments that were given, trimmed; with all required ones
   * @throws GatewayError `invalid_argument` naming the argument
   */
  write(values: Readonly<Record<string, string>>): string;
}

export interface PromptArgument {
  name: string;
  description: string;
  required: boolean;
}

/** One call that the assistant has to make. */
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

/** SQL names the table of an earlier reply, whose name is not known yet, as `TABLE_1` for that of call 1. */
export function writePromptText({ question, steps, report }: PromptTextParts): string {
  const calls = steps.map(
    ({ shows, tool, arguments: given }, index) =>
      `${index + 1}. ${tool}: ${shows}\n\`\`\`json\n${JSON.stringify(given)}\n\`\`\``,
  );
  return [
    question,
    `Make these ${steps.length} calls of the ConnectWise gateway unchanged, in this order. TABLE_1 in a query is a placeholder for the table that the reply to call 1 names (tickets_371, for example): replace it by that name.`,
    ...calls,
    report,
    'Take every number from the replies; compute none from rows that are only partly shown. Where a reply says PARTIAL, say what is missing. Change nothing in ConnectWise.',
  ].join('\n\n');
}

/** Reads all pages of a list, and queries its rows with `sql`. */
export function reading(shows: string, path: string, conditions: string, sql: string): PromptStep {
  return { shows, tool: 'execute_api_call', arguments: { path, all_pages: true, params: { conditions }, sql } };
}

/** Queries rows that are stored already. */
export function asking(shows: string, sql: string, more: Record<string, unknown> = {}): PromptStep {
  return { shows, tool: 'query_results', arguments: { sql, ...more } };
}

/** Longer than any name in ConnectWise that people type. */
const maxLength = 100;

// With the marks that change the direction of text: a person must see the value that they approve.
const hidden = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function refuse(name: string, problem: string, hint: string): GatewayError {
  return new GatewayError('invalid_argument', `${name} ${problem}.`, { details: { field: name }, hint });
}

/** @throws GatewayError `invalid_argument` for a value that a person cannot have typed as a name */
export function readName(name: string, value: string): string {
  if (value.length > maxLength)
    throw refuse(name, `has ${value.length} characters; at most ${maxLength} are allowed`, 'Give a name, not a text.');
  if (hidden.test(value)) throw refuse(name, 'contains invisible characters', 'Type the name on one line.');
  return value;
}

// Whether words are known does not depend on the time.
const rangeOf = (words: string) => findDateRange(words, 0, createZone('UTC'));

/** Words that mean some time, such as `last month`, as conditions take them. */
export function readPeriod(name: string, value: string): string {
  const words = readName(name, value);
  const range = rangeOf(words);
  if (range !== undefined && range.endMs > range.startMs) return words;
  throw refuse(
    name,
    `${JSON.stringify(words)} is not a period`,
    'Periods: today, this_week, last_week, this_month, last_month, last_quarter, this_year, last_30_days.',
  );
}

/** A day as `2026-03-01`, or words whose first day is meant. */
export function readDay(name: string, value: string): string {
  const words = readName(name, value);
  if (/^\d{4}-\d\d-\d\d$/.test(words) && readIsoTime(words) !== undefined) return words;
  if (rangeOf(words) !== undefined) return words;
  throw refuse(
    name,
    `${JSON.stringify(words)} is not a day`,
    'Give a day as 2026-03-01, or words: today, this_month, last_month, 30_days_ago.',
  );
}

/** A whole number of days. */
export function readDays(name: string, value: string, most: number): number {
  const days = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (days >= 1 && days <= most) return days;
  throw refuse(
    name,
    `${JSON.stringify(value.slice(0, 20))} is not a number of days from 1 to ${most}`,
    'Give a whole number, such as 60.',
  );
}
