/** Answers as tables: stored for SQL, fitted into replies, profiled, exported; and records made fit for a reader. */
export { type Conversation, readConversation } from './conversation/conversation.ts';
export { type ExportFormat, exportFormats, exportTable, maxExportRows } from './export/export-table.ts';
export { renderTextTable } from './export/render-table.ts';
export { fitRows } from './fit-rows.ts';
export { type LocalDates, showDays, showLocalDates } from './local-dates.ts';
export { findArrays, findEmptyMembers, type Profile, profileRecords } from './profile.ts';
export { tidyRecord } from './record-text.ts';
export { findReportRecords } from './report-rows.ts';
export {
  describeGaps,
  describeTable,
  type QueryResult,
  type ResultStore,
  type ResultTable,
  type ResultWriter,
  type StoredRows,
} from './result-store.ts';
export { firstRows, mapBatches, pickColumns, type RowSource } from './row-source.ts';
export { openSqlAnswering } from './store/answer-sql.ts';
export { openResultStore } from './store/open-result-store.ts';
export type { SqlMessage, SqlProcessSettings, SqlRequest } from './store/sql-process.ts';
export {
  describeEmpty,
  findAskedColumns,
  fitTable,
  hideColumns,
  leadingMembers,
  shownColumns,
  type Table,
  usualCellLength,
} from './table.ts';
