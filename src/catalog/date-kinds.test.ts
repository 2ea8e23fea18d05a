import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { dateKindOf, findSort, isDayByValue } from './date-kinds.ts';
import type { Member, MemberType } from './endpoint.ts';

type Named = readonly [schema: string, member: Pick<Member, 'name' | 'type' | 'format' | 'enum'>];

/** Every text member of the shipped catalog. */
function readTexts(): Named[] {
  const database = new DatabaseSync(join(import.meta.dirname, '../../dist/catalog.db'), { readOnly: true });
  const rows = database
    .prepare("SELECT schema_name, name, type, format, enum FROM members WHERE type = 'string'")
    .all();
  database.close();
  return rows.map(({ schema_name, name, type, format, enum: values }) => [
    String(schema_name),
    {
      name: String(name),
      type: type as MemberType,
      ...(typeof format === 'string' && { format }),
      ...(typeof values === 'string' && { enum: JSON.parse(values) as string[] }),
    },
  ]);
}

/** What may be a date by its name, however it is spelt. */
const looksDated = /[dD]ate|(Start|End)$|[a-z](Login|Sync|Ran)$|(Utc|UTC)$|birth|anniv|deadline|expir|Valid(From|To)/;

/** Captions, choices, filters, people and times of day, of which each was looked at. */
const notDates =
  /Caption$|Filter$|Override$|^updated?(By|s)$|^(adjust\d|weekStart|fiscalYear|syncTime)|(Start|End)Time$|^time(Start|End)$|^contactSync$/;

test('every member of the catalog that is a date, or is named like one, is sorted', () => {
  const texts = readTexts().filter(([, { enum: values }]) => (values?.length ?? 0) === 0);
  const dated = texts.filter(([, { name, format }]) => format?.startsWith('date') || looksDated.test(name));
  const unsorted = dated.filter(([schema, member]) => findSort(schema, member) === undefined);
  const unknown = unsorted.filter(([, { name, format }]) => format?.startsWith('date') || !notDates.test(name));
  expect(unknown.map(([schema, { name }]) => `${schema}.${name}`)).toEqual([]);
  expect(dated.length - unsorted.length).toBeGreaterThan(240);
});

test.each([
  ['Ticket', 'requiredDate', 'date-time', 'date-time'],
  ['Ticket', 'closedDate', undefined, 'date-time'],
  ['Ticket', 'dateResolved', undefined, 'date-time'],
  ['Agreement', 'endDate', 'date-time', 'date-only'],
  ['Agreement', 'nextInvoiceDate', undefined, 'date-only'],
  ['Addition', 'effectiveDate', 'date-time', 'date-only'],
  ['Invoice', 'date', 'date-time', 'date-only'],
  ['Configuration', 'warrantyExpirationDate', 'date-time', 'date-only'],
  ['ExpenseEntry', 'date', 'date-time', 'date-only'],
  ['TimeSheet', 'dateStart', undefined, 'date-only'],
  ['TimeSheet', 'dateEnd', undefined, 'date-only'],
  ['Member', 'hireDate', 'date-time', 'date-only'],
  ['Opportunity', 'expectedCloseDate', 'date-time', 'date-only'],
  ['ScheduleEntry', 'dateStart', 'date-time', 'date-time'],
  ['TimeEntry', 'timeStart', 'date-time', 'date-time'],
  ['Holiday', 'timeStart', undefined, undefined],
  ['Ticket', 'summary', undefined, undefined],
  ['InvoiceTemplate', 'headerDueDateCaption', undefined, undefined],
  ['Calendar', 'mondayStartTime', undefined, undefined],
  ['KPI', 'dateFilter', undefined, undefined],
  ['Member', 'licenseClass', undefined, undefined],
] as const)('%s.%s (%s) is %s', (schema, name, format, kind) => {
  expect(dateKindOf(schema, { name, type: 'string', ...(format && { format }) })).toBe(kind);
});

test('the values decide for a date that the table leaves open, or that a newer definition brings', () => {
  expect(isDayByValue('Ticket', { name: 'requiredDate', type: 'string', format: 'date-time' })).toBe(true);
  expect(isDayByValue('Ticket', { name: 'dateOfNewKind', type: 'string' })).toBe(true);
  expect(isDayByValue('Invoice', { name: 'date', type: 'string', format: 'date-time' })).toBe(false);
  expect(isDayByValue('TimeEntry', { name: 'timeStart', type: 'string', format: 'date-time' })).toBe(false);
  expect(isDayByValue('Ticket', { name: 'summary', type: 'string' })).toBe(false);
});
