import { isRecord } from '../../core/json.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { BodyContext, Fault } from '../body/findings.ts';
import { findWrittenDate } from '../body/written-date.ts';
import { oneLine, quote } from '../wording.ts';

type Row = Readonly<Record<string, unknown>>;

export interface FilledRows {
  rows: unknown;
  faults: Fault[];
}

/** Whether custom fields are given so that their rows must be known: by caption, or some of them. */
export function needsRows(given: unknown): boolean {
  return isRecord(given) || (Array.isArray(given) && given.some(isRecord));
}

/**
 * The whole array of custom fields with the given ones in it, `{"Site code": "X1"}` or `[{"id": 1, "value": "X1"}]`:
 * whether rows that are left out keep their values is contested (CW 5.2.7).
 */
export function fillCustomFields(context: BodyContext, given: unknown, stored: readonly Row[]): FilledRows {
  const faults: Fault[] = [];
  const wanted = new Map<Row, unknown>();
  const notFound: Row[] = [];
  for (const change of changesOf(given)) {
    const row = stored.find((one) => isMeant(one, change));
    if (row !== undefined && isOtherCaption(row, change)) faults.push(twoFields(row, change));
    else if (row !== undefined) wanted.set(row, valueFor(context, row, change.value, faults));
    else if (change.id !== undefined) notFound.push(change);
    else faults.push(unknownCaption(String(change.caption), stored));
  }
  const rows = stored.map((row) => {
    const { _info, ...kept } = row;
    return wanted.has(row) ? { ...kept, value: wanted.get(row) } : kept;
  });
  return { rows: [...rows, ...notFound], faults };
}

function changesOf(given: unknown): Row[] {
  if (Array.isArray(given)) return given.filter(isRecord);
  return isRecord(given) ? Object.entries(given).map(([caption, value]) => ({ caption, value })) : [];
}

function isMeant(row: Row, change: Row): boolean {
  if (change.id !== undefined && change.id !== null) return String(row.id) === String(change.id);
  return fold(row.caption) === fold(change.caption);
}

/** A row that is given by its id and the caption of another. */
function isOtherCaption(row: Row, { caption }: Row): boolean {
  return typeof caption === 'string' && caption.trim() !== '' && fold(caption) !== fold(row.caption);
}

function twoFields(row: Row, change: Row): Fault {
  const own = oneLine(String(row.caption), 40);
  return {
    path: `customFields/${oneLine(String(change.caption), 40)}`,
    problem: `the field ${oneLine(String(row.id), 20)} is ${quote(own)}`,
    allowed: 'its id or its caption alone',
  };
}

const fold = (caption: unknown): string => String(caption).trim().replace(/\s+/g, ' ').toLowerCase();

function unknownCaption(caption: string, stored: readonly Row[]): Fault {
  const captions = stored.map((row) => oneLine(String(row.caption), 40));
  const near = nearestNames(caption, captions, 3);
  const shown = near.length > 0 ? near : captions.slice(0, 8);
  return {
    path: `customFields/${oneLine(caption, 40)}`,
    problem: 'is no custom field of this record',
    ...(shown.length > 0 ? { allowed: shown.join(', ') } : {}),
  };
}

/** A value as the type of its row wants it; what is of no known type goes as it is. */
function valueFor(context: BodyContext, row: Row, value: unknown, faults: Fault[]): unknown {
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
    const date = findWrittenDate(text, { kind: 'date-only', zone: context.zone, nowMs: context.nowMs });
    if (date !== undefined && 'sent' in date) return date.sent;
    const allowed = date === undefined ? '2025-01-31, today or tomorrow' : date.days.join(' or ');
    faults.push({ path, problem: 'is a date', allowed });
  }
  return value;
}
