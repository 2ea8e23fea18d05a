import type { Schema } from '../../catalog/index.ts';
import { defined, isRecord } from '../../core/json.ts';
import { nearestNames } from '../../core/nearest.ts';
import { findSpelling } from '../body/find-member.ts';
import type { BodyContext, Fault } from '../body/findings.ts';
import { findWrittenDate } from '../body/written-date.ts';
import type { Values } from '../change.ts';
import { isSame, ownValue } from '../differences.ts';
import { isOperations, toOperations } from '../operations.ts';
import type { PlanContext, PlanStart } from '../plan.ts';
import { isReferenceValue, oneLine, quote } from '../wording.ts';
import { type NamedBody, resolveNames, resolveOperationNames } from './resolve-names.ts';

export interface Completing extends Pick<PlanStart, 'request'> {
  schema: Schema | undefined;
  record?: Values | undefined;
  /** The record that the request is under. */
  above?: Values | undefined;
  signal?: AbortSignal | undefined;
}

/** A body with ids in place of names, and what was found about its names. */
export type CompletedBody = Omit<NamedBody, 'body'> & { body: unknown };

/**
 * Completes a body as a person writes it: names become ids, custom fields whole rows, and array elements that the
 * record already has keep their ids. Faults in custom fields are added to the findings.
 */
export async function completeBody(
  context: PlanContext,
  check: BodyContext,
  { request, schema, record, above, signal }: Completing,
): Promise<CompletedBody> {
  const { body, path, method } = request;
  if (schema !== undefined && method === 'PATCH' && isOperations(body)) {
    return resolveOperationNames(context, toOperations(body), { path, schema, record, above, signal });
  }
  if (schema === undefined || !isRecord(body)) return { body, names: new Map(), notes: [] };
  const named = await resolveNames(context, body, { path, schema, record, above, signal });
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
  // An array even with faults, so that the check adds no fault about its form.
  return fillCustomFields(check, given, rows);
}

/** The custom fields of a collection: every record has all of them, set or not (CW 5.13). */
async function readRows({ client, catalog }: PlanContext, { path, signal }: RowSource): Promise<unknown> {
  if (catalog.findEndpoint('GET', path) === undefined) return undefined;
  const query = { pageSize: '1', fields: 'id,customFields' };
  const { body } = await client.send({ method: 'GET', path, query }, signal);
  const [record] = Array.isArray(body) ? body.filter(isRecord) : [];
  const rows = record?.customFields;
  // The values belong to another record.
  return Array.isArray(rows) ? rows.filter(isRecord).map((row) => ({ ...row, value: null })) : undefined;
}

/**
 * New array elements that match a stored element become that element, with its id: the array is replaced whole, and
 * elements that stay must remain the same records.
 */
function adoptElements(before: unknown, wanted: unknown): unknown {
  if (!Array.isArray(before) || !Array.isArray(wanted)) return wanted;
  const free = new Set<unknown>(before);
  // Elements with an id are matched first: which stored element they mean is certain.
  const withIds = wanted.map((element) => adoptById(free, element));
  return withIds.map((element) => {
    if (!isRecord(element) || isReferenceValue(element) || element.id !== undefined) return element;
    const same = [...free].find((stored) => isRecord(stored) && holdsAll(stored, element));
    if (!isRecord(same)) return element;
    free.delete(same);
    return withoutInfo(same);
  });
}

/** `{id, value}` keeps the rest of the element that has the id. */
function adoptById(free: Set<unknown>, element: unknown): unknown {
  if (!isRecord(element) || isReferenceValue(element) || element.id === undefined) return element;
  const stored = [...free].find((one) => isRecord(one) && String(one.id) === String(element.id));
  if (!isRecord(stored)) return element;
  free.delete(stored);
  return { ...withoutInfo(stored), ...element };
}

function holdsAll(stored: Values, element: Values): boolean {
  return Object.entries(element).every(([name, value]) => isSame(stored[name], value));
}

function withoutInfo({ _info, ...rest }: Values): Record<string, unknown> {
  return rest;
}

/** Whether the stored rows are needed: fields are given by caption, or only some of them. */
function needsRows(given: unknown): boolean {
  return isRecord(given) || (Array.isArray(given) && given.some(isRecord));
}

/**
 * The whole array of custom fields with the given ones in it, `{"Site code": "X1"}` or `[{"id": 1, "value": "X1"}]`:
 * whether rows that are left out keep their values is contested (CW 5.2.7).
 */
function fillCustomFields(context: BodyContext, given: unknown, stored: readonly Values[]): Values[] {
  const { faults } = context.findings;
  const wanted = new Map<Values, unknown>();
  const notFound: Values[] = [];
  for (const change of changesOf(given)) {
    const row = stored.find((one) => isMeant(one, change));
    if (row !== undefined && isOtherCaption(row, change)) faults.push(twoFields(row, change));
    else if (row !== undefined) wanted.set(row, valueFor(context, row, change.value));
    else if (change.id !== undefined) notFound.push(change);
    else faults.push(unknownCaption(String(change.caption), stored));
  }
  const rows = stored.map((row) => {
    const kept = withoutInfo(row);
    return wanted.has(row) ? { ...kept, value: wanted.get(row) } : kept;
  });
  return [...rows, ...notFound];
}

function changesOf(given: unknown): Values[] {
  if (Array.isArray(given)) return given.filter(isRecord);
  return isRecord(given) ? Object.entries(given).map(([caption, value]) => ({ caption, value })) : [];
}

function isMeant(row: Values, change: Values): boolean {
  if (change.id !== undefined && change.id !== null) return String(row.id) === String(change.id);
  return fold(row.caption) === fold(change.caption);
}

/** A row that is given by its id and the caption of another. */
function isOtherCaption(row: Values, { caption }: Values): boolean {
  return typeof caption === 'string' && caption.trim() !== '' && fold(caption) !== fold(row.caption);
}

function twoFields(row: Values, change: Values): Fault {
  const own = oneLine(String(row.caption), 40);
  return {
    path: `customFields/${oneLine(String(change.caption), 40)}`,
    problem: `the field ${oneLine(String(row.id), 20)} is ${quote(own)}`,
    allowed: 'its id or its caption alone',
  };
}

const fold = (caption: unknown): string => String(caption).trim().replace(/\s+/g, ' ').toLowerCase();

function unknownCaption(caption: string, stored: readonly Values[]): Fault {
  const captions = stored.map((row) => oneLine(String(row.caption), 40));
  const near = nearestNames(caption, captions, 3);
  const shown = near.length > 0 ? near : captions.slice(0, 8);
  return defined<Fault>({
    path: `customFields/${oneLine(caption, 40)}`,
    problem: 'is not a custom field of this record',
    allowed: shown.join(', ') || undefined,
  });
}

/** A value in the type of its row; other types are sent as given. */
function valueFor({ findings: { faults }, zone, nowMs }: BodyContext, row: Values, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return null;
  const path = `customFields/${oneLine(String(row.caption), 40)}`;
  const text = String(value).trim();
  if (row.type === 'Checkbox') {
    if (/^(true|yes|on|1)$/i.test(text)) return true;
    if (/^(false|no|off|0)$/i.test(text)) return false;
    faults.push({ path, problem: 'is a checkbox', allowed: 'true or false' });
  } else if (row.type === 'Number' || row.type === 'Percent' || row.type === 'Currency') {
    if (/^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
    faults.push({ path, problem: 'is a number', allowed: 'digits with an optional point' });
  } else if (row.type === 'Date') {
    const date = findWrittenDate(text, { kind: 'date-only', zone, nowMs });
    if (date !== undefined && 'sent' in date) return date.sent;
    const allowed = date === undefined ? '2025-01-31, today or tomorrow' : date.days.join(' or ');
    faults.push({ path, problem: 'is a date', allowed });
  }
  return value;
}
