import type { Gateway } from '../gateway/index.ts';
import { overallState, type StatusLine } from '../gateway/local/status/status-line.ts';
import type { Command, CommandCall } from './command.ts';
import { createLineRenderer } from './doctor/line-renderer.ts';
import { readClientLines } from './doctor/read-client-lines.ts';
import { runProbe } from './doctor/run-probe.ts';
import { withGateway } from './open.ts';
import { print } from './print.ts';
import { openProgress, type Progress } from './progress.ts';

/** By the worst of the checks (docs/doctor.md). */
const statusOf = { ok: 0, warning: 1, failure: 2 } as const;

export const doctor: Command = {
  name: 'doctor',
  summary: 'check settings, catalog, credentials, site and client, each with its fix',
  flags: {
    probe: {
      type: 'boolean',
      description: 'Check instead, by reading, which uncertain facts about ConnectWise hold on this system',
    },
  },
  async run(call) {
    const { terminal, flags } = call;
    const cancelling = new AbortController();
    terminal.onStop(() => cancelling.abort());
    const progress = openProgress(terminal, flags.json);
    const watched = { signal: cancelling.signal, progress };
    return withGateway(call, (gateway) => (flags.probe ? runProbe : runChecks)(gateway, call, watched), progress);
  },
};

/** Lines as they are known, or one JSON document at the end. */
async function runChecks(
  { readStatus, redact }: Gateway,
  call: CommandCall,
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<number> {
  const { terminal, flags } = call;
  const render = createLineRenderer(terminal);
  // A key may stand where it does not belong: in the site, or in the name of the company.
  const show = (lines: readonly StatusLine[]) => {
    if (!flags.json) progress.write(redact(render(lines)), terminal.stdout);
  };
  progress.tell(0, undefined, 'Checking');
  // Neither waits for the other: a client's command can take as long as all the rest.
  const clients = readClientLines(terminal, signal);
  clients.catch(() => undefined);
  try {
    const checks = await readStatus({ signal, onLines: show });
    const ofClients = await clients;
    show(ofClients);
    const all = [...checks, ...ofClients];
    const state = overallState(all);
    await print(call, { data: { state, checks: all }, text: '', redact });
    return statusOf[state];
  } finally {
    // Whatever ended the checks, no process that they started stays.
    await clients.catch(() => undefined);
  }
}
