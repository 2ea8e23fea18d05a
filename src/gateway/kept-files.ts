/** The parts of what the program keeps in its data folder, and how each is told to a person. */
export const keptParts = {
  logs: 'the log',
  memory: 'saved queries, of every company',
  journal: 'what was changed, and what takes it back; kept 400 days otherwise',
  catalog: 'the catalog built from your own manage.json; the shipped one is used then',
  answers: 'answers that servers which were killed left behind',
  sandbox: 'saved queries and the like of the sandbox',
} as const;

export type KeptPart = keyof typeof keptParts;
export const keptPartNames = Object.keys(keptParts) as KeptPart[];

/** What proves that a file of such a name is the program's own; the names of the others prove it. */
export type Proof =
  | { kind: 'name' }
  /** A database that has this table. */
  | { kind: 'table'; table: string }
  /** A text that begins so. */
  | { kind: 'start'; text: string };

/** Files of one place in the data folder that the program makes. */
export interface KeptPattern {
  part: Exclude<KeptPart, 'sandbox'>;
  /** Folder below the data folder; empty for the data folder itself. */
  folder: string;
  name: RegExp;
  proof: Proof;
  /** What lies beside it and goes with it, by suffix; `stem` ones take the place of `.db`. */
  beside?: readonly string[];
  stem?: readonly string[];
  /** A database that the process that works with it holds: by itself, or by the file of this ending beside it. */
  held?: 'itself' | '.lock';
  /** A folder of that name, which holds a file that was never finished. */
  isFolder?: true;
}

const byName: Proof = { kind: 'name' };
const journals = ['-wal', '-shm', '-journal'] as const;
const ownDatabase = { beside: [...journals, '.lock', '.lock-journal'], held: 'itself' } as const;
const ownLock = { proof: byName, beside: ['-journal'], held: 'itself' } as const;
const damaged = String.raw`\.damaged-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-\d+)?\.db$`;
const build = String.raw`catalog-.+-[0-9a-f]{8}-\d{17}\.db`;

/**
 * Every file the program makes, by place and name. Files that people write (`config.json`, `policy.json`) and what they
 * downloaded are not among them. The sandbox has the same below a folder of its own.
 */
export const keptPatterns: readonly KeptPattern[] = [
  { part: 'logs', folder: 'logs', name: /^gateway\.log(\.1)?$/, proof: { kind: 'start', text: '{"level":"' } },
  {
    ...{ part: 'memory', folder: '', name: /^fast_memory\.db$/, proof: { kind: 'table', table: 'saved_queries' } },
    ...ownDatabase,
  },
  { part: 'memory', folder: '', name: new RegExp(`^fast_memory${damaged}`), proof: byName, beside: journals },
  {
    ...{ part: 'journal', folder: '', name: /^changes\.db$/, proof: { kind: 'table', table: 'changes' } },
    ...ownDatabase,
  },
  { part: 'journal', folder: '', name: new RegExp(`^changes${damaged}`), proof: byName, beside: journals },
  { part: 'journal', folder: 'locks', name: /^changes-[0-9a-z]{12}\.lock$/, ...ownLock },
  { part: 'catalog', folder: 'catalog', name: /^current\.json$/, proof: { kind: 'start', text: '{"file":"catalog-' } },
  { part: 'catalog', folder: 'catalog', name: new RegExp(`^${build}$`), proof: byName, beside: ['-journal'] },
  {
    ...{ part: 'catalog', folder: 'catalog', name: new RegExp(`^(current\\.json|${build})\\.partial-\\w{6}$`) },
    ...{ proof: byName, isFolder: true },
  },
  {
    ...{ part: 'answers', folder: 'results', name: /^answers-[0-9a-z]{8}\.db$/, proof: byName },
    ...{ beside: journals, stem: ['.lock', '.lock-journal'], held: '.lock' },
  },
  // A lock without its file: a process that was killed in between.
  { part: 'answers', folder: 'results', name: /^answers-[0-9a-z]{8}\.lock$/, ...ownLock },
  { part: 'answers', folder: 'results', name: /^opening$/, ...ownLock },
];
