import type { Table } from '../table.ts';
import { renderCsv } from './render-csv.ts';
import { renderJson } from './render-json.ts';
import { renderXlsx } from './render-xlsx.ts';

export const exportFormats = ['csv', 'xlsx', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const mediaTypes = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
} as const satisfies Record<ExportFormat, string>;

/** Most rows of a file. An Excel file is compressed in this process, which answers nothing else meanwhile. */
export const maxExportRows = { csv: 200_000, json: 200_000, xlsx: 50_000 } as const satisfies Record<
  ExportFormat,
  number
>;

export interface ExportedTable {
  content: Uint8Array;
  contentType: string;
}

export async function exportTable(table: Table, format: ExportFormat): Promise<ExportedTable> {
  const contentType = mediaTypes[format];
  if (format === 'xlsx') return { content: await renderXlsx(table), contentType };
  return { content: Buffer.from(format === 'csv' ? renderCsv(table) : renderJson(table)), contentType };
}
