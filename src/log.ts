import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Structured lines; `data` holds no record contents and no query values. */
export interface Log {
  debug(message: string, data?: Record<string, unknown>): void;
  info(message: string, data?: Record<string, unknown>): void;
  warn(message: string, data?: Record<string, unknown>): void;
  error(message: string, data?: Record<string, unknown>): void;
  /** Waits until every line is written. */
  flush(): Promise<void>;
}

export type Redact = (text: string) => string;

const mask = '[redacted]';

/** A function that blanks every given secret, and anything that looks like Basic credentials, in a text. */
export function createRedaction(secrets: readonly (string | undefined)[]): Redact {
  // Short values would blank ordinary words; no real key is that short.
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= 6);
  return (text) => {
    let clean = text.replace(/\bBasic\s+[A-Za-z0-9+/=]{8,}/g, `Basic ${mask}`);
    for (const secret of known) clean = clean.replaceAll(secret, mask);
    return clean;
  };
}

export interface LogOptions {
  level: LogLevel;
  /** Rotated once it is larger than `maxBytes`; absent for none. */
  file?: string;
  maxBytes?: number;
  redact: Redact;
  /** Where lines go besides the file. */
  stderr: { write(line: string): unknown };
}

/** Members that hold credentials wherever they stand in a line's data. */
const secretPaths = ['authorization', 'clientId', 'clientid', 'privateKey', 'publicKey', 'password'];

/** Opens nothing until the first line is written. */
export function createLog(options: LogOptions): Log {
  let opened: Promise<PinoLogger> | undefined;
  let last: Promise<void> = Promise.resolve();
  const write = (level: Exclude<LogLevel, 'silent'>, message: string, data: Record<string, unknown> = {}) => {
    if (rank[level] < rank[options.level]) return;
    opened ??= openPino(options);
    last = opened.then((pino) => pino[level](data, message));
  };
  return {
    debug: (message, data) => write('debug', message, data),
    info: (message, data) => write('info', message, data),
    warn: (message, data) => write('warn', message, data),
    error: (message, data) => write('error', message, data),
    flush: () => last,
  };
}

const rank = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;

type PinoLogger = Record<Exclude<LogLevel, 'silent'>, (data: Record<string, unknown>, message: string) => void>;

async function openPino({ level, file, maxBytes = 5_000_000, redact, stderr }: LogOptions): Promise<PinoLogger> {
  // A CommonJS package: once bundled, its own chunk exports the default alone.
  const { default: pino } = await import('pino');
  const sinks: { write(line: string): unknown }[] = [stderr];
  const sayNoFile = (error: unknown) =>
    stderr.write(`${JSON.stringify({ level: 'warn', msg: `no log file: ${String(error)}` })}\n`);
  if (file !== undefined) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      rotate(file, maxBytes);
      // Synchronous: a process that is killed has written its last line.
      const sink = pino.destination({ dest: file, sync: true, append: true, mode: 0o600 });
      // A disk that fills up costs the log file, not the server.
      sink.on('error', (error) => {
        if (sinks.includes(sink)) sayNoFile(error);
        sinks.splice(0, sinks.length, stderr);
      });
      sinks.push(sink);
    } catch (error) {
      sayNoFile(error);
    }
  }
  const destination = {
    write(line: string) {
      const clean = redact(line);
      for (const sink of sinks) sink.write(clean);
    },
  };
  const paths = secretPaths.flatMap((name) => [name, `*.${name}`]);
  return pino<never>(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: mask },
    },
    destination,
  );
}

/** Keeps one older log beside the current one. */
function rotate(file: string, maxBytes: number): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= maxBytes) return;
  try {
    renameSync(file, `${file}.1`);
  } catch {
    // Windows does not replace an older log that another server still has open. A log that grows is better than none.
  }
}
