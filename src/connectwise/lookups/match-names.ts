import { nearestNames } from '../../core/nearest.ts';
import type { MatchedBy } from './lookups.ts';
import { foldLabel, type NamedRecord } from './named-record.ts';

export type NameMatch = Exclude<MatchedBy, 'id'>;

/** From the surest to the least sure. */
export const nameMatches: readonly NameMatch[] = ['exact', 'prefix', 'contains'];

/** One or two letters within some name are chance, and no way to say which. */
const shortest: Readonly<Record<NameMatch, number>> = { exact: 1, prefix: 2, contains: 3 };

/** Whether a text may be compared so at all. */
export function isLongEnough(how: NameMatch, text: string): boolean {
  return foldLabel(text).length >= shortest[how];
}

/** What a text names among some records; inactive ones are never it. */
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

/** The same for a text of digits: an id, or a name that is a number. Names that only hold it are not meant. */
export function findByNumber(text: string, records: readonly NamedRecord[]): Finding {
  const id = Number(text);
  const byId = records.filter((record) => record.id === id);
  const named = recordsMatching('exact', text, records).filter((record) => record.id !== id);
  const alive = [...byId, ...named].filter(({ gone }) => !gone);
  const [gone] = byId;
  return oneOrSeveral(alive, byId.length > 0 ? 'id' : 'exact') ?? { kind: 'none', nearest: [], ...(gone && { gone }) };
}

function oneOrSeveral(records: readonly NamedRecord[], matchedBy: MatchedBy): Finding | undefined {
  const [record] = records;
  if (record === undefined) return undefined;
  return records.length === 1 ? { kind: 'one', record, matchedBy } : { kind: 'several', records, complete: true };
}

function none(text: string, records: readonly NamedRecord[]): Finding {
  const [gone] = recordsMatching('exact', text, records);
  return { kind: 'none', nearest: nearestRecords(text, records), ...(gone && { gone }) };
}

/** Of those in use the ones most alike by any label; the first few where all are unlike and few enough to read. */
export function nearestRecords(text: string, records: readonly NamedRecord[], count = 10): NamedRecord[] {
  const byLabel = new Map<string, NamedRecord>();
  const alive = records.filter(({ gone }) => !gone);
  for (const record of alive) for (const label of record.labels) if (!byLabel.has(label)) byLabel.set(label, record);
  const near = nearestNames(text.trim(), byLabel.keys(), count).flatMap((label) => byLabel.get(label) ?? []);
  return near.length > 0 ? [...new Set(near)] : alive.slice(0, alive.length <= count ? count : 0);
}
