export type Query = Readonly<Record<string, string>>;

/** Names of query members are not case-sensitive (CW 2.1). */
export function findMember(query: Query, name: string): string | undefined {
  return Object.entries(query).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];
}

/** The query with `members` in place of what it had under these names, however written; undefined takes one away. */
export function withMembers(query: Query, members: Readonly<Record<string, string | undefined>>): Query {
  const replaced = new Set(Object.keys(members).map((name) => name.toLowerCase()));
  const kept = Object.entries(query).filter(([name]) => !replaced.has(name.toLowerCase()));
  const added = Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries([...kept, ...added]);
}
