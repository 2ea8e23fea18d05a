import type { Context } from '../context.ts';
import type { Collection } from '../definitions.ts';
import { type JsonObject, type JsonValue, referenceId } from '../json.ts';
import type { FieldError } from '../server/refusal.ts';
import type { StoredRecord } from '../store.ts';

/** A record on its way into the store. */
export interface Draft {
  collection: Collection;
  id: number;
  parents: readonly number[];
  value: JsonObject;
  /** The stored record, for a change; absent for a new one. */
  before?: StoredRecord;
  /** Members that act once and are not stored, such as a ticket's `initialDescription`. */
  aside: Record<string, JsonValue>;
}

/** What ConnectWise does when a record of one collection is written. Each step is optional. */
export interface Rule {
  /** Members that no body can set: they keep their value, or `derive` computes them. */
  computed?: readonly string[];
  /** Members that are required although the definition does not say so. */
  needed?: readonly string[];
  /** Fills in defaults and moves aside what is not stored; before anything is checked. */
  complete?(context: Context, draft: Draft): void;
  /** Errors that the schema alone does not show; references are resolved by now. */
  check?(context: Context, draft: Draft): FieldError[];
  derive?(context: Context, draft: Draft): void;
  /** Why a record cannot be deleted, apart from being in use; undefined where it can. */
  refuseDelete?(context: Context, record: StoredRecord): string | undefined;
  /** What changes in other records, once the record is stored or deleted. */
  follow?(context: Context, record: StoredRecord, change: Change): void;
}

export interface Change {
  kind: 'create' | 'update' | 'delete';
  aside: Readonly<Record<string, JsonValue>>;
  /** The value before an update or delete. */
  before?: JsonObject;
}

/** Takes a member out of the draft; undefined where it has no value. */
export function takeAside(draft: Draft, name: string): void {
  const value = draft.value[name];
  delete draft.value[name];
  if (value !== undefined && value !== null) draft.aside[name] = value;
}

/** Sets what has no value yet. */
export function setDefaults(value: JsonObject, defaults: Readonly<Record<string, JsonValue | undefined>>): void {
  for (const [name, standard] of Object.entries(defaults)) {
    if (standard !== undefined && standard !== null) value[name] ??= standard;
  }
}

/** Reference to the first record of a collection that carries a flag, such as a board's default status. */
export function referenceToDefault(
  context: Context,
  key: string,
  flag: string,
  parents?: readonly number[],
): JsonObject | undefined {
  for (const record of context.store.records(key, parents)) {
    if (record.value[flag] === true) return { id: record.id };
  }
  return undefined;
}

/** Records that must be of the same company as the one that names them (CW 8.4). */
const owned = [
  { member: 'contact', key: '/company/contacts', kind: 'Contact' },
  { member: 'agreement', key: '/finance/agreements', kind: 'Agreement' },
] as const;

/** Contact and agreement belong to the record's company; ConnectWise words it like the status of another board. */
export function belongingErrors(context: Context, { value, before }: Draft): FieldError[] {
  const companyId = referenceId(value.company);
  if (companyId === undefined) return [];
  return owned.flatMap(({ member, key, kind }) => {
    const id = referenceId(value[member]);
    const ownerId = id === undefined ? undefined : referenceId(context.store.find(key, id)?.value.company);
    // What was accepted once is not questioned again unless it changes.
    const isOld = referenceId(before?.value[member]) === id && referenceId(before?.value.company) === companyId;
    if (id === undefined || ownerId === undefined || ownerId === companyId || isOld) return [];
    return [{ code: 'NotFound', message: `${kind} ${id} not found for Company ${companyId}`, field: `${member}/id` }];
  });
}
