import { createSettingWords, loadConfig } from '../config/index.ts';
import { defined } from '../core/json.ts';
import { type Gateway, type GatewayParts, openGateway, type ToolContext } from '../gateway/index.ts';
import type { CommandCall } from './command.ts';
import type { Progress } from './terminal.ts';

type Given = Pick<CommandCall, 'terminal' | 'settings'>;

/** Opens the gateway for this process; settings are read on first use. */
export function openCommandGateway(
  { terminal, settings }: Given,
  options: Partial<Pick<GatewayParts, 'stderr' | 'learn' | 'wholeAnswers' | 'patience'>> = {},
): Gateway {
  return openGateway({
    words: createSettingWords(terminal.environment),
    load: () => loadConfig({ ...terminal, flags: settings }),
    shippedCatalog: terminal.shippedCatalog,
    sqlProgram: terminal.sqlProgram,
    nodeVersion: terminal.nodeVersion,
    stderr: terminal.stderr,
    clock: () => new Date(),
    random: Math.random,
    ...defined({ sandboxData: terminal.sandboxData }),
    ...options,
  });
}

/** The gateway as a command uses it: calls report their progress on the command's own line. */
export interface CommandGateway extends Gateway {
  context: ToolContext;
}

/**
 * Runs the work of a command with a gateway, and closes it.
 * @param patience for a job that nobody waits for
 */
export async function withGateway<T>(
  call: Given,
  work: (gateway: CommandGateway) => Promise<T>,
  progress?: Progress,
  patience?: GatewayParts['patience'],
): Promise<T> {
  const own = { learn: 'off', wholeAnswers: true } as const;
  const gateway = openCommandGateway(call, { ...own, ...defined({ stderr: progress, patience }) });
  const context = { ...gateway.context, progress: progress?.report ?? (() => undefined) };
  try {
    return await work({ ...gateway, context });
  } finally {
    progress?.end();
    await gateway.close();
  }
}
