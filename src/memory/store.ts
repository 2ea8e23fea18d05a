import type { Tenant } from '../connectwise/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import { nearestNames } from '../core/nearest.ts';
import { type Database, openOrReplace, transaction, withStorageErrors } from '../core/storage.ts';
import { builtInQueries } from './built-in-queries.ts';
import { createEndpointUses } from './endpoint-uses.ts';
import { endpointKey, meaningOf } from './meaning.ts';
import type { FastMemory, ImportCounts, ImportedQuery, Me } from './memory.ts';
import { placeholderNames } from './placeholders/parse.ts';
import { createQuerySearch } from './query-search.ts';
import { type NewSavedQuery, parseDescription, parseName, type SavedQuery } from './saved-query.ts';
import { foldText, migrations, type Owner, prepareStatements, readSavedQuery, type Statements } from './tables.ts';

interface MemoryOptions {
  /** The SQLite file, made when it is missing. */
  file: string;
  tenant: Tenant;
  now(): Date;
}

/**
 * Opens Fast Memory for one tenant. Several processes may have the same file open.
 * @throws GatewayError `storage_failed`, also for a file that a newer version wrote
 */
export async function openMemory(options: MemoryOptions): Promise<FastMemory> {
  const { file, now } = options;
  const { database, setAside } = await openOrReplace(file, migrations, now);
  const store = withStorageErrors(file, () => {
    // SQLite's waiting is not fair: among eight processes that never stop writing one may wait for seconds.
    database.exec('PRAGMA busy_timeout = 30000');
    return createStore(database, options);
  });
  if (setAside === undefined) return store;
  return {
    ...store,
    notice: `Fast Memory was damaged and a new one was started; the old file is kept as ${setAside}.`,
  };
}

/** What every function here works on: the statements, and the tenant that each of them names. */
interface Rows {
  statements: Statements;
  owner: Owner;
}

/** What SQLite throws becomes `storage_failed` with the name of the file. */
function createStore(database: Database, { file, tenant, now }: MemoryOptions): FastMemory {
  const rows: Rows = {
    statements: prepareStatements(database),
    owner: { host: tenant.host, company: tenant.company },
  };
  const { statements, owner } = rows;
  const seconds = () => Math.floor(now().getTime() / 1000);
  const run = <T>(work: () => T): T => withStorageErrors(file, work);
  const atOnce = <T>(work: () => T): T => run(() => transaction(database, work));
  const uses = createEndpointUses(database, owner);
  const search = createQuerySearch(statements, owner, () => visibleBuiltIn(rows));

  return {
    ...readingMethods(rows, run),
    search: (words, limit, nameFor) => run(() => search(words, limit, nameFor)),
    countEndpointUse: (method, template) => run(() => uses.count(endpointKey(method, template), seconds())),
    endpointUses: () => run(() => uses.read(seconds())),
    save: (query) => atOnce(() => saveQuery(rows, query, { timestamp: seconds() })),
    countUse: (id) => run(() => void statements.countUse.run({ ...owner, id, timestamp: seconds() })),
    delete: (id) => atOnce(() => deleteQuery(rows, id, seconds())),
    clear: () =>
      atOnce(() => {
        const queries = statements.clear.all(owner).map(readSavedQuery);
        keepDeleted(rows, queries, seconds());
        return queries.length;
      }),
    restore: (id) => atOnce(() => restoreQueries(rows, id, seconds())),
    import: (queries) => atOnce(() => importQueries(rows, queries, seconds())),
    accept: (id) => atOnce(() => acceptQueries(rows, id)),
    setHidden: (name, hidden) => run(() => setHidden(rows, name, hidden)),
    saveMe: ({ member, timeZone }) =>
      run(() => void statements.saveMe.run({ ...owner, member: member ?? null, timeZone: timeZone ?? null })),
    close: () => database.close(),
  };
}

// Reading.

type Reading = 'list' | 'count' | 'find' | 'findNamed' | 'findFor' | 'waiting' | 'builtIn' | 'me';

function readingMethods(rows: Rows, run: <T>(work: () => T) => T): Pick<FastMemory, Reading> {
  const { statements, owner } = rows;
  return {
    list: (term = '', limit = -1) =>
      run(() => {
        const wanted = foldText(term.trim());
        const found =
          wanted === ''
            ? statements.list.all({ ...owner, limit })
            : statements.search.all({ ...owner, term: wanted, limit });
        return found.map(readSavedQuery);
      }),
    count: (term = '') =>
      run(() => {
        const wanted = foldText(term.trim());
        const row =
          wanted === '' ? statements.count.get(owner) : statements.countFitting.get({ ...owner, term: wanted });
        return Number(row?.count ?? 0);
      }),
    find: (id) =>
      run(
        () =>
          readOptional(statements.find.get({ ...owner, id })) ?? visibleBuiltIn(rows).find((query) => query.id === id),
      ),
    findNamed: (name) =>
      run(() => {
        const wanted = name.trim().replace(/\s+/g, ' ');
        const found = readOptional(statements.findNamed.get({ ...owner, name: wanted }));
        if (found !== undefined && !found.waiting) return found;
        return visibleBuiltIn(rows).find((query) => query.name === wanted.toLowerCase());
      }),
    findFor: (method, path) =>
      run(() => statements.findFor.all({ ...owner, endpoint: endpointKey(method, path) }).map(readSavedQuery)),
    waiting: () => run(() => statements.waiting.all(owner).map(readSavedQuery)),
    builtIn: (term = '') =>
      run(() => {
        const wanted = foldText(term.trim());
        const queries = visibleBuiltIn(rows);
        return wanted === '' ? queries : queries.filter((query) => foldedText(query).includes(wanted));
      }),
    me: () =>
      run(() => {
        const { member, time_zone } = statements.me.get(owner) ?? {};
        return defined<Me>({
          member: typeof member === 'string' ? member : undefined,
          timeZone: typeof time_zone === 'string' ? time_zone : undefined,
        });
      }),
  };
}

const readOptional = (row: Record<string, unknown> | undefined) =>
  row === undefined ? undefined : readSavedQuery(row);

function visibleBuiltIn({ statements, owner }: Rows): SavedQuery[] {
  const hidden = new Set(statements.hidden.all(owner).map(({ name }) => String(name).toLowerCase()));
  return builtInQueries.filter(({ name = '' }) => !hidden.has(name));
}

/** What a search looks through. Of params and body only the names of placeholders: values are not search words. */
function foldedText({ name = '', description, path, params, data }: NewSavedQuery): string {
  return foldText([name, description, path, placeholderNames([params, data]).join(' ')].join('\n'));
}

// Saving.

/** Where an entry comes from, which a new one keeps. */
interface Origin {
  /** The id of an entry that is restored. */
  id?: number;
  timestamp: number;
  uses?: number;
  imported?: boolean;
  waiting?: boolean;
}

/** To be called in a transaction: of two processes that save the same at once, one must join the other. */
function saveQuery(rows: Rows, query: NewSavedQuery, origin: Origin): { query: SavedQuery; existed: boolean } {
  const { statements, owner } = rows;
  const name = query.name === undefined ? undefined : parseName(query.name);
  const description = parseDescription(query.description);
  const path = query.path.length > 1 ? query.path.replace(/\/+$/, '') : query.path;
  const meaning = meaningOf(query);
  const row = statements.findByMeaning.get({ ...owner, meaning });
  const known = readOptional(row);
  if (name !== undefined) refuseTaken(rows, name, known?.id);
  // An import does not change an entry that is there.
  if (known !== undefined && origin.waiting) return { query: known, existed: true };
  statements.bump.run();
  const entry = defined<NewSavedQuery>({ ...query, name: name ?? known?.name, description, path });
  const saved =
    known === undefined
      ? statements.insert.get(insertion(owner, entry, meaning, origin))
      : statements.describe.get({
          ...owner,
          id: known.id,
          name: name ?? null,
          description,
          folded: foldedText(entry),
        });
  return { query: readSavedQuery(saved ?? {}), existed: known !== undefined };
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

/** Letters that look like Latin ones, each before that one: Cyrillic, Greek, Armenian, and those that NFKD leaves. */
const alikeLetters = new Map(
  'аa еe оo сc рp хx уy іi јj ѕs һh ԁd ԛq ԝw кk мm тt вb нh гr пn αa βb εe ηn ιi κk νv οo ρp τt υu χx γy օo սu հh ոn ıi ӏl ɑa ɡg'
    .split(' ')
    .map(([letter = '', latin = '']) => [letter, latin]),
);

/** What a name looks like to a reader: without accents, script and separators, and `0`, `1` and `l` as `o` and `i`. */
const looksOf = (name: string) =>
  [...name.normalize('NFKD').toLowerCase()]
    .map((letter) => alikeLetters.get(letter) ?? letter)
    .join('')
    .replace(/[\p{M} _.-]/gu, '')
    .replaceAll('0', 'o')
    .replace(/[1l|]/g, 'i')
    .replaceAll('rn', 'm');

/** A name of a built-in query, or one that a person takes for it. */
const isBuiltInName = (name: string) => builtInQueries.some((query) => looksOf(query.name ?? '') === looksOf(name));

function refuseTaken({ statements, owner }: Rows, name: string, id: number | undefined): void {
  const shown = JSON.stringify(name);
  if (isBuiltInName(name)) {
    const message = `The name ${shown} is the name of a built-in query, or looks like it.`;
    throw new GatewayError('invalid_argument', message, { details: { field: 'name' }, hint: 'Give another name.' });
  }
  const taken = readOptional(statements.findNamed.get({ ...owner, name }));
  if (taken === undefined || taken.id === id) return;
  throw new GatewayError(
    'invalid_argument',
    `The name ${shown} is in use by saved query ${taken.id} (${JSON.stringify(taken.description)}).`,
    { details: { field: 'name' }, hint: 'Give another name, or delete that query first.' },
  );
}

/** An imported or restored entry without its name where that is taken: it is found by its description. */
function withFreeName<T extends { name?: string }>({ statements, owner }: Rows, { name, ...rest }: T) {
  const taken = name === undefined || isBuiltInName(name) || statements.findNamed.get({ ...owner, name }) !== undefined;
  return taken ? rest : { ...rest, name };
}

// Deleting, hiding, restoring.

/** How long a deleted entry can be restored. */
const keptSeconds = 30 * 24 * 3600;

function deleteQuery(rows: Rows, id: number, at: number): SavedQuery {
  const { statements, owner } = rows;
  const deleted = readOptional(statements.delete.get({ ...owner, id }));
  if (deleted === undefined) {
    const count = Number(statements.count.get(owner)?.count ?? 0);
    const known = count === 0 ? 'nothing is saved yet' : `there are ${count}`;
    const first = statements.list.all({ ...owner, limit: 5 });
    throw new GatewayError('unknown_query', `No saved query has the id ${id}; ${known}.`, {
      details: { field: 'query_id', candidates: first.map((row) => String(row.id)) },
    });
  }
  keepDeleted(rows, [deleted], at);
  return deleted;
}

/** Keeps deleted entries where they can be restored from, and forgets the old ones. */
function keepDeleted({ statements, owner }: Rows, queries: readonly SavedQuery[], at: number): void {
  for (const query of queries) statements.keepDeleted.run({ ...owner, id: query.id, at, entry: JSON.stringify(query) });
  statements.forgetDeleted.run({ before: at - keptSeconds });
}

/** To be called in a transaction. */
function restoreQueries(rows: Rows, id: number | undefined, at: number): SavedQuery[] {
  const { statements, owner } = rows;
  const deleted = statements.deleted.all({ ...owner, since: at - keptSeconds });
  const wanted = id === undefined ? deleted : deleted.filter((row) => Number(row.id) === id);
  if (id !== undefined && wanted.length === 0) {
    throw new GatewayError('unknown_query', `No deleted query has the id ${id}; ${deleted.length} can be restored.`, {
      details: { field: 'query_id', candidates: deleted.slice(0, 10).map((row) => String(row.id)) },
    });
  }
  return wanted.map((row) => {
    const entry = JSON.parse(String(row.entry)) as SavedQuery;
    statements.takeDeleted.run({ ...owner, id: entry.id });
    return saveQuery(rows, withFreeName(rows, entry), {
      id: entry.id,
      timestamp: entry.timestamp,
      uses: entry.usageCount,
      imported: entry.imported === true,
      // An entry that waited to be accepted waits again.
      waiting: entry.waiting === true,
    }).query;
  });
}

function setHidden({ statements, owner }: Rows, name: string, hidden: boolean): SavedQuery {
  const query = builtInQueries.find((candidate) => candidate.name === name.trim().toLowerCase());
  if (query === undefined) {
    const names = builtInQueries.map((known) => known.name ?? '');
    throw new GatewayError('unknown_query', `There is no built-in query ${JSON.stringify(name.slice(0, 60))}.`, {
      details: { field: 'query_id', candidates: nearestNames(name, names, 5) },
    });
  }
  (hidden ? statements.hide : statements.show).run({ ...owner, name: query.name ?? '' });
  return query;
}

// Importing.

/** To be called in a transaction. */
function importQueries(rows: Rows, queries: readonly ImportedQuery[], now: number): ImportCounts {
  const added: SavedQuery[] = [];
  let joined = 0;
  for (const query of queries) {
    const name = query.name === undefined ? undefined : parseName(query.name);
    const { query: saved, existed } = saveQuery(rows, withFreeName(rows, defined<ImportedQuery>({ ...query, name })), {
      timestamp: query.timestamp ?? now,
      uses: query.usageCount ?? 0,
      imported: true,
      waiting: true,
    });
    if (existed) joined += 1;
    else added.push(saved);
  }
  return { added, joined };
}

/** To be called in a transaction. */
function acceptQueries({ statements, owner }: Rows, id: number | undefined): SavedQuery[] {
  const waiting = statements.waiting.all(owner).map((row) => Number(row.id));
  if (id !== undefined && !waiting.includes(id)) {
    throw new GatewayError('unknown_query', `No imported query with the id ${id} waits; ${waiting.length} do.`, {
      details: { field: 'query_id', candidates: waiting.slice(0, 10).map(String) },
    });
  }
  statements.bump.run();
  const ids = id === undefined ? waiting : [id];
  return ids.flatMap((one) => readOptional(statements.accept.get({ ...owner, id: one })) ?? []);
}
