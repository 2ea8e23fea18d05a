/**
 * Names without dots for the schemas of a definition: `Finance.Currency` is `Currency` where nothing else is called
 * so, else `FinanceCurrency`. Names that need no change keep theirs.
 */
export function safeSchemaNames(raw: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const give = (from: string, to: string) => {
    names.set(from, to);
    taken.add(to);
  };
  for (const name of raw) if (isSafe(name)) give(name, name);
  for (const name of raw) if (!isSafe(name)) give(name, free(candidates(name), taken));
  return names;
}

function isSafe(name: string): boolean {
  return /^\w+$/.test(name);
}

function candidates(name: string): readonly string[] {
  const parts = name.split(/\W+/).filter((part) => part !== '');
  const last = parts.at(-1) ?? 'Schema';
  return [last, parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('') || last];
}

function free(wanted: readonly string[], taken: ReadonlySet<string>): string {
  const name = wanted.find((candidate) => !taken.has(candidate));
  if (name !== undefined) return name;
  const base = wanted.at(-1) ?? 'Schema';
  let count = 2;
  while (taken.has(`${base}${count}`)) count++;
  return `${base}${count}`;
}
