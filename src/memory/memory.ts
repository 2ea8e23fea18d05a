import type { Method } from '../catalog/endpoint.ts';
import type { NewSavedQuery, SavedQuery } from './saved-query.ts';

/** What the user said of themselves: `GET|PUT /gateway/me`. */
export interface Me {
  /** Member identifier in ConnectWise, such as `jdoe`. */
  member?: string;
  /** IANA zone, such as `Europe/Berlin`. */
  timeZone?: string;
}

/** Saved queries and the user's own settings of one tenant. */
export interface FastMemory {
  /** What its user should be told about the opening: a damaged file was set aside under this name. */
  readonly notice?: string;
  /** Saves, or updates the description of the entry that has the same method, path, params and data. */
  save(query: NewSavedQuery): { query: SavedQuery; existed: boolean };
  /** Most used first, then latest; `term` matches description and path, ignoring case. */
  list(term?: string): SavedQuery[];
  find(id: number): SavedQuery | undefined;
  /** Saved queries of one method and path template, most used first. */
  findFor(method: Method, path: string): SavedQuery[];
  countUse(id: number): void;
  /** Counts a call of an endpoint that succeeded; nothing of the call but its template is kept. */
  countEndpointUse(method: Method, template: string): void;
  /** How much this user needs endpoints, from just above 0 to 1, by `endpointKey`; fades over weeks. */
  endpointUses(): ReadonlyMap<string, number>;
  /** @throws GatewayError `unknown_query` */
  delete(id: number): SavedQuery;
  /** Number of entries removed. */
  clear(): number;
  me(): Me;
  saveMe(me: Me): void;
  close(): void;
}
