import { randomBytes } from 'node:crypto';
import { version } from '../version.ts';
import { openStdioServer } from '../server/stdio.ts';
import type { Command, CommandCall } from './command.ts';
import { openCommandGateway } from './open.ts';

/** How long open requests may take to end once the client has gone. */
const closeTimeoutMs = 2_000;

export const serve: Command = {
  name: 'serve',
  summary: 'serve MCP on stdin and stdout; a client such as Claude Desktop starts this',
  async run(call) {
    const { terminal } = call;
    if (terminal.stdin.isTTY) {
      terminal.stderr.write('Serving MCP on stdin and stdout for a client to talk to. See --help, or try `demo`. Ctrl+C ends.\n');
    }
    const gateway = openCommandGateway(call);
    const server = openStdioServer(
      {
        version,
        context: gateway.context,
        redact: gateway.redact,
        randomId: () => randomBytes(4).toString('hex'),
        sendsWrites: sendsWrites(call),
      },
      gateway.context.log,
    );
    await new Promise<void>((resolve) => {
      terminal.onStop(resolve);
      terminal.stdin.once('end', resolve);
      terminal.stdin.once('close', resolve);
    });
    await withTimeout(server.close().then(() => gateway.close()));
    return 0;
  },
};

/**
 * Whether `execute_api_call` sends writes at once, which its annotations must say. `allow` counts only from a flag
 * or the environment: listing the tools reads no file.
 */
function sendsWrites({ terminal, settings }: CommandCall): boolean {
  return (settings.mode ?? terminal.environment.CONNECTWISE_MODE) === 'allow';
}

async function withTimeout(closing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeTimeoutMs);
  });
  await Promise.race([closing, late]);
  clearTimeout(timer);
}
