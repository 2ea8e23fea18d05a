import { join } from 'node:path';
import type { LoadedConfig } from '../config/index.ts';
import { readConnection, secretsOf } from '../connectwise/index.ts';
import { createBlanking, createLog, createRedaction, type Log, type Redact } from '../core/log.ts';
import { onceSync } from '../core/once.ts';

export interface ConfigRedaction {
  /** Blanks the keys of the settings, and what looks like credentials, in everything that leaves the process. */
  redact: Redact;
  /** Blanks only those keys. */
  blankKeys: Redact;
}

export function createConfigRedaction(load: () => LoadedConfig): ConfigRedaction {
  const keys = onceSync(() => keysOf(load()));
  return {
    redact: withoutSettings(onceSync(() => createRedaction(keys()))),
    blankKeys: withoutSettings(onceSync(() => createBlanking(keys()))),
  };
}

function keysOf({ config }: LoadedConfig): (string | undefined)[] {
  const known = [config.publicKey, config.privateKey, config.clientId];
  try {
    return [...known, ...secretsOf(readConnection(config).credentials)];
  } catch {
    // Incomplete settings have no credentials; the keys they do hold are still blanked.
    return known;
  }
}

/** Keys of settings that cannot be read were never used, so no text can hold them. */
function withoutSettings(redaction: () => Redact): Redact {
  return (text) => {
    try {
      return redaction()(text);
    } catch {
      return text;
    }
  };
}

/** The log that the settings ask for; opened with its first line. */
export function createLazyLog(
  { stderr }: { stderr: { write(line: string): unknown } },
  load: () => LoadedConfig,
  redact: Redact,
): Log {
  const open = onceSync(() => {
    const { config } = load();
    return createLog({
      level: config.logLevel,
      file: join(config.dataDir, 'logs', 'gateway.log'),
      redact,
      stderr,
    });
  });
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, data?: Record<string, unknown>) => {
    try {
      open()[level](message, data);
    } catch {
      // The settings are wrong, which every call reports; only stderr is left for the log.
      stderr.write(`${JSON.stringify({ level, msg: message })}\n`);
    }
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    flush: async () => {
      try {
        await open().flush();
      } catch {
        // Nothing was opened, nothing is pending.
      }
    },
  };
}
