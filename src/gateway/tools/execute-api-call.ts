import * as z from 'zod';
import type { ParentId } from '../../connectwise/index.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, readArray, withoutHash } from '../../core/json.ts';
import { type Call, type ListScope, parseMethod, requireEndpoint, type Target } from '../calls/call.ts';
import { callEndpoint } from '../calls/call-endpoint.ts';
import { wordsForModel } from '../calls/reader-words.ts';
import { callOutputSchema, renderCall } from '../calls/render.ts';
import { dataSchema, maxTokensSchema, methodSchema, paramsSchema, pathSchema, sqlSchema } from './inputs.ts';
import { defineTool, type ToolContext } from './tool.ts';

/** Ids, or what reads them. */
export const forEachSchema = z.union([
  z.string().min(1).max(20_000),
  z.array(z.union([z.string().max(100), z.int()])).max(1000),
]);

export const executeApiCall = defineTool({
  name: 'execute_api_call',
  title: 'Call an endpoint',
  description: `Calls one ConnectWise endpoint. Reads are sent and answered: COMPLETE or PARTIAL first, then rows; all rows are kept as a table for query_results. POST, PUT, PATCH and DELETE are only prepared (NOT SENT, with a preview and a change_id for confirm_api_write).
Example: path "/service/tickets", params {"conditions": "status/name='Open' and priority/name='High'", "fields": "id,summary,company/name"}.
conditions: text in quotes, dates in brackets ([2025-01-31], [last month], [30 days ago]), true/false/null bare, references by / (company/identifier='Acme'), and, or, in, like 'x%', contains. A report in one call: all_pages true, sql "select company_name, count(*) n from it group by 1".
POST and PATCH take data as an object of the members to set, with names as people write them in place of ids: {"status": "Waiting Customer", "owner": "{me}", "customFields": {"Site code": "X1"}}.`,
  access: 'prepare',
  input: z.strictObject({
    path: pathSchema.describe('As /service/tickets/123'),
    method: methodSchema,
    params: paramsSchema.optional().describe('conditions, orderBy, fields, page, pageSize, values of {placeholders}'),
    data: dataSchema.optional().describe('Body of a write'),
    all_pages: z.boolean().default(false).describe('Read a list to its end, not 1,000 rows'),
    max_records: z.int().min(1).max(200_000).optional().describe('Default 10,000'),
    for_each: forEachSchema
      .optional()
      .describe(
        'Ids, or a SELECT over stored tables, that fill the last {…} of path: many reads as one table, or one prepared change over many records',
      ),
    sql: sqlSchema
      .optional()
      .describe('One SELECT over the rows read, as table it; may join stored tables, functions as in query_results'),
    max_tokens: maxTokensSchema.optional().describe('Of the reply, 1,500 unless given'),
    strict: z.boolean().default(true).describe('false sends what the checks would refuse'),
  }),
  output: callOutputSchema,
  async run(input, context, signal) {
    const { path, method, params, data, all_pages, max_records, for_each, sql, max_tokens, strict } = input;
    const target = await requireEndpoint(context, parseMethod(method), path);
    // Without a place for ids, an empty for_each is one that the client filled in.
    const asked = for_each !== undefined && (for_each.length > 0 || target.path.includes('{'));
    const parents = asked ? await readForEach(context, target, for_each, signal) : undefined;
    const scope = defined<ListScope>({ allPages: all_pages, maxRecords: max_records, parents });
    const call = defined<Call>({ target, params, data, strict, scope, sql, maxTokens: max_tokens });
    return callEndpoint(context, call, signal);
  },
  render: (result) => renderCall(result, wordsForModel),
});

/** Ids in one call at most. */
const maxParents = 500;

const selects = /^\s*(select|with|values)\b/i;

/**
 * The ids that `for_each` means: as given, in a text with commas or as a JSON array, or the first column of one SELECT
 * over stored tables.
 * @throws GatewayError `invalid_argument` for no ids, too many, or what the path cannot hold; `invalid_sql`
 */
export async function readForEach(
  context: ToolContext,
  target: Target,
  given: string | readonly (string | number)[],
  signal: AbortSignal,
): Promise<readonly ParentId[]> {
  const written = typeof given === 'string' ? await readText(context, given, signal) : given;
  const details = { field: 'for_each' };
  const ids = written.map((id) => withoutHash(String(id)));
  const isId = takesNumbers(target) ? isNumber : isPathValue;
  const odd = ids.find((id) => !isId(id));
  if (odd !== undefined) {
    const shown = odd.length > 60 ? `${odd.slice(0, 60)}…` : odd;
    const message = `for_each holds ${JSON.stringify(shown)}, which is not an id of ${target.path}.`;
    throw new GatewayError('invalid_argument', message, {
      details,
      hint: 'Give ids as [1534, 1578], or one SELECT whose first column holds them.',
    });
  }
  const known = [...new Set(ids.map((id) => (/^\d{1,15}$/.test(id) ? Number(id) : id)))];
  if (known.length > 0 && known.length <= maxParents) return known;
  const count = known.length === 0 ? 'no ids' : `more than ${maxParents} ids`;
  throw new GatewayError('invalid_argument', `for_each gives ${count}; 1 to ${maxParents} are allowed.`, {
    details,
    hint: 'Give ids, or one SELECT whose first column holds them, with a narrower WHERE.',
  });
}

/** Whether the placeholder that ids fill takes numbers alone. */
function takesNumbers({ path, endpoint }: Target): boolean {
  // The path may have another name in this place than its template.
  const at = path.split('/').findLastIndex((segment) => segment.includes('{'));
  const name = endpoint?.path.split('/')[at]?.slice(1, -1);
  const parameter = endpoint?.parameters.find((one) => one.location === 'path' && one.name === name);
  return parameter?.type === 'integer';
}

const isNumber = (id: string) => /^-?\d{1,15}$/.test(id);

/** Text that can be a segment of a path: brackets and quotes are of a list that could not be read. */
const isPathValue = (id: string) => id !== '' && id.isWellFormed() && !/[[\]{}()"'`#/\\]/.test(id);

async function readText(
  context: ToolContext,
  text: string,
  signal: AbortSignal,
): Promise<readonly (string | number)[]> {
  const array = readArray(text);
  if (array) return array.map((id) => (typeof id === 'string' || typeof id === 'number' ? id : JSON.stringify(id)));
  if (!selects.test(text)) return text.split(/[,;\n]/).flatMap((id) => id.trim() || []);
  const store = await context.results();
  const { rows } = await store.query(text, { maxRows: maxParents + 1, signal });
  return rows.flatMap(([id]) => (typeof id === 'string' || typeof id === 'number' ? [id] : []));
}
