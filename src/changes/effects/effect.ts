import type { ConnectWiseClient, ReadCache } from '../../connectwise/index.ts';
import { defined, isRecord } from '../../core/json.ts';
import type { Values, WriteRequest } from '../change.ts';

/** What a change causes in addition. Workflow rules cannot be read, so no text says that something "will not" happen. */
export interface Effects {
  /** People outside may get mail, or see it. */
  reachesCustomer: boolean;
  /** What is invoiced may change. */
  bills: boolean;
  warnings: string[];
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
    reachesCustomer: parts.some(({ reachesCustomer }) => reachesCustomer),
    bills: parts.some(({ bills }) => bills),
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
