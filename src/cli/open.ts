import { loadConfig } from '../config/index.ts';
import { createSettingWords } from '../config/setting-words.ts';
import { type Gateway, openGateway } from '../gateway/index.ts';
import type { CommandCall } from './command.ts';
import type { Progress } from './progress.ts';

/** The gateway for one command; `progress` is told how far long lists are. Settings are read on first use. */
export function openCommandGateway(
  { terminal, settings }: Pick<CommandCall, 'terminal' | 'settings'>,
  progress?: Progress,
): Gateway {
  return openGateway({
    words: createSettingWords(terminal.environment),
    load: () => loadConfig({ ...terminal, flags: settings }),
    shippedCatalog: terminal.shippedCatalog,
    sqlProgram: terminal.sqlProgram,
    nodeVersion: terminal.nodeVersion,
    stderr: progress ?? terminal.stderr,
    clock: () => new Date(),
    random: Math.random,
    ...(terminal.sandboxData ? { sandboxData: terminal.sandboxData } : {}),
    ...(progress ? { progress: progress.tell } : {}),
  });
}

/** Gives a command its gateway and closes it. */
export async function withGateway<T>(
  call: Pick<CommandCall, 'terminal' | 'settings'>,
  work: (gateway: Gateway) => Promise<T>,
  progress?: Progress,
): Promise<T> {
  const gateway = openCommandGateway(call, progress);
  try {
    return await work(gateway);
  } finally {
    progress?.end();
    await gateway.close();
  }
}
