import type { Schema } from '../../catalog/index.ts';
import { isRecord } from '../../core/json.ts';
import { findSpelling } from '../body/find-member.ts';
import type { BodyContext } from '../body/findings.ts';
import { ownValue } from '../differences.ts';
import type { PlanContext, PlanStart } from '../plan.ts';
import { isOperations, toOperations } from '../to-operations.ts';
import { adoptElements } from './adopt-elements.ts';
import { fillCustomFields, needsRows } from './custom-fields.ts';
import { type NamedBody, resolveNames, resolveOperationNames } from './resolve-names.ts';

type Values = Readonly<Record<string, unknown>>;

export interface Completing extends PlanStart {
  schema: Schema | undefined;
  record?: Values | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * The body that a person's body means: names are ids, custom fields are whole rows, and elements of arrays that are
 * there already are those of the record. What is wrong with custom fields is added to the findings.
 */
export async function completeBody(
  context: PlanContext,
  check: BodyContext,
  { request, schema, record, signal }: Completing,
): Promise<Omit<NamedBody, 'body'> & { body: unknown }> {
  const { body, path, method } = request;
  const names = { ...context, findSchema: check.findSchema };
  if (schema !== undefined && method === 'PATCH' && isOperations(body)) {
    return resolveOperationNames(names, toOperations(body), { path, schema, record, signal });
  }
  if (schema === undefined || !isRecord(body)) return { body, names: new Map(), notes: [] };
  const named = await resolveNames(names, body, { path, schema, record, signal });
  for (const [given, value] of Object.entries(named.body)) {
    const name = findSpelling(schema, given)?.name;
    if (name === 'customFields') named.body[given] = await fillRows(context, check, value, { path, record, signal });
    else if (name !== undefined && record !== undefined) {
      named.body[given] = adoptElements(ownValue(record, name), value);
    }
  }
  return named;
}

interface RowSource {
  path: string;
  record: Values | undefined;
  signal: AbortSignal | undefined;
}

async function fillRows(context: PlanContext, check: BodyContext, given: unknown, source: RowSource): Promise<unknown> {
  const isByCaption = isRecord(given) || (Array.isArray(given) && given.some((row) => isRecord(row) && !('id' in row)));
  if (!needsRows(given) || (source.record === undefined && !isByCaption)) return given;
  const stored = source.record === undefined ? await readRows(context, source) : source.record.customFields;
  const rows = Array.isArray(stored) ? stored.filter(isRecord) : [];
  if (rows.length === 0 && !isByCaption) return given;
  const filled = fillCustomFields(check, given, rows);
  check.findings.faults.push(...filled.faults);
  // A fault leaves the value as an array, or the check would speak of its form besides.
  return filled.rows;
}

/** Which fields there are stands in every record of the collection, set or not (CW 5.13). */
async function readRows({ client, catalog }: PlanContext, { path, signal }: RowSource): Promise<unknown> {
  if (catalog.findEndpoint('GET', path) === undefined) return undefined;
  const query = { pageSize: '1', fields: 'id,customFields' };
  const { body } = await client.send({ method: 'GET', path, query }, signal);
  const [record] = Array.isArray(body) ? body.filter(isRecord) : [];
  const rows = record?.customFields;
  // Its values are another record's.
  return Array.isArray(rows) ? rows.filter(isRecord).map((row) => ({ ...row, value: null })) : undefined;
}
