import { isObject, type JsonValue, referenceId } from '../../sandbox/json.ts';
import { seedStore } from '../../sandbox/seed/seed.ts';
import { createStore } from '../../sandbox/store.ts';

/** The provider that the answers are about. */
export const keyOptions = { seed: 1, scale: 1, now: new Date('2026-03-10T15:00:00Z') } as const;

/** Members of a record as they are kept, and its stamps beside them. */
export interface Row {
  id: number;
  parentId: number | undefined;
  lastUpdated: string;
  dateEntered: string;
  [member: string]: JsonValue | undefined;
}

/** The records as plain rows: nothing of the query engine is between them and an answer. */
export interface Provider {
  rows(key: string): readonly Row[];
  /** What people call the record that a reference means; '' for none. */
  nameOf(key: string, reference: JsonValue | undefined): string;
}

export function seedProvider(): Provider {
  const store = createStore();
  seedStore(store, keyOptions);
  const rows = (key: string): Row[] =>
    [...store.records(key)].map(({ parents, value, stamps, id }) => ({
      ...value,
      id,
      parentId: parents.at(-1),
      lastUpdated: stamps.lastUpdated,
      // A time entry has a member of this name, which says the same.
      dateEntered: stamps.dateEntered,
    }));
  const known = new Map<string, readonly Row[]>();
  const remember = (key: string): readonly Row[] => {
    const found = known.get(key) ?? rows(key);
    known.set(key, found);
    return found;
  };
  return {
    rows: remember,
    nameOf(key, reference) {
      const id = referenceId(reference);
      const found = id === undefined ? undefined : remember(key).find((row) => row.id === id);
      return String((key === '/system/members' ? found?.identifier : found?.name) ?? '');
    },
  };
}

export const company = '/company/companies';
export const members = '/system/members';
export const tickets = '/service/tickets';
export const boards = '/service/boards';

export function isWithin(value: JsonValue | undefined, from: string, until: string): boolean {
  return typeof value === 'string' && value >= from && value < until;
}

export function hours(value: number): number {
  return Math.round(value * 100) / 100;
}

export function total(rows: readonly Row[], member: string): number {
  return hours(rows.reduce((sum, row) => sum + Number(row[member] ?? 0), 0));
}

/** Rows by the text that `nameOf` gives them, the largest group first, then by name. */
export function tally(rows: readonly Row[], nameOf: (row: Row) => string): { name: string; rows: Row[] }[] {
  return [...Map.groupBy(rows, nameOf)]
    .map(([name, own]) => ({ name, rows: own }))
    .sort((a, b) => b.rows.length - a.rows.length || a.name.localeCompare(b.name, 'en'));
}

export function ids(rows: readonly Row[]): number[] {
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

/** Elements of an array member that are objects. */
export function elements(value: JsonValue | undefined) {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
