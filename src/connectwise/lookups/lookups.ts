import type { Endpoint } from '../../catalog/index.ts';
import type { ParentKind, Parents } from './lookup-table.ts';
import type { LookupKind } from './tables.ts';

/** How a text named a record, from the surest on. */
export type MatchedBy = 'id' | 'exact' | 'prefix' | 'contains';

export interface Named {
  id: number;
  name: string;
  identifier?: string;
}

export interface Resolved extends Named {
  /** By prefix and contains, what was meant is likely, and worth showing. */
  matchedBy: MatchedBy;
}

export interface KindInfo {
  kind: string;
  /** For one record in a sentence: `work role`. */
  noun: string;
  parent?: ParentKind;
  /** Without the parent nothing can be found. */
  needsParent: boolean;
}

/** What a list without rows was asked for. */
export interface EmptyList {
  endpoint: Endpoint;
  conditions: string;
  /** Values of the placeholders in the path of the endpoint. */
  pathValues?: Readonly<Record<string, string>>;
}

/** Names to ids of one tenant. `kind` is a kind such as `statuses`, or a schema such as `ServiceStatusReference`. */
export interface Lookups {
  /** Undefined for what has no names to look up. */
  findKind(kind: LookupKind | (string & {})): KindInfo | undefined;
  /**
   * The one record that is meant: exact identifier or name (or e-mail address), then prefix, then contains, whatever
   * their case. A text of digits is an id; a number is nothing else.
   * @throws GatewayError `invalid_body` for none, several (`details.candidates`, at most 10, and `details.matches`),
   * an inactive one, or a missing parent; `invalid_argument` for a kind without names; what reading met
   */
  resolve(
    kind: LookupKind | (string & {}),
    text: string | number,
    parents?: Parents,
    signal?: AbortSignal,
  ): Promise<Resolved>;
  /**
   * What may be chosen. Of large collections the first 100.
   * @throws GatewayError as `resolve` does
   */
  listNames(kind: LookupKind | (string & {}), parents?: Parents, signal?: AbortSignal): Promise<readonly Named[]>;
  /** Also of an inactive one; undefined where it cannot be told, for whatever reason. */
  nameOf(
    kind: LookupKind | (string & {}),
    id: number,
    parents?: Parents,
    signal?: AbortSignal,
  ): Promise<Named | undefined>;
  /** A sentence on the names in the conditions that ConnectWise does not have, with the nearest that it has. */
  explainEmpty(list: EmptyList, signal?: AbortSignal): Promise<string | undefined>;
  /** Forgets what a write to this path may have changed; to be called once it was sent, whatever came of it. */
  dropped(path: string): void;
}
