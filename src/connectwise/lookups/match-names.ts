import { fold } from '../../conditions/index.ts';
import { defined, isRecord } from '../../core/json.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { LookupTable } from './tables.ts';

// Records by their names: reading the names of a record, and comparing them with a text.

export interface Named {
  id: number;
  name: string;
  identifier?: string;
}

/** A record reduced to its names. */
export interface NamedRecord extends Named {
  /** What it can be named by: name, identifier, e-mail addresses. */
  labels: readonly string[];
  /** Inactive, deleted, ended. */
  gone: boolean;
  /** Name of the record it belongs to, where that distinguishes it from others. */
  owner?: string;
  /** What else distinguishes it from a record of the same name: town, status. */
  marks?: readonly string[];
}

/** For comparing: case and outer white space do not matter. */
export const foldLabel = (text: string): string => fold(text.trim());

/** The members to ask for: a full record is many times larger (CW 6.1). */
export function fieldsOf({ names, identifier, mails = [], gone, owner, marks = [] }: LookupTable): string {
  const members = ['id', ...names, identifier, ...mails, gone?.member, owner && `${owner}/name`, ...marks];
  return [...new Set(members.filter((member) => member !== undefined))].join(',');
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
  return defined({
    id: row.id,
    name,
    identifier: identifier || undefined,
    labels: [...new Set([name, identifier, ...mailsOf(table, row)].filter(Boolean))],
    gone: (typeof value === 'string' || typeof value === 'boolean') && table.gone?.values.includes(value) === true,
    owner: ownerName || undefined,
    marks: table.marks?.map((member) => textAt(row, member)).filter(Boolean),
  });
}

function mailsOf({ mails = [], mailItems }: LookupTable, row: Readonly<Record<string, unknown>>): string[] {
  const items = mailItems === undefined ? undefined : row[mailItems];
  const values = Array.isArray(items) ? items.map((item) => (isRecord(item) ? textOf(item.value) : '')) : [];
  // The same member holds a kind instead of an address on some endpoints, and items hold telephone numbers.
  return [...mails.map((member) => textOf(row[member])), ...values].filter((value) => value.includes('@'));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** The text of `city` or `status/name`. */
function textAt(row: Readonly<Record<string, unknown>>, path: string): string {
  const [member = '', part] = path.split('/');
  const value = row[member];
  return textOf(part === undefined ? value : isRecord(value) ? value[part] : undefined);
}

/** For a person to choose by: `Main, Acme (12)`; of several with one name `Acme, ACME2, Tampa, Active (12)`. */
export function renderCandidates(records: readonly NamedRecord[]): string[] {
  return records.map(({ id, name, identifier, owner, marks = [] }) => {
    const isShared = records.some((other) => other.id !== id && foldLabel(other.name) === foldLabel(name));
    const others = isShared && identifier !== name ? [identifier, owner, ...marks] : [owner];
    return `${[name, ...others].filter((part) => part !== undefined).join(', ')} (${id})`;
  });
}

/** A name in a sentence: other people's text, so it is clipped and quoted. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}

// Comparing

/** How a text named a record, from the surest on. */
export type MatchedBy = 'id' | 'exact' | 'prefix' | 'contains';

export type NameMatch = Exclude<MatchedBy, 'id'>;

/** From the surest to the least sure. */
export const nameMatches: readonly NameMatch[] = ['exact', 'prefix', 'contains'];

/** The fewest letters for a match: one or two within a name are chance. */
const shortest: Readonly<Record<NameMatch, number>> = { exact: 1, prefix: 2, contains: 3 };

/** Whether a text is long enough to be compared in this way. */
export function isLongEnough(how: NameMatch, text: string): boolean {
  return foldLabel(text).length >= shortest[how];
}

/** What a text names among some records; never an inactive one. */
export type Finding =
  | { kind: 'one'; record: NamedRecord; matchedBy: MatchedBy }
  /** `complete` is false where there may be more. */
  | { kind: 'several'; records: readonly NamedRecord[]; complete: boolean }
  /** `gone` is the inactive record of exactly that name. */
  | { kind: 'none'; nearest: readonly NamedRecord[]; gone?: NamedRecord };

/** Records that have the text as a label, at its beginning, or within it. */
export function recordsMatching(how: NameMatch, text: string, records: readonly NamedRecord[]): NamedRecord[] {
  if (!isLongEnough(how, text)) return [];
  const wanted = foldLabel(text);
  const fits = (label: string): boolean => {
    if (how === 'exact') return label === wanted;
    return how === 'prefix' ? label.startsWith(wanted) : label.includes(wanted);
  };
  return records.filter(({ labels }) => labels.some((label) => fits(foldLabel(label))));
}

/** Looks through all records of a collection. */
export function findByName(text: string, records: readonly NamedRecord[]): Finding {
  const alive = records.filter(({ gone }) => !gone);
  for (const matchedBy of nameMatches) {
    const finding = oneOrSeveral(recordsMatching(matchedBy, text, alive), matchedBy);
    if (finding !== undefined) return finding;
  }
  return none(text, records);
}

/** The same for a text of digits: an id, or a name that is exactly this number. */
export function findByNumber(text: string, records: readonly NamedRecord[]): Finding {
  const id = Number(text);
  const byId = records.filter((record) => record.id === id);
  const named = recordsMatching('exact', text, records).filter((record) => record.id !== id);
  const alive = [...byId, ...named].filter(({ gone }) => !gone);
  const [gone] = byId;
  return oneOrSeveral(alive, byId.length > 0 ? 'id' : 'exact') ?? noneFound([], gone);
}

export function noneFound(nearest: readonly NamedRecord[], gone: NamedRecord | undefined): Finding {
  return gone === undefined ? { kind: 'none', nearest } : { kind: 'none', nearest, gone };
}

function oneOrSeveral(records: readonly NamedRecord[], matchedBy: MatchedBy): Finding | undefined {
  const [record] = records;
  if (record === undefined) return undefined;
  return records.length === 1 ? { kind: 'one', record, matchedBy } : { kind: 'several', records, complete: true };
}

function none(text: string, records: readonly NamedRecord[]): Finding {
  const [gone] = recordsMatching('exact', text, records);
  return noneFound(nearestRecords(text, records), gone);
}

/** The records in use with the most similar labels; all of them where none is similar and they are few. */
export function nearestRecords(text: string, records: readonly NamedRecord[], count = 10): NamedRecord[] {
  const byLabel = new Map<string, NamedRecord>();
  const alive = records.filter(({ gone }) => !gone);
  for (const record of alive) for (const label of record.labels) if (!byLabel.has(label)) byLabel.set(label, record);
  const near = nearestNames(text.trim(), byLabel.keys(), count).flatMap((label) => byLabel.get(label) ?? []);
  return near.length > 0 ? [...new Set(near)] : alive.slice(0, alive.length <= count ? count : 0);
}
