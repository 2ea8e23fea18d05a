import type { FoundQuery } from './memory.ts';
import type { SavedQuery } from './saved-query.ts';
import { readSavedQuery } from './saved-query-row.ts';
import type { Owner, Statements } from './statements.ts';
import { createWordIndex } from './word-index.ts';

/** What much use adds to a score; enough to decide between equals, never between a right and a wrong one. */
const mostForUse = 0.08;

/** A query is asked for by its name, by its description, or by what the description says first. */
function textsOf(name = '', description: string, placeholders = ''): string[] {
  const [first = ''] = description.split(/[,;:(]/);
  return [name, first, description, `${name} ${description} ${placeholders}`];
}

/**
 * Saved queries by words, those of the program among them. The words stay in memory and only what changed since the
 * last search is read again, also what other processes changed.
 */
export function createQuerySearch(
  statements: Statements,
  owner: Owner,
  builtIn: () => readonly SavedQuery[],
): (words: string, limit: number) => FoundQuery[] {
  const index = createWordIndex();
  let seen = -1;
  const refresh = () => {
    const revision = Number(statements.revision.get()?.value ?? 0);
    if (revision === seen) return;
    if (seen < 0) for (const query of builtIn()) index.put(query.id, textsOf(query.name, query.description));
    // What another process writes at this moment may still get this number.
    for (const row of statements.changed.all({ ...owner, seen: seen - 1 })) {
      const [name = '', , , placeholders = ''] = String(row.folded).split('\n');
      index.put(Number(row.id), textsOf(name, String(row.description), placeholders));
    }
    seen = revision;
  };
  const find = (id: number, shipped: readonly SavedQuery[]): SavedQuery | undefined => {
    const own = shipped.find((query) => query.id === id);
    if (own !== undefined) return own;
    const row = statements.find.get({ ...owner, id });
    // Deleted, here or by another process.
    if (row === undefined) index.remove(id);
    return row === undefined ? undefined : readSavedQuery(row);
  };
  return (words, limit) => {
    refresh();
    const shipped = builtIn();
    const found = index.search(words, limit * 2).flatMap(({ id, score }): FoundQuery[] => {
      const query = find(id, shipped);
      if (query === undefined) return [];
      const use = (mostForUse * query.usageCount) / (query.usageCount + 5);
      return [{ query, score: Math.min(1, score + use) }];
    });
    const ownFirst = (query: SavedQuery) => (query.builtIn ? 1 : 0);
    return found
      .sort((one, other) => other.score - one.score || ownFirst(one.query) - ownFirst(other.query))
      .slice(0, limit);
  };
}
