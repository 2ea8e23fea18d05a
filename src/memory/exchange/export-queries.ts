import type { NewSavedQuery, SavedQuery } from '../saved-query.ts';

/** The mark and the version of files that are handed on. */
export const exchangeFormat = 'cwm-fast-memory';
export const exchangeVersion = 1;

/** Saved queries as a file for others: what they ask, without ids, uses and tenant. */
export function exportQueries(queries: readonly SavedQuery[]): string {
  const entries = queries.map(
    ({ name, description, method, path, params, data, sql }): NewSavedQuery => ({
      ...(name === undefined ? {} : { name }),
      description,
      method,
      path,
      ...(params === undefined ? {} : { params }),
      ...(data === undefined ? {} : { data }),
      ...(sql === undefined ? {} : { sql }),
    }),
  );
  return `${JSON.stringify({ format: exchangeFormat, version: exchangeVersion, queries: entries }, null, 2)}\n`;
}
