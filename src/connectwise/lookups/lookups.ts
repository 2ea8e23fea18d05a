import { type Catalog, type Twin, twinOf } from '../../catalog/index.ts';
import { capitalised, plural, withArticle } from '../../core/english.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined } from '../../core/json.ts';
import { nearestNames } from '../../core/nearest.ts';
import { type ConnectWiseClient, isWrite } from '../client.ts';
import { type EmptyList, explainEmpty } from './explain-empty.ts';
import { createRecordReader, findRecord, type Place, placeOf } from './find-records.ts';
import { createIdentifier, type Identifier } from './identify.ts';
import {
  type Finding,
  type MatchedBy,
  type Named,
  type NamedRecord,
  quoteName,
  renderCandidates,
} from './match-names.ts';
import {
  createFindTable,
  type FindTable,
  type LookupKind,
  type LookupTable,
  type ParentKind,
  type Parents,
  tables,
} from './tables.ts';

export interface Resolved extends Named {
  /** A match by `prefix` or `contains` is only likely, and worth showing. */
  matchedBy: MatchedBy;
}

export interface KindInfo {
  kind: string;
  /** For one record in a sentence: `work role`. */
  noun: string;
  parent?: ParentKind;
  /** Without the parent nothing can be found. */
  needsParent: boolean;
  /** Of records that are too many to be read whole: their list. */
  list?: string;
  /** Whether a number that its list lacks names no such record: not where the list was derived, or is one parent's. */
  isCertain: boolean;
}

/** Resolves names to ids of one tenant. `kind` is a kind such as `statuses`, or a schema such as `ServiceStatusReference`. */
export interface Lookups extends Pick<Identifier, 'identify'> {
  /** Undefined for what has no names to look up. */
  findKind(kind: LookupKind | (string & {})): KindInfo | undefined;
  /**
   * The one record that a text names: exact identifier or name (or e-mail address), then prefix, then contains, whatever
   * their case. A text of digits is an id; a number is nothing else.
   * @throws GatewayError `invalid_body` for none, several (`details.candidates`, at most 10, and `details.matches`),
   * an inactive one, or a missing parent; `invalid_argument` for a kind without names; failures of requests
   */
  resolve(
    kind: LookupKind | (string & {}),
    text: string | number,
    parents?: Parents,
    signal?: AbortSignal,
  ): Promise<Resolved>;
  /**
   * The records that can be chosen; of large collections the first 100.
   * @throws GatewayError as `resolve` does
   */
  listNames(kind: LookupKind | (string & {}), parents?: Parents, signal?: AbortSignal): Promise<readonly Named[]>;
  /** Also of an inactive record, and of a new one; undefined where it cannot be read, for whatever reason. */
  nameOf(
    kind: LookupKind | (string & {}),
    id: number,
    parents?: Parents,
    signal?: AbortSignal,
  ): Promise<(Named & { gone: boolean }) | undefined>;
  /** A sentence on the names in the conditions that ConnectWise does not have, with the nearest that it has. */
  explainEmpty(list: EmptyList, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * The twin of a path whose record is missing, where it has a record of that number (CW 5.5.11): one request. Undefined
   * for paths without a twin of the same numbers, and where the record is not there or cannot be read.
   */
  findTwin(path: string, signal?: AbortSignal): Promise<Twin | undefined>;
  /** Forgets what a write to this path may have changed; to be called once it was sent, whatever its outcome. */
  dropped(path: string): void;
}

export interface LookupsOptions {
  /** Names are those of its tenant: another client needs lookups of its own. */
  client: ConnectWiseClient;
  now(): Date;
  /** For kinds that are not in `tables.ts`, and for `explainEmpty`. */
  catalog?: Catalog;
}

export function createLookups({ client, now, catalog }: LookupsOptions): Lookups {
  const reader = createRecordReader({ client, now });
  const identifier = createIdentifier({ client, now, catalog, reader });
  const findTable = createFindTable(catalog);
  const seekTwin = (path: string, signal?: AbortSignal) => findTwin(client, path, signal);

  /** Names the board, company or project that lacks it, and shows what that one has. */
  async function lacking(
    place: Place,
    text: string | number,
    finding: Finding & { kind: 'none' },
    signal?: AbortSignal,
  ) {
    const { table, parents } = place;
    const id = table.parent?.in === 'path' ? parents[table.parent.kind] : undefined;
    if (table.parent === undefined || id === undefined) return lookupFailure(table, text, finding);
    const parent = tables[parentKinds[table.parent.kind]];
    const [all = [], named] = await Promise.all([
      reader.whole(place, signal),
      findRecord(reader, { table: parent, path: parent.path, parents: {} }, id, signal).catch(() => undefined),
    ]);
    const name = named?.kind === 'one' ? `${quoteName(named.record.name)} (${id})` : id;
    const others = all.filter((record) => !record.gone && !finding.nearest.includes(record));
    const shown = [...finding.nearest, ...others].slice(0, mostOfParent);
    const what = typeof text === 'number' ? `with the id ${text}` : `named ${quoteName(text.trim())}`;
    return failure(`The ${parent.noun} ${name} has no ${table.noun} ${what}.`, shown, {
      hint: `Give one of its ${plural(table.noun)}, by name or id.`,
    });
  }

  return {
    findKind(kindOrSchema) {
      const found = findTable(kindOrSchema);
      if (found === undefined) return undefined;
      const { noun, parent } = found.table;
      const { size, path } = found.table;
      const list = size === 'many' ? path : undefined;
      const isCertain = found.kind in tables && size !== 'few';
      const needsParent = parent?.in === 'path';
      return defined<KindInfo>({ kind: found.kind, noun, parent: parent?.kind, needsParent, list, isCertain });
    },
    async resolve(kindOrSchema, text, parents = {}, signal) {
      const place = getPlace(findTable, kindOrSchema, parents);
      if (String(text).trim() === '') throw emptyName(place.table);
      const finding = await findRecord(reader, place, text, signal);
      if (finding.kind === 'none' && finding.gone === undefined) throw await lacking(place, text, finding, signal);
      if (finding.kind !== 'one') throw lookupFailure(place.table, text, finding);
      return { ...toNamed(finding.record), matchedBy: finding.matchedBy };
    },
    async listNames(kindOrSchema, parents = {}, signal) {
      const place = getPlace(findTable, kindOrSchema, parents);
      const all = await reader.whole(place, signal);
      const records = all ?? (await reader.search(place, { conditions: '' }, { aliveOnly: true }, signal)).records;
      return records.filter(({ gone }) => !gone).map(toNamed);
    },
    async nameOf(kindOrSchema, id, parents = {}, signal) {
      try {
        const place = getPlace(findTable, kindOrSchema, parents);
        const finding = await findRecord(reader, place, id, signal);
        const record = finding.kind === 'one' ? finding.record : finding.kind === 'none' ? finding.gone : undefined;
        if (record !== undefined) return { ...toNamed(record), gone: record.gone };
        // Of lists that were read a while ago, only those that hold it are certain.
        const { name, identifier: short, gone } = (await identifier.identify(place.path, id, signal)) ?? {};
        return name === undefined ? undefined : defined({ id, name, identifier: short, gone: gone === true });
      } catch (error) {
        if (error instanceof GatewayError) return undefined;
        throw error;
      }
    },
    identify: identifier.identify,
    findTwin: seekTwin,
    explainEmpty: (list, signal) =>
      catalog === undefined
        ? Promise.resolve(undefined)
        : explainEmpty({ reader, findTable, catalog, findTwin: seekTwin }, list, signal),
    dropped(path) {
      reader.dropped(path);
      identifier.dropped(path);
    },
  };
}

async function findTwin(client: ConnectWiseClient, path: string, signal?: AbortSignal): Promise<Twin | undefined> {
  const twin = twinOf(path);
  if (!twin?.sameNumbers || !/^\d+$/.test(twin.number ?? '')) return undefined;
  try {
    await client.send({ method: 'GET', path: twin.record, query: { fields: 'id' } }, signal);
    return twin;
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'cancelled') return undefined;
    throw error;
  }
}

function toNamed({ id, name, identifier }: NamedRecord): Named {
  return defined({ id, name, identifier });
}

function getPlace(findTable: FindTable, kindOrSchema: string, parents: Parents): Place {
  const table = findTable(kindOrSchema)?.table;
  if (table === undefined) throw unknownKind(kindOrSchema, nearestNames(kindOrSchema, Object.keys(tables)));
  const place = placeOf(table, parents);
  if (place === undefined) throw missingParent(table);
  return place;
}

/** A client whose writes drop the names that they may have changed, even where the answer was lost. */
export function forgettingClient(
  client: ConnectWiseClient,
  lookups: () => Promise<Lookups> | undefined,
): ConnectWiseClient {
  return {
    ...client,
    async send(request, signal) {
      try {
        return await client.send(request, signal);
      } finally {
        if (isWrite(request.method, request.path)) (await lookups()?.catch(() => undefined))?.dropped(request.path);
      }
    },
  };
}

/** Longer lists are not read to their end; a more exact name is the better next step. */
const mostCandidates = 10;
/** Of one board, company or project, which has few. */
const mostOfParent = 20;
const parentKinds = { board: 'boards', company: 'companies', project: 'projects' } as const;

// Failures

/** The error for a text that does not name exactly one record. */
function lookupFailure(
  { noun }: LookupTable,
  wanted: string | number,
  finding: Exclude<Finding, { kind: 'one' }>,
): GatewayError {
  const shown = typeof wanted === 'number' ? String(wanted) : quoteName(wanted.trim());
  if (finding.kind === 'several') {
    const { records, complete } = finding;
    const count = records.length === 0 ? 'several' : `${complete ? '' : 'more than '}${records.length}`;
    return failure(`${shown} matches ${count} ${plural(noun)}; none was chosen.`, records.slice(0, mostCandidates), {
      hint: 'Give the full name or the id of the right one.',
    });
  }
  const { gone } = finding;
  const nearest = finding.nearest.slice(0, mostCandidates);
  if (gone !== undefined) {
    return failure(`The ${noun} ${quoteName(gone.name)} (${gone.id}) is no longer in use.`, nearest, {
      hint: `Give ${withArticle(noun)} that is in use.`,
    });
  }
  const what = typeof wanted === 'number' ? `with the id ${shown}` : `named ${shown}`;
  return failure(`ConnectWise shows no ${noun} ${what}.`, nearest, {
    hint: `Give the name or id of ${withArticle(noun)}.`,
  });
}

function failure(message: string, shown: readonly NamedRecord[], { hint }: { hint: string }): GatewayError {
  return new GatewayError('invalid_body', message, {
    hint,
    details: {
      candidates: renderCandidates(shown),
      matches: shown.map(toNamed),
    },
  });
}

function missingParent({ noun, parent }: LookupTable): GatewayError {
  const of = parent?.kind ?? 'parent';
  const message = `${capitalised(withArticle(noun))} belongs to ${withArticle(of)}, and none is given.`;
  return new GatewayError('invalid_body', message, {
    details: { field: of },
    hint: `Give the ${of} as well, or the id of the ${noun}.`,
  });
}

function emptyName({ noun }: LookupTable): GatewayError {
  return new GatewayError('invalid_body', `The name of the ${noun} is empty.`, {
    hint: `Give the name or id of ${withArticle(noun)}.`,
  });
}

function unknownKind(kind: string, known: readonly string[]): GatewayError {
  return new GatewayError('invalid_argument', `Records of ${quoteName(kind)} cannot be looked up by name.`, {
    hint: 'Give the id.',
    details: { candidates: known },
  });
}
