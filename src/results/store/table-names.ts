/**
 * Names for tables, none given twice. The number starts anywhere, so that a name from another conversation, or from
 * before a restart, is unlikely to be a table of today.
 */
export function createTableNames(random: () => number): (noun: string) => string {
  let next = 100 + Math.floor(random() * 800);
  return (noun) => {
    const word = noun
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 40);
    // Names that begin with these belong to SQLite.
    const isFree = /^[a-z]/.test(word) && !/^(sqlite|pragma)(_|$)/.test(word);
    const name = `${isFree ? word : 'rows'}_${next}`;
    next += 1;
    return name;
  };
}
