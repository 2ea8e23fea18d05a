import type { ConnectWiseClient, ReadCache } from '../../connectwise/index.ts';
import { defined, isRecord } from '../../core/json.ts';
import type { Values, WriteRequest } from '../change.ts';

/**
 * What a person must know of a change before anything else, the gravest first. `may-close`: its new status could not be
 * read. `mails-customer`: people outside may get mail. `customer-reads`: they can read it. `bills`: what is invoiced may
 * change.
 */
export const consequences = ['deletes', 'closes', 'may-close', 'bills', 'mails-customer', 'customer-reads'] as const;
export type Consequence = (typeof consequences)[number];

/** What a change causes in addition. Workflow rules cannot be read, so no text says that something "will not" happen. */
export interface Effects {
  consequences: readonly Consequence[];
  warnings: string[];
}

/** What people outside get, read or pay: shown before it is sent, also in mode `allow`. */
export function isCustomerVisible({ consequences: those }: Effects): boolean {
  return those.some((one) => one === 'bills' || one === 'mails-customer' || one === 'customer-reads');
}

/** Members that decide what is invoiced, to whom and for how much. */
export const billedMembers = /^(bill|invoice|tax|agreement|hourlyRate|(unit)?price|(unit)?cost|subBilling)/i;

const closingMembers = /^(deletedFlag|status|closed?Flag)$/;
const readMembers =
  /^(processNotifications|email\w*Flag|automaticEmail\w*|detailDescriptionFlag|resolutionFlag|customerUpdatedFlag|addTo\w*Flag|privateFlag)$/;

/** The place of a member among those of a body: what can cause the gravest comes first. */
export function rankOf(member: string): number {
  const rank = [closingMembers, billedMembers, readMembers].findIndex((pattern) => pattern.test(member));
  return rank === -1 ? 3 : rank;
}

/** One effect of a write; it returns only what applies. */
export type Effect = (
  write: PlannedWrite,
  context: EffectsContext,
  signal?: AbortSignal,
) => Partial<Effects> | Promise<Partial<Effects>>;

/** A checked write, with what its effects depend on. */
export interface PlannedWrite {
  request: WriteRequest;
  /** The record as it is. */
  record?: Values | undefined;
  /** The record as it is going to be, or the body of a new one. */
  after: Values;
  /** Members that get another value. */
  members: readonly string[];
}

export interface EffectsContext {
  client: Pick<ConnectWiseClient, 'send'>;
  /** Of set-up records. */
  cache: ReadCache;
  /** One of many records: only what all of them share is read. */
  isPart?: boolean;
  now(): Date;
  /** What this process learnt from its own writes. */
  own: OwnWrites;
}

/** The stamps that our own writes left: these changes need no warning, and they name the member that our keys act as. */
export interface OwnWrites {
  stamps: Map<string, string>;
  member?: string;
}

export function joinEffects(parts: readonly Partial<Effects>[]): Effects {
  return {
    consequences: consequences.filter((one) => parts.some(({ consequences: those = [] }) => those.includes(one))),
    warnings: [...new Set(parts.flatMap(({ warnings = [] }) => warnings))],
  };
}

/** Whether a path is that of an existing ticket. */
export const isTicket = (path: string): boolean => /^\/(service|project)\/tickets\/\d+$/i.test(path);

/** When a record was last written, and by whom. */
export function stampsOf(record: unknown): { lastUpdated?: string; updatedBy?: string } {
  const { lastUpdated, updatedBy }: Values = isRecord(record) && isRecord(record._info) ? record._info : {};
  return defined({
    lastUpdated: typeof lastUpdated === 'string' ? lastUpdated : undefined,
    updatedBy: typeof updatedBy === 'string' ? updatedBy : undefined,
  });
}
