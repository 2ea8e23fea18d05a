import type { FoundQuery } from './memory.ts';
import { readSavedQuery } from './saved-query-row.ts';
import type { Owner, Statements } from './statements.ts';
import { createWordIndex } from './word-index.ts';

/** What much use adds to a score; enough to decide between equals, never between a right and a wrong one. */
const mostForUse = 0.08;

/**
 * Saved queries by words. The words stay in memory and only what changed since the last search is read again, also
 * what other processes changed.
 */
export function createQuerySearch(
  statements: Statements,
  owner: Owner,
): (words: string, limit: number) => FoundQuery[] {
  const index = createWordIndex();
  let seen = 0;
  const refresh = () => {
    const revision = Number(statements.revision.get()?.value ?? 0);
    if (revision === seen) return;
    for (const row of statements.changed.all({ ...owner, seen: seen - 1 })) {
      const [, , , holes = ''] = String(row.folded).split('\n');
      index.put(Number(row.id), `${row.name ?? ''} ${row.description} ${holes}`);
    }
    seen = revision;
  };
  return (words, limit) => {
    refresh();
    const found = index.search(words, limit * 2).flatMap(({ id, score }): FoundQuery[] => {
      const row = statements.find.get({ ...owner, id });
      if (row !== undefined) {
        const query = readSavedQuery(row);
        return [{ query, score: Math.min(1, score + (mostForUse * query.usageCount) / (query.usageCount + 5)) }];
      }
      // Deleted, here or by another process.
      index.remove(id);
      return [];
    });
    return found.sort((one, other) => other.score - one.score).slice(0, limit);
  };
}
