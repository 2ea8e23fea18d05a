import { defined } from '../core/json.ts';
import { type Gateway, overallState, type StatusLine } from '../gateway/index.ts';
import type { Command, CommandCall } from './command.ts';
import { checkClients } from './doctor-clients.ts';
import { withGateway } from './open.ts';
import { exitStatus, print } from './print.ts';
import { createLineRenderer, createPalette, openProgress, type Progress } from './terminal.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'check settings, catalog, credentials, site and client, each with its fix',
  examples: ['doctor', 'doctor --json'],
  flags: {
    probe: {
      type: 'boolean',
      description: 'Check instead which uncertain facts about ConnectWise are true on this system; only reads',
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

interface Watched {
  signal: AbortSignal;
  progress: Progress;
}

/** By the worst of the checks (docs/doctor.md). */
const statusOf = { ok: 0, warning: 1, failure: 2 } as const;

/** The checks of `GET /gateway/status`, then those of the clients: lines as they are known, or one JSON document. */
async function runChecks(
  { readStatus, redact }: Gateway,
  call: CommandCall,
  { signal, progress }: Watched,
): Promise<number> {
  const { terminal, flags } = call;
  const render = createLineRenderer(terminal);
  // A key may be in a wrong setting: in the site, or in the name of the company.
  const show = (lines: readonly StatusLine[]) => {
    if (!flags.json) progress.write(redact(render(lines)), terminal.stdout);
  };
  progress.report(0, undefined, 'Checking');
  // Started now, and not after the other checks: a client's command can take as long as all of them.
  const clients = checkClients(terminal, signal);
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
    // However the checks ended, no process that they started is left.
    await clients.catch(() => undefined);
  }
}

type Probed = Awaited<ReturnType<Gateway['probe']>>[number];

/** Prints which uncertain facts are true. Answers 1 where one differs. */
async function runProbe({ probe, redact }: Gateway, call: CommandCall, { signal, progress }: Watched): Promise<number> {
  const { terminal, flags } = call;
  const render = createProbeRenderer(terminal);
  const onFinding = (probed: Probed) => void progress.write(redact(render(probed)), terminal.stdout);
  const findings = await probe({ signal, ...defined({ onFinding: flags.json ? undefined : onFinding }) });
  const counts = { holds: 0, differs: 0, unknown: 0 };
  for (const { result } of findings) counts[result] += 1;
  progress.end();
  await print(call, {
    data: { counts, findings },
    text: `
${counts.holds} hold, ${counts.differs} differ, ${counts.unknown} are unknown here.
The numbers are those of docs/connectwise.md. The report above holds no data and no keys: you can send it as it is.
`,
    redact,
  });
  return counts.differs > 0 ? 1 : exitStatus.done;
}

function createProbeRenderer(terminal: CommandCall['terminal']): (probed: Probed) => string {
  const palette = createPalette(terminal);
  const mark = { holds: palette.green('holds  '), differs: palette.yellow('differs'), unknown: palette.dim('unknown') };
  return ({ fact, question, result, seen }) =>
    `${mark[result]}  ${fact.padEnd(6)}  ${question}\n${' '.repeat(17)}${palette.dim(seen)}\n`;
}
