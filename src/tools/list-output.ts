import type { ConnectWiseAnswer, ConnectWiseClient } from '../connectwise/client.ts';
import { countPath, findCount } from '../connectwise/count.ts';
import { GatewayError } from '../errors.ts';
import { isRecord, tidyRecord } from '../results/record-text.ts';
import { fitTable } from '../results/table.ts';
import { asksForInfo, type CallOutput, findMember } from './call-output.ts';
import type { ReadRequest } from './read-endpoint.ts';
import type { ToolContext } from './tool.ts';

export interface ListParts {
  context: ToolContext;
  client: ConnectWiseClient;
  request: ReadRequest;
  answer: ConnectWiseAnswer;
  signal: AbortSignal;
}

/** Bytes for the rows; with the lines around them a list stays below 1,500 tokens, as JSON and as text. */
const maxRowBytes = 4_600;

/** A list: COMPLETE or PARTIAL first, then as many whole rows as fit. */
export async function listOutput(parts: ListParts): Promise<CallOutput> {
  const { request, answer } = parts;
  const body = answer.body as readonly unknown[];
  const records = (tidyRecord(body, { keepEmpty: asksForInfo(request) }) as unknown[]).map((row) =>
    isRecord(row) ? row : { value: row },
  );
  const asked = (findMember(request.query, 'fields') ?? findMember(request.query, 'columns') ?? '')
    .split(',')
    .flatMap((name) => name.trim() || []);
  const table = fitTable(records, { asked, maxBytes: maxRowBytes });
  const { columns, rows, moreColumns } = table;
  const page = Number(findMember(request.query, 'page') ?? 1);
  const more = answer.next !== undefined;
  const whole = !more && page === 1;
  const total = whole ? records.length : await countAll(parts);
  const complete = whole && rows.length === records.length;
  const shown = `${rows.length} of ${total === undefined ? 'more' : total} rows`;
  const outcome = complete
    ? `COMPLETE: ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}.`
    : `PARTIAL: ${shown}${page > 1 ? `, page ${page}` : ''}.`;
  const notes: string[] = [];
  if (records.length === 0)
    notes.push('No rows among what this login may see; an empty list does not prove that there are none.');
  if (moreColumns.length > 0)
    notes.push(
      `More columns, for params fields: ${moreColumns.slice(0, 40).join(', ')}${moreColumns.length > 40 ? ', …' : ''}.`,
    );
  return {
    outcome,
    ...(notes.length > 0 ? { notes } : {}),
    ...(records.length > 0 ? { table: { columns, rows } } : {}),
    ...(complete ? {} : { next: adviseNext(rows.length < records.length, more, page) }),
  };
}

function adviseNext(cut: boolean, more: boolean, page: number): string {
  if (cut) return 'Not all rows of this page fit: ask for fewer fields, a smaller pageSize, or narrower conditions.';
  if (more)
    return `Narrow with params conditions, or go on with params page ${page + 1}; the same path with /count counts.`;
  return 'This is the last page.';
}

/** The number of all rows, where the endpoint has a count and it answers: its failure never fails a list. */
async function countAll({ context, client, request, signal }: ListParts): Promise<number | undefined> {
  const path = countPath(request.path);
  const catalog = await context.catalog();
  if (request.method !== 'GET' || !catalog.findEndpoint('GET', path)) return undefined;
  const filters = ['conditions', 'childConditions', 'customFieldConditions'].flatMap((name) => {
    const value = findMember(request.query, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  try {
    const { body } = await client.send({ method: 'GET', path, query: Object.fromEntries(filters) }, signal);
    return findCount(body);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}
