import type { Method } from '../catalog/index.ts';
import type { SavedQuery } from './saved-query.ts';

/** Text in the form that searches compare: case and the way accents are encoded do not matter. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** A row of `saved_queries`, which only this program writes, as a saved query. */
export function readSavedQuery(row: Record<string, unknown>): SavedQuery {
  return {
    id: Number(row.id),
    ...(typeof row.name === 'string' ? { name: row.name } : {}),
    description: String(row.description),
    path: String(row.path),
    method: String(row.method) as Method,
    ...(typeof row.params === 'string' ? { params: JSON.parse(row.params) as Record<string, string> } : {}),
    ...(typeof row.data === 'string' ? { data: JSON.parse(row.data) as unknown } : {}),
    ...(typeof row.sql === 'string' ? { sql: row.sql } : {}),
    timestamp: Number(row.timestamp),
    usageCount: Number(row.usage_count),
    ...(row.imported === 1 ? { imported: true } : {}),
    ...(row.waiting === 1 ? { waiting: true } : {}),
  };
}
