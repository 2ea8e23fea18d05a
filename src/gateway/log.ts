import { join } from 'node:path';
import type { LoadedConfig } from '../config.ts';
import { readConnection } from '../connectwise/connection.ts';
import { secrets } from '../connectwise/credentials.ts';
import { createLog, createRedaction, type Log, type Redact } from '../log.ts';
import { onceSync } from '../once.ts';

/** Blanks the keys that the settings hold, in whatever leaves the process. */
export function createConfigRedaction(load: () => LoadedConfig): Redact {
  const redaction = onceSync(() => {
    const { config } = load();
    const known = [config.publicKey, config.privateKey, config.clientId];
    try {
      return createRedaction([...known, ...secrets(readConnection(config).credentials)]);
    } catch {
      // Incomplete settings make no credentials; what there is of them stays hidden.
      return createRedaction(known);
    }
  });
  return (text) => {
    try {
      return redaction()(text);
    } catch {
      // Settings that cannot be read hold no key that anything could have sent.
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
      // The settings are wrong, and each call says so itself; stderr is what is left for the log.
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
