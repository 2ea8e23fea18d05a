import type { ManySent, PreparedChange, SentChange } from '../../changes/index.ts';
import type { PartialReason, Query } from '../../connectwise/index.ts';
import type { SaveOffer } from '../../memory/index.ts';
import type { ResultTable, Table } from '../../results/index.ts';
import type { ReplyImage } from './reply.ts';

/**
 * How a call ended; the exit status of the command line and the first word of a reply follow from it.
 * - `complete`: all that was asked for was read
 * - `partial`: there is more, or some may be missing; `reason` and advice say which
 * - `reading`: some rows are there, and the rest is still being read in the background
 * - `prepared`: a change was checked and is not sent
 * - `unchanged`: the record already is as the change would make it, so nothing is sent
 * - `sent`: a change was sent and applied
 * - `part_sent`: it was sent, and not all of it was applied; or some of several changes or records were not sent
 * - `sending`: a change of many records is still being sent in the background
 * - `stopped`: the sending of a change of many records was stopped before its end
 *
 * A call that came to nothing throws a `GatewayError`; its code says why, such as `write_unknown` for a write whose
 * answer was lost.
 */
export type CallState =
  | 'complete'
  | 'partial'
  | 'reading'
  | 'prepared'
  | 'unchanged'
  | 'sent'
  | 'part_sent'
  | 'sending'
  | 'stopped';

/** A next step as data, in the order of the reply; each reader has its own words for it. */
export type Advice =
  /** Of a list that ended early: `after` says why, `goOn` are the query members that read the rest. */
  | { kind: 'read_more'; after: Exclude<PartialReason, 'page'>; goOn?: Query }
  /** Of many lists read as one: reads those that were not read to their end. */
  | { kind: 'read_missing' }
  /** The list is still being read: shows the progress. */
  | { kind: 'see_reading'; table?: string }
  /** Rows are stored and not shown. */
  | { kind: 'query_table'; table: string; rows: number }
  /** The query returns more rows than were shown. */
  | { kind: 'query_all'; table: string }
  /** Texts as they were sent; `hasOthers` where some notes are not shown. */
  | { kind: 'see_originals'; table: string; hasOthers: boolean }
  /** Members of a record that were not shown. */
  | { kind: 'name_fields' }
  /** A file that was read and not saved. */
  | { kind: 'save_file'; path: string }
  /** `asked`: the client itself shows the change to the user before it is sent. */
  | { kind: 'confirm'; changeId: string; asked: boolean }
  /** Changes of the same call that were not sent and can still be confirmed. */
  | { kind: 'confirm_others'; changeIds: readonly string[] }
  /** Of a change of many records: sends what was not sent. */
  | { kind: 'confirm_rest'; changeId: string }
  | { kind: 'see_sending'; changeId: string }
  /** The result of each record; `undoEach` where each has an undo of its own. */
  | { kind: 'see_parts'; changeId: string; undoEach?: true }
  /** The results of all records are stored as a table. */
  | { kind: 'query_results'; table: string }
  | { kind: 'undo'; changeId: string }
  | { kind: 'cannot_undo' };

/** Rows of a list that a reply has room for. */
export type ShownRows =
  | {
      as: 'rows';
      table: Table;
      /** Columns that the records have and the table does not show. */
      moreColumns: readonly string[];
      /** Members that none of the first `emptyOf` rows fills. */
      empty: readonly string[];
      emptyOf: number;
      /** Tables beside that of the rows, of arrays that are shown. */
      arrays: readonly { table: string; member: string; columns: readonly string[] }[];
      /** Of a list that is not shown in full: what its columns hold. */
      profile?: Table & { rowsRead: number };
    }
  | {
      as: 'query';
      table: Table;
      /** How the list itself was read. */
      of: 'complete' | 'partial' | 'reading';
      /** Whether texts were cut. */
      cut: boolean;
      /** Columns of `*` left out because these rows are empty there. */
      empty: readonly string[];
      moreColumns: number;
      /** Whether the query returns more rows or columns than these. */
      hasMore: boolean;
      /** Other tables that the query reads and that are incomplete. */
      gaps: readonly ResultTable[];
    }
  | { as: 'conversation'; table: Table; cut: boolean };

interface RowsResult {
  what: 'rows';
  state: 'complete' | 'partial' | 'reading';
  /** Read so far. */
  rows: number;
  /** How many there are, where ConnectWise could count them. */
  total?: number;
  /** Why it is partial: a clause without a full stop. */
  reason?: string;
  /** Where all rows are stored; absent where there are none. */
  table?: string;
  /** Absent for a reader that queries the table itself. */
  shown?: ShownRows;
}

interface RecordResult {
  what: 'record';
  state: 'complete' | 'partial';
  record: Record<string, unknown>;
  /** Members that a reply had no room for. */
  moreMembers: readonly string[];
}

interface CountResult {
  what: 'count';
  state: 'complete';
  count: number;
}

/** Any other answer, undefined for an empty one. */
interface ValueResult {
  what: 'value';
  state: 'complete';
  value: unknown;
}

/** What an endpoint under `/gateway` answered. */
interface LocalResult {
  what: 'local';
  state: 'complete';
  /** Method and path template. */
  endpoint: string;
  value: unknown;
}

/** A file that ConnectWise answered. */
export interface FileResult {
  what: 'file';
  state: 'complete';
  /** Where it was saved on this computer; absent where the call may keep nothing. */
  path?: string;
  mediaType: string;
  bytes: number;
  /** The content of a short text file. */
  text?: string;
  /** A picture small enough to be shown. */
  image?: ReplyImage;
}

export interface PreparedResult extends About {
  what: 'prepared';
  state: 'prepared';
  change: PreparedChange;
  /** Why a change that was to be sent was prepared again, in one sentence. */
  renewed?: string;
}

/** A change of what is already so. */
interface UnchangedResult {
  what: 'unchanged';
  state: 'unchanged';
  /** Which values the record has already. */
  said: string;
}

interface SentResult {
  what: 'sent';
  state: 'sent' | 'part_sent';
  sent: SentChange;
  /** The file that ConnectWise answered. */
  file?: FileResult;
}

export interface ManyResult extends About {
  what: 'many';
  state: 'sent' | 'part_sent' | 'sending' | 'stopped';
  many: ManySent;
}

/** Several changes confirmed in one call. */
interface SeveralResult {
  what: 'several';
  state: 'sent' | 'part_sent' | 'sending' | 'stopped';
  of: number;
  sent: readonly { changeId: string; result: CallResult }[];
  /** What ended it: a change prepared again, one of many records that is not finished, or a failure. */
  last?: { changeId: string; result: PreparedResult | ManyResult } | { changeId: string; error: CallError };
}

/** A failure of one of several changes. */
export interface CallError {
  code: string;
  message: string;
}

/** What every result may have. */
export interface About {
  /** Sentences for a reader; no code reads them. */
  notes: readonly string[];
  advice: readonly Advice[];
  /** Web page of the record. */
  link?: string;
  /** The saved query that filled a bare call. */
  filter?: { id: number; description: string };
  /** A call that is worth saving. */
  offer?: SaveOffer;
}

/** The result of a call of an endpoint, as data only. `render.ts` turns it into words for the reader at hand. */
export type CallResult =
  | ((
      | RowsResult
      | RecordResult
      | CountResult
      | ValueResult
      | LocalResult
      | FileResult
      | UnchangedResult
      | SentResult
      | SeveralResult
    ) &
      About)
  | PreparedResult
  | ManyResult;
