import type { NameMatch } from './match-names.ts';
import { type Finding, findByName, findByNumber, nameMatches, nearestRecords, recordsMatching } from './match-names.ts';
import { likenessQuery, nameQuery, numberQuery } from './name-query.ts';
import { foldLabel, type NamedRecord } from './named-record.ts';
import type { Place, RecordReader } from './record-reader.ts';

/** What is an id where a text may be one; longer numbers are none of ConnectWise's. */
const digits = /^\d{1,9}$/;

/** What a text or id names at a place. */
export async function findRecord(
  reader: RecordReader,
  place: Place,
  wanted: string | number,
  signal?: AbortSignal,
): Promise<Finding> {
  const text = String(wanted).trim();
  const records = await reader.whole(place, signal);
  if (records !== undefined) {
    if (typeof wanted === 'number') return findById(wanted, records);
    return digits.test(text) ? findByNumber(text, records) : findByName(text, records);
  }
  const ask = (shared: AbortSignal) => {
    if (typeof wanted === 'number') return searchId(reader, place, wanted, shared);
    return digits.test(text) ? searchNumber(reader, place, text, shared) : searchName(reader, place, text, shared);
  };
  const question = `${typeof wanted} ${foldLabel(text)}`;
  return reader.remember(place, question, ask, { keep: ({ kind }) => kind === 'one', signal });
}

function findById(id: number, records: readonly NamedRecord[]): Finding {
  const record = records.find((one) => one.id === id);
  if (record === undefined) return { kind: 'none', nearest: [] };
  return record.gone ? { kind: 'none', nearest: [], gone: record } : { kind: 'one', record, matchedBy: 'id' };
}

/** An id is what it is, whoever it belongs to: the parent does not narrow it. */
async function searchId(reader: RecordReader, place: Place, id: number, signal: AbortSignal): Promise<Finding> {
  const anywhere = { ...place, parents: {} };
  const { records } = await reader.search(anywhere, { conditions: `id=${id}` }, { aliveOnly: false }, signal);
  return findById(id, records);
}

async function searchNumber(reader: RecordReader, place: Place, text: string, signal: AbortSignal): Promise<Finding> {
  const query = numberQuery(place.table, text);
  const { records } = await reader.search({ ...place, parents: {} }, query, { aliveOnly: false }, signal);
  return findByNumber(text, records);
}

/** Asks for exact names first, as they are the usual case and the quickest to find. */
async function searchName(reader: RecordReader, place: Place, text: string, signal: AbortSignal): Promise<Finding> {
  let gone: NamedRecord | undefined;
  for (const matchedBy of nameMatches) {
    const { records, complete } = await searchMatching(reader, place, matchedBy, text, signal);
    const alive = records.filter((record) => !record.gone);
    if (matchedBy === 'exact') gone = records.find((record) => record.gone);
    const [record] = alive;
    if (record !== undefined && alive.length === 1 && complete) return { kind: 'one', record, matchedBy };
    // What one level could not show whole, the next includes; the last decides.
    if (record !== undefined || (!complete && matchedBy === 'contains')) {
      return { kind: 'several', records: alive, complete };
    }
  }
  return { kind: 'none', nearest: await searchNearest(reader, place, text, signal), ...(gone && { gone }) };
}

/** Records that match, in use or, by the exact name, not. */
export async function searchMatching(
  reader: RecordReader,
  place: Place,
  how: NameMatch,
  text: string,
  signal?: AbortSignal,
): Promise<{ records: readonly NamedRecord[]; complete: boolean }> {
  const query = nameQuery(place.table, how, text);
  if (query === undefined) return { records: [], complete: true };
  const page = await reader.search(place, query, { aliveOnly: how !== 'exact' }, signal);
  return { records: recordsMatching(how, text, page.records), complete: page.complete };
}

export async function searchNearest(
  reader: RecordReader,
  place: Place,
  text: string,
  signal?: AbortSignal,
): Promise<NamedRecord[]> {
  const query = likenessQuery(place.table, text);
  if (query === undefined) return [];
  const { records } = await reader.search(place, query, { aliveOnly: true }, signal);
  return nearestRecords(text, records);
}
