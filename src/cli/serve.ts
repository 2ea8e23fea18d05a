import { replyForm, sendsAtOnce } from '../config/index.ts';
import type { Redact } from '../core/log.ts';
import { version } from '../core/version.ts';
import { type CallTool, listedTools, loadCallTool, openStdioServer } from '../server/index.ts';
import type { Command, CommandCall } from './command.ts';

/** How long open requests may take to end after the client has gone. Exported for its test. */
export const closeTimeoutMs = 2_000;

export const serve: Command = {
  name: 'serve',
  summary: 'serve MCP on stdin and stdout; clients such as Claude Desktop start this',
  examples: ['serve', '--mode read-only'],
  async run(call) {
    const { terminal } = call;
    if (terminal.stdin.isTTY) {
      terminal.stderr.write('Serving MCP on stdin and stdout, for a client. See --help, or try `demo`. Ctrl+C ends.\n');
    }
    const calls = terminal.nodeProblem === undefined ? createCalls(call) : refuseCalls(terminal.nodeProblem);
    const sources = { flags: call.settings, environment: terminal.environment };
    const sends = sendsAtOnce(sources);
    const chosen = replyForm(sources);
    const form = chosen === 'auto' ? undefined : chosen;
    const listed = sends ? listedTools.sends : listedTools.prepares;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const server = openStdioServer({ version, listed, form, openCalls: calls.open, redact: calls.redact }, terminal, {
      onError: (message) =>
        terminal.stderr.write(`${JSON.stringify({ level: 'warn', msg: 'protocol', error: message })}\n`),
      onClose: end,
    });
    terminal.onStop(end);
    terminal.stdin.once('end', end);
    terminal.stdin.once('close', end);
    await ended;
    await withTimeout(server.close().then(() => calls.close()));
    return 0;
  },
};

/** The gateway and the tools, loaded at the first call: starting and listing need neither. */
interface Calls {
  open(): Promise<CallTool>;
  redact(text: string): Promise<string>;
  close(): Promise<void>;
}

/** On a Node that is too old: the host connects and lists the tools, and each call says what is needed. */
function refuseCalls(problem: string): Calls {
  const reply = { content: [{ type: 'text' as const, text: problem }], isError: true as const };
  return {
    open: async () => async () => reply,
    redact: async (text) => text,
    close: async () => undefined,
  };
}

function createCalls(call: CommandCall): Calls {
  let loaded: Promise<{ callTool: CallTool; redact: Redact; close(): Promise<void> }> | undefined;
  const load = async () => {
    const { openCommandGateway } = await import('./open.ts');
    const createCallTool = await loadCallTool();
    const { randomUUID } = await import('node:crypto');
    const { context, redact, blankKeys, words, close } = openCommandGateway(call);
    // Eight random digits; Node caches random data for many ids, while each `randomBytes` asks the system.
    const randomId = () => randomUUID().slice(0, 8);
    const callTool = createCallTool({ context, redact, blankKeys, randomId, inWords: words.inError });
    return { callTool, redact, close };
  };
  const loadOnce = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    open: async () => (await loadOnce()).callTool,
    redact: async (text) => (await loadOnce()).redact(text),
    async close() {
      await (await loaded)?.close();
    },
  };
}

async function withTimeout(closing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeTimeoutMs);
  });
  await Promise.race([closing, late]);
  clearTimeout(timer);
}
