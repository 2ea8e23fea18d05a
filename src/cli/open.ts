import { createSettingWords } from '../config/setting-words.ts';
import { loadConfig } from '../config.ts';
import { type Gateway, openGateway } from '../gateway.ts';
import type { CommandCall } from './command.ts';

/** The gateway for one command. Settings are read on first use. */
export function openCommandGateway({ terminal, settings }: Pick<CommandCall, 'terminal' | 'settings'>): Gateway {
  return openGateway({
    words: createSettingWords(terminal.environment),
    load: () => loadConfig({ flags: settings, environment: terminal.environment }),
    shippedCatalog: terminal.shippedCatalog,
    sqlProgram: terminal.sqlProgram,
    nodeVersion: terminal.nodeVersion,
    stderr: terminal.stderr,
    clock: () => new Date(),
    random: Math.random,
  });
}
