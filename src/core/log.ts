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

/** Shorter values would blank ordinary words, such as `public` and `private`, the keys of the sandbox. */
const minSecretLength = 8;

/** A function that blanks every given secret, in any of its encodings, and Basic credentials in a text. */
export function createRedaction(secrets: readonly (string | undefined)[]): Redact {
  const hide = createBlanking(secrets);
  return (text) => {
    if (text.length < minSecretLength) return text;
    return hide(text).replace(/\bBasic\s+([A-Za-z0-9+/=_-]{8,})/g, (whole, pair: string) =>
      isPair(pair) ? `Basic ${mask}` : whole,
    );
  };
}

/** A function that blanks these secrets in plain text, JSON, URLs and Base64. */
export function createBlanking(secrets: readonly (string | undefined)[]): Redact {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= minSecretLength);
  // The longest first: where one form contains another, blanking the shorter would leave the rest.
  const forms = [...new Set(known.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  const shortest = Math.min(...forms.map(({ length }) => length));
  return (text) => {
    // Names and most values are too short to hold any form, so their length is enough to know.
    if (text.length < shortest) return text;
    return forms.reduce((clean, form) => clean.replaceAll(form, mask), text);
  };
}

function formsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64FormsOf(secret)];
}

/**
 * The parts of a secret's Base64 that do not depend on the text around it. Three bytes make four characters, so there
 * are three alignments, and the characters at the edges depend on the neighbours.
 */
function base64FormsOf(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const whole = bytes.toString('base64').replace(/=+$/, '');
    const core = whole.slice(before === 0 ? 0 : before + 1, bytes.length % 3 === 0 ? undefined : -1);
    return [core, encodeURIComponent(core), core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Whether it is name and password in Base64; “Basic Maintenance” is the name of an agreement. */
function isPair(text: string): boolean {
  return /^[\x20-\x7e]+:[\x20-\x7e]*$/.test(Buffer.from(text, 'base64').toString('latin1'));
}

export interface LogOptions {
  level: LogLevel;
  /** Rotated once it is larger than `maxBytes`; absent for none. */
  file?: string;
  maxBytes?: number;
  redact: Redact;
  /** Where lines go in addition to the file. */
  stderr: { write(line: string): unknown };
}

/** Members of a line's data that hold credentials, at the top and one level below. */
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
      // A full disk stops the log file, not the server.
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
