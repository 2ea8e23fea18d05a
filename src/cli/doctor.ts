import { overallState, type StatusLine } from '../local/status.ts';
import type { Command } from './command.ts';
import { openCommandGateway } from './open.ts';
import { createPalette } from './palette.ts';

const exitStatus = { ok: 0, warning: 1, failure: 2 } as const;

export const doctor: Command = {
  name: 'doctor',
  summary: 'check settings, catalog, credentials and the site, each with its fix',
  flags: { json: { type: 'boolean', description: 'Print the checks as JSON' } },
  async run(call) {
    const { terminal, flags } = call;
    const gateway = openCommandGateway(call);
    try {
      const checks = await gateway.readStatus();
      const state = overallState(checks);
      const report = flags.json ? `${JSON.stringify({ state, checks }, null, 2)}\n` : renderChecks(checks, terminal);
      // A key may stand where it does not belong: in the site, or in the name of the company.
      terminal.stdout.write(gateway.redact(report));
      return exitStatus[state];
    } finally {
      await gateway.close();
    }
  },
};

function renderChecks(checks: readonly StatusLine[], terminal: Parameters<typeof createPalette>[0]): string {
  const palette = createPalette(terminal);
  const mark = { ok: palette.green('ok     '), warning: palette.yellow('warning'), failure: palette.red('failure') };
  const width = Math.max(...checks.map(({ check }) => check.length));
  return checks
    .map(({ check, state, detail, fix }) => {
      const line = `${mark[state]}  ${check.padEnd(width)}  ${detail}\n`;
      return fix === undefined ? line : `${line}${' '.repeat(width + 11)}${palette.dim(`fix: ${fix}`)}\n`;
    })
    .join('');
}
