/** Writes: prepared and previewed, confirmed and sent once, kept in a journal, undone; and the policy that allows them. */

export type {
  Confirmed,
  ManyRecords,
  ManySent,
  NamedRecord,
  PreparedChange,
  PreparedStep,
  SentChange,
  WriteMode,
  WriteRequest,
} from './change.ts';
export { type Changes, createChanges } from './changes.ts';
export {
  type Journal,
  type JournalEntry,
  type JournalState,
  journalStates,
  openJournal,
  readAgainOf,
} from './journal.ts';
export { chainPath } from './plan-chain.ts';
export { type Policy, readingClient, readPolicies, writingClient } from './policy.ts';
export { fitStatement } from './sentence.ts';
export { describeNamed, quote, showHiddenIn } from './wording.ts';
