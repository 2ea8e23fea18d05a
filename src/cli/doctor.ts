import { overallState } from '../local/status/status-line.ts';
import type { Command } from './command.ts';
import { readClientLines } from './doctor/read-client-lines.ts';
import { createReport } from './doctor/report.ts';
import { runProbe } from './doctor/run-probe.ts';
import { openCommandGateway } from './open.ts';

const exitStatus = { ok: 0, warning: 1, failure: 2 } as const;

export const doctor: Command = {
  name: 'doctor',
  summary: 'check settings, catalog, credentials, site and client, each with its fix',
  flags: {
    json: { type: 'boolean', description: 'Print the checks as JSON' },
    probe: {
      type: 'boolean',
      description: 'Check instead, by reading, which uncertain facts about ConnectWise hold on this system',
    },
  },
  async run(call) {
    const { terminal, flags } = call;
    const gateway = openCommandGateway(call);
    const cancelling = new AbortController();
    terminal.onStop(() => cancelling.abort());
    const { signal } = cancelling;
    let clients: ReturnType<typeof readClientLines> | undefined;
    try {
      if (flags.probe) return await runProbe(gateway, call, signal);
      // Neither waits for the other: a client's command can take as long as all the rest.
      clients = readClientLines(terminal, signal);
      clients.catch(() => undefined);
      // A key may stand where it does not belong: in the site, or in the name of the company.
      const report = createReport(terminal, gateway.redact, flags.json === true);
      const checks = await gateway.readStatus({ signal, onLines: report.add });
      const ofClients = await clients;
      report.add(ofClients);
      const all = [...checks, ...ofClients];
      const state = overallState(all);
      report.end({ state, checks: all });
      return exitStatus[state];
    } finally {
      // Whatever ended the checks, no process that they started stays.
      await clients?.catch(() => undefined);
      await gateway.close();
    }
  },
};
