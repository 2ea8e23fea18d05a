import type { Method } from '../catalog/index.ts';
import type { NameFor } from './query-search.ts';
import type { NewSavedQuery, SavedQuery } from './saved-query.ts';

/** What is known of the user: `GET|PUT /gateway/me`. */
export interface Me {
  /** Member identifier in ConnectWise, such as `jdoe`. */
  member?: string;
  /** IANA zone, such as `Europe/Berlin`. */
  timeZone?: string;
}

/** What a search found. */
export interface FoundQuery {
  query: SavedQuery;
  /** From 0 to 1: the share of words that the request and the query have in common. */
  score: number;
}

/** An entry of another Fast Memory; those of the predecessor have uses. */
export type ImportedQuery = NewSavedQuery & Partial<Pick<SavedQuery, 'usageCount' | 'timestamp'>>;

export interface ImportCounts {
  /** New entries, which wait to be accepted. */
  added: SavedQuery[];
  /** Entries with the same meaning as one that was there. */
  joined: number;
}

/** Saved queries and the user's own settings of one tenant. */
export interface FastMemory {
  /** What happened at opening that the user has to know: a damaged file was set aside under this name. */
  readonly notice?: string;
  /**
   * Saves, or updates description and name of the entry that means the same.
   * @throws GatewayError `invalid_argument` for a name that another entry has
   */
  save(query: NewSavedQuery): { query: SavedQuery; existed: boolean };
  /** Most used first, then latest; `term` matches name, description, path and placeholders, ignoring case. */
  list(term?: string, limit?: number): SavedQuery[];
  count(term?: string): number;
  find(id: number): SavedQuery | undefined;
  /** By name, in any case. */
  findNamed(name: string): SavedQuery | undefined;
  /**
   * By words of name, description and placeholders, best first; much used ones before little used ones.
   * @param nameFor what the catalog calls what people call a record: the words that endpoints are searched by
   */
  search(words: string, limit: number, nameFor?: NameFor): FoundQuery[];
  /** Saved queries of one method and path template, most used first. */
  findFor(method: Method, path: string): SavedQuery[];
  countUse(id: number): void;
  /** Counts a call of an endpoint that succeeded; of the call only its template is kept. */
  countEndpointUse(method: Method, template: string): void;
  /** How much this user needs endpoints, from just above 0 to 1, by `endpointKey`; fades over weeks. */
  endpointUses(): ReadonlyMap<string, number>;
  /**
   * Deletes an entry; it can be restored for 30 days.
   * @throws GatewayError `unknown_query`
   */
  delete(id: number): SavedQuery;
  /** Number of entries deleted; they can be restored for 30 days. */
  clear(): number;
  /** Restores one deleted entry, or all of the last 30 days. @throws GatewayError `unknown_query` */
  restore(id?: number): SavedQuery[];
  /** Adds entries of others, which wait to be accepted. */
  import(queries: readonly ImportedQuery[]): ImportCounts;
  /** Entries that wait to be accepted. */
  waiting(): SavedQuery[];
  /** Lets one waiting entry, or all of them, be found and run. @throws GatewayError `unknown_query` */
  accept(id?: number): SavedQuery[];
  /** Built-in queries that are not hidden, in their order; `term` as in `list`. */
  builtIn(term?: string): SavedQuery[];
  /** Hides a built-in query, or shows it again. @throws GatewayError `unknown_query` */
  setHidden(name: string, hidden: boolean): SavedQuery;
  me(): Me;
  saveMe(me: Me): void;
  close(): void;
}
