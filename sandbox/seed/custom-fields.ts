import type { JsonObject } from '../json.ts';

function row(id: number, caption: string, type: string, entryMethod: string): JsonObject {
  return { id, caption, type, entryMethod, numberOfDecimals: 0, value: null };
}

/** Custom fields that this provider has defined, by collection. Rows without a value show null (CW 5.13). */
export const customFieldRows: ReadonlyMap<string, readonly JsonObject[]> = new Map([
  ['/company/companies', [row(1, 'Account tier', 'Text', 'List'), row(2, 'Onboarded on', 'Date', 'Date')]],
  ['/company/contacts', [row(3, 'VIP', 'Checkbox', 'EntryField')]],
  ['/company/configurations', [row(4, 'Local admin password', 'Password', 'EntryField')]],
  ['/service/tickets', [row(5, 'Root cause', 'Text', 'List'), row(6, 'Change approved by', 'Text', 'EntryField')]],
]);

/** The rows of a collection with some values set, by caption. */
export function customFields(key: string, values: Readonly<Record<string, string | boolean | null>>): JsonObject[] {
  return (customFieldRows.get(key) ?? []).map((row) => ({ ...row, value: values[String(row.caption)] ?? null }));
}
