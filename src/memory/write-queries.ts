import { GatewayError } from '../core/errors.ts';
import { builtInQueries } from './built-in/built-in-queries.ts';
import { parseDescription } from './description.ts';
import { endpointKey, meaningOf } from './meaning.ts';
import type { ImportCounts, ImportedQuery } from './memory.ts';
import { placeholderNames } from './placeholders/parse.ts';
import { parseName } from './query-name.ts';
import type { NewSavedQuery, SavedQuery } from './saved-query.ts';
import { foldText, readSavedQuery } from './saved-query-row.ts';
import type { Owner, Statements } from './statements.ts';

/** How long what was deleted can be restored. */
const keptSeconds = 30 * 24 * 3600;

export interface Origin {
  /** An id that was given before, where an entry is restored. */
  id?: number;
  timestamp: number;
  uses?: number;
  imported?: boolean;
  waiting?: boolean;
}

/** To be called in a transaction: of two processes that save the same at once, one must join the other. */
export function saveQuery(
  statements: Statements,
  owner: Owner,
  query: NewSavedQuery,
  origin: Origin,
): { query: SavedQuery; existed: boolean } {
  const name = query.name === undefined ? undefined : parseName(query.name);
  const description = parseDescription(query.description);
  const path = query.path.length > 1 ? query.path.replace(/\/+$/, '') : query.path;
  const meaning = meaningOf(query);
  const known = statements.findByMeaning.get({ ...owner, meaning });
  if (name !== undefined) refuseTaken(statements, owner, name, known === undefined ? undefined : Number(known.id));
  // An import changes nothing of what is there.
  if (known !== undefined && origin.waiting) return { query: readSavedQuery(known), existed: true };
  statements.bump.run();
  const text = { ...query, ...(name === undefined ? {} : { name }), description, path };
  const row =
    known === undefined
      ? statements.insert.get(insertion(owner, text, meaning, origin))
      : statements.describe.get({
          ...owner,
          name: name ?? null,
          description,
          folded: foldedText({
            ...text,
            ...(typeof known.name === 'string' && name === undefined ? { name: known.name } : {}),
          }),
          id: Number(known.id),
        });
  return { query: readSavedQuery(row ?? {}), existed: known !== undefined };
}

function insertion(owner: Owner, query: NewSavedQuery, meaning: string, origin: Origin) {
  return {
    ...owner,
    id: origin.id ?? null,
    name: query.name ?? null,
    description: query.description,
    path: query.path,
    method: query.method,
    params: query.params === undefined ? null : JSON.stringify(query.params),
    data: query.data === undefined ? null : JSON.stringify(query.data),
    sql: query.sql ?? null,
    timestamp: origin.timestamp,
    uses: origin.uses ?? 0,
    endpoint: endpointKey(query.method, query.path),
    meaning,
    folded: foldedText(query),
    imported: origin.imported ? 1 : 0,
    waiting: origin.waiting ? 1 : 0,
  };
}

/** What a search looks through. Of params and body only the names of placeholders: values are not search words. */
export function foldedText({ name, description, path, params, data }: NewSavedQuery): string {
  return foldText([name ?? '', description, path, placeholderNames([params, data]).join(' ')].join('\n'));
}

function isTaken(statements: Statements, owner: Owner, name: string): boolean {
  if (builtInQueries.some((query) => query.name === name.toLowerCase())) return true;
  return statements.findNamed.get({ ...owner, name }) !== undefined;
}

function refuseTaken(statements: Statements, owner: Owner, name: string, id: number | undefined): void {
  if (builtInQueries.some((query) => query.name === name.toLowerCase())) {
    const message = `The name ${JSON.stringify(name)} is that of a built-in query.`;
    throw new GatewayError('invalid_argument', message, { details: { field: 'name' }, hint: 'Give another name.' });
  }
  const taken = statements.findNamed.get({ ...owner, name });
  if (taken === undefined || Number(taken.id) === id) return;
  throw new GatewayError(
    'invalid_argument',
    `The name ${JSON.stringify(name)} is in use by saved query ${taken.id} (${JSON.stringify(taken.description)}).`,
    { details: { field: 'name' }, hint: 'Give another name, or delete that query first.' },
  );
}

/** Moves rows that were deleted to where they can be restored from, and forgets the old ones. */
export function keepDeleted(statements: Statements, owner: Owner, queries: readonly SavedQuery[], at: number): void {
  for (const query of queries) statements.keepDeleted.run({ ...owner, id: query.id, at, entry: JSON.stringify(query) });
  statements.forgetDeleted.run({ before: at - keptSeconds });
}

/** To be called in a transaction. */
export function restoreQueries(statements: Statements, owner: Owner, id: number | undefined, at: number): SavedQuery[] {
  const rows = statements.deleted.all({ ...owner, since: at - keptSeconds });
  const wanted = id === undefined ? rows : rows.filter((row) => Number(row.id) === id);
  if (id !== undefined && wanted.length === 0) {
    throw new GatewayError('unknown_query', `No deleted query has the id ${id}; ${rows.length} can be restored.`, {
      details: { field: 'query_id', candidates: rows.slice(0, 10).map((row) => String(row.id)) },
    });
  }
  return wanted.map((row) => {
    const { name, ...entry } = JSON.parse(String(row.entry)) as SavedQuery;
    const taken = name !== undefined && isTaken(statements, owner, name);
    const query = { ...entry, ...(name === undefined || taken ? {} : { name }) };
    statements.takeDeleted.run({ ...owner, id: entry.id });
    return saveQuery(statements, owner, query, {
      id: entry.id,
      timestamp: entry.timestamp,
      uses: entry.usageCount,
      imported: entry.imported === true,
      // What waited to be accepted waits again.
      waiting: entry.waiting === true,
    }).query;
  });
}

/** To be called in a transaction. A name that is taken is left out: the entry is found by its description. */
export function importQueries(
  statements: Statements,
  owner: Owner,
  queries: readonly ImportedQuery[],
  now: number,
): ImportCounts {
  const added: SavedQuery[] = [];
  let joined = 0;
  for (const { name, usageCount = 0, timestamp = now, ...rest } of queries) {
    const taken = name !== undefined && isTaken(statements, owner, parseName(name));
    const query = { ...rest, ...(name === undefined || taken ? {} : { name }) };
    const { query: saved, existed } = saveQuery(statements, owner, query, {
      timestamp,
      uses: usageCount,
      imported: true,
      waiting: true,
    });
    if (existed) joined += 1;
    else added.push(saved);
  }
  return { added, joined };
}
