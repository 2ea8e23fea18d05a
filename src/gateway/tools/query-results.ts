import * as z from 'zod';
import { jsonBytes } from '../../core/budget.ts';
import {
  describeEmpty,
  describeGaps,
  describeTable,
  fitRows,
  hideColumns,
  type QueryResult,
} from '../../results/index.ts';
import { maxTokensSchema, sqlSchema } from './inputs.ts';
import { defineTool, type ToolContext } from './tool.ts';

const defaultTokens = 1_500;
/** Lines around the rows that are not counted in advance: the data fence, names of members. */
const marginBytes = 300;

const inputSchema = z.strictObject({
  sql: sqlSchema.describe('One SELECT, WITH … SELECT or VALUES, SQLite dialect'),
  max_rows: z.int().min(1).max(1_000).default(50),
  max_tokens: maxTokensSchema.optional().describe('Larger reply, for reading long texts; 1,500 unless given'),
});

type Input = z.infer<typeof inputSchema>;

const outputSchema = z.looseObject({
  outcome: z.string().describe('COMPLETE or PARTIAL first'),
  table: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) }).optional(),
  rests_on: z.array(z.looseObject({})).optional(),
  next: z.string().optional(),
});

type Output = z.infer<typeof outputSchema>;

interface Answer extends QueryResult {
  notices: readonly string[];
}

export const queryResults = defineTool({
  name: 'query_results',
  title: 'Query stored answers',
  description: `Read-only SQL over the tables in which list answers are kept (each list reply names its table): count, sum, group and join instead of reading rows or asking ConnectWise again. One SELECT, SQLite dialect.
Columns are named like fields with _ for /: status_name, company_id, actualHours; custom fields cf_<caption>; arrays are a column of names and a table <table>_<member> with parent_id; _record is the whole record as JSON. Dates are UTC text.
Functions (days of your time zone): today(), local(d), month(d), week(d), quarter(d[,first month]) 2026-Q1, fiscal_year(d,first month), days_between(a,b), hours_between(a,b), business_days(a,b) (weekdays from a up to b), bucket(n,30,60,90) 0-30, 31-60, 61-90, >90.
Example: SELECT member_name, sum(actualHours) AS hours FROM entries_123 GROUP BY 1 ORDER BY 2 DESC. The reply says which tables it rests on and whether they are complete.`,
  access: 'local',
  input: inputSchema,
  output: outputSchema,
  async run(input, context, signal) {
    const { sql, max_rows: maxRows } = input;
    const store = await context.results();
    const found = await store.query(sql, { maxRows, signal });
    const { empty, ...table } = hideColumns(found, sql);
    const unfilled = describeEmpty('these rows', empty);
    const lost = [context.takeFallback() ?? []].flat();
    const notices = [...store.takeNotices(), ...lost, ...found.notes, ...(unfilled === undefined ? [] : [unfilled])];
    return rowsOutput(input, { ...found, ...table, notices }, context);
  },
});

function rowsOutput(input: Input, result: Answer, context: ToolContext): Output {
  const { notices } = result;
  const about = describeTables(result, context);
  const gaps = describeGaps(result.tables);
  const budget = (input.max_tokens ?? defaultTokens) * 4;
  const around = jsonBytes({ about, gaps, notices }) + marginBytes;
  const table = fitRows(result, Math.max(budget - around, 400));
  const whole = result.complete && table.rows.length === result.rows.length && table.moreColumns === 0;
  const shown = whole ? rowCount(table.rows.length) : `${table.rows.length} of more rows`;
  const notes = [...notices];
  if (table.moreColumns > 0) notes.push(`${table.moreColumns} more columns do not fit: name those that matter.`);
  if (table.cut) notes.push('Long texts are cut at …; max_tokens up to 8,000, or fewer rows, show more of them.');
  return {
    outcome: gaps === undefined ? `${whole ? 'COMPLETE' : 'PARTIAL'}: ${shown}.` : `${gaps} Shown: ${shown}.`,
    ...(notes.length > 0 && { notes }),
    ...(result.columns.length > 0 && { table: { columns: table.columns, rows: table.rows } }),
    ...(about.length > 0 && { rests_on: about }),
    ...(!whole && { next: adviseMore(input, result) }),
  };
}

function adviseMore({ max_rows, max_tokens }: Input, { complete, rows }: QueryResult): string {
  const limit = !complete && rows.length === max_rows ? 'max_rows' : 'the size of a reply';
  const more = max_tokens === undefined ? ', raise max_tokens' : '';
  return `More rows than ${limit} allows: group or filter in the SQL, name fewer columns${more}, or save_file writes them all to a file.`;
}

export const describeTables = ({ tables }: Pick<QueryResult, 'tables'>, context: ToolContext) =>
  tables.map((table) => describeTable(table, context.now()));

export const rowCount = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`;
