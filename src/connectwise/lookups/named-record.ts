import { fold } from '../../conditions/index.ts';
import { isRecord } from '../../core/json.ts';
import type { LookupTable } from './lookup-table.ts';
import type { Named } from './lookups.ts';

/** A record as far as its names go. */
export interface NamedRecord extends Named {
  /** What it answers to: name, identifier, e-mail addresses. */
  labels: readonly string[];
  /** Inactive, deleted, ended. */
  gone: boolean;
  /** Name of whom it belongs to, where that tells it from others. */
  owner?: string;
}

/** For comparing: case and outer white space do not matter. */
export const foldLabel = (text: string): string => fold(text.trim());

/** The members to ask for: a full record is many times larger (CW 6.1). */
export function fieldsOf({ names, identifier, mails = [], gone, owner }: LookupTable): string {
  const members = ['id', ...names, identifier, ...mails, gone?.member, owner && `${owner}/name`];
  return members.filter((member) => member !== undefined).join(',');
}

/** Undefined for a row without an id or a name. */
export function readNamedRecord(table: LookupTable, row: unknown): NamedRecord | undefined {
  if (!isRecord(row) || typeof row.id !== 'number') return undefined;
  const identifier = table.identifier === undefined ? '' : textOf(row[table.identifier]);
  const ownName = table.names
    .map((member) => textOf(row[member]))
    .filter(Boolean)
    .join(' ');
  const name = ownName || identifier;
  if (name === '') return undefined;
  const owner = table.owner === undefined ? undefined : row[table.owner];
  const ownerName = isRecord(owner) ? textOf(owner.name) : '';
  const value = table.gone && row[table.gone.member];
  return {
    id: row.id,
    name,
    ...(identifier && { identifier }),
    labels: [...new Set([name, identifier, ...mailsOf(table, row)].filter(Boolean))],
    gone: (typeof value === 'string' || typeof value === 'boolean') && table.gone?.values.includes(value) === true,
    ...(ownerName && { owner: ownerName }),
  };
}

function mailsOf({ mails = [], mailItems }: LookupTable, row: Readonly<Record<string, unknown>>): string[] {
  const items = mailItems === undefined ? undefined : row[mailItems];
  const values = Array.isArray(items) ? items.map((item) => (isRecord(item) ? textOf(item.value) : '')) : [];
  // The same member holds a kind in place of an address on some endpoints, and items hold telephone numbers.
  return [...mails.map((member) => textOf(row[member])), ...values].filter((value) => value.includes('@'));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** For a person to choose by: `Main, Acme (12)`. */
export function renderCandidate({ id, name, owner }: NamedRecord): string {
  return `${name}${owner === undefined ? '' : `, ${owner}`} (${id})`;
}
