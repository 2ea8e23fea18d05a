import { untilAborted } from '../../core/async.ts';
import { GatewayError } from '../../core/errors.ts';

export interface ReadOptions<Value> {
  /** Path of the collection that was read: a write to it drops the value. */
  path: string;
  keepMs: number;
  /** Whether the value is kept; others are still shared by callers who ask at the same time. */
  keep?(value: Value): boolean;
  signal?: AbortSignal | undefined;
}

/** Values read a while ago, and those being read: equal questions share one answer. */
export interface ReadCache {
  /** @throws GatewayError what `load` throws, `cancelled` when this caller's signal is aborted */
  read<Value>(key: string, load: (signal: AbortSignal) => Promise<Value>, options: ReadOptions<Value>): Promise<Value>;
  /** Forgets what a write to this path may have changed. */
  drop(path: string): void;
}

interface Entry {
  path: string;
  /** Absent until it was read. */
  keptUntilMs?: number;
  reading: Promise<unknown>;
  /** Callers who wait. When none is left, the reading is cancelled. */
  waiting: number;
  cancel: AbortController;
}

/** More than any company has boards, sites asked about, and names looked up in the time they are kept. */
const mostEntries = 1000;

export function createReadCache(now: () => Date): ReadCache {
  const entries = new Map<string, Entry>();
  const isKept = ({ keptUntilMs }: Entry) => keptUntilMs === undefined || keptUntilMs > now().getTime();

  function begin<Value>(
    key: string,
    load: (signal: AbortSignal) => Promise<Value>,
    { path, keepMs, keep = () => true }: ReadOptions<Value>,
  ): Entry {
    const cancel = new AbortController();
    const reading = load(cancel.signal);
    const entry: Entry = { path: folded(path), reading, waiting: 0, cancel };
    entries.delete(key);
    entries.set(key, entry);
    for (const oldest of entries.keys()) if (entries.size > mostEntries) entries.delete(oldest);
    reading.then(
      (value) => {
        if (!keep(value)) return forget(key, entry);
        entry.keptUntilMs = now().getTime() + keepMs;
      },
      () => forget(key, entry),
    );
    return entry;
  }

  /** Unless a later reading has replaced it. */
  function forget(key: string, entry: Entry): void {
    if (entries.get(key) === entry) entries.delete(key);
  }

  return {
    async read<Value>(
      key: string,
      load: (signal: AbortSignal) => Promise<Value>,
      options: ReadOptions<Value>,
    ): Promise<Value> {
      const { signal } = options;
      if (signal?.aborted) throw cancelled();
      const known = entries.get(key);
      const entry = known !== undefined && isKept(known) ? known : begin(key, load, options);
      // A key is read as one type only.
      const reading = entry.reading as Promise<Value>;
      entry.waiting += 1;
      try {
        return await (signal === undefined ? reading : untilAborted(reading, signal));
      } catch (error) {
        throw signal?.aborted ? cancelled() : error;
      } finally {
        entry.waiting -= 1;
        if (entry.waiting === 0 && entry.keptUntilMs === undefined) {
          forget(key, entry);
          entry.cancel.abort();
        }
      }
    },
    drop(path) {
      const written = folded(path);
      for (const [key, entry] of entries) if (touches(written, entry.path)) entries.delete(key);
    },
  };
}

function folded(path: string): string {
  return path
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '')
    .toLowerCase();
}

/** A write to a record may change the collection it is in, and every one below it. */
function touches(written: string, collection: string): boolean {
  return written === collection || written.startsWith(`${collection}/`) || collection.startsWith(`${written}/`);
}

function cancelled(): GatewayError {
  return new GatewayError('cancelled', 'The call was cancelled while a name was looked up.');
}
