import type { Command, CommandCall } from './command.ts';
import type { Outcome } from './init/apply.ts';
import { type InitOptions, initFlags, readInitOptions } from './init/init-options.ts';
import { createScreen, type Screen } from './init/screen.ts';
import { type Done, setUp } from './init/set-up.ts';
import { takeBack } from './init/take-back.ts';
import { exitStatus, print } from './print.ts';

export const init: Command = {
  name: 'init',
  summary: 'connect Claude with your ConnectWise: asks, tests each step, writes the configuration',
  flags: initFlags,
  async run(call: CommandCall) {
    const { terminal, flags } = call;
    const options = readInitOptions(flags);
    const screen = createScreen(terminal, flags.json === true);
    const parts = { options, screen, now: () => new Date(), random: Math.random };
    const done = await (options.remove ? takeBack : setUp)(call, parts);
    if (!options.remove) sayNext(done, screen, options);
    else if (done.outcomes.every(({ action }) => action === 'unchanged')) screen.say('There is nothing to take back.');
    await print(call, { data: toData(done, screen), text: '' });
    const isRefused = !options.dryRun && done.outcomes.some(({ action }) => action === 'not written');
    return isRefused ? exitStatus.waits : exitStatus.done;
  },
};

function sayNext({ outcomes, snippet }: Done, screen: Screen, { dryRun }: InitOptions): void {
  if (snippet !== undefined) {
    screen.say('\nNeither Claude Desktop nor Claude Code was found. Another client of MCP takes this:');
    screen.say(snippet);
  }
  if (outcomes.some(({ action }) => action === 'not written')) {
    screen.say(dryRun ? 'Nothing was written: this was a dry run.' : 'Nothing was written.');
    return;
  }
  const clients = outcomes.filter(({ client }) => client !== undefined);
  if (clients.length > 0 && outcomes.every(({ action }) => action === 'unchanged'))
    screen.say('\nEverything is set up like that already; nothing was written.');
  if (clients.length > 0) screen.heading('What to do now');
  if (clients.some(isOf('claude-desktop')))
    screen.say(
      'Quit Claude Desktop (in its menu File > Exit, on a Mac Cmd+Q: closing the window is\nnot enough), and start it again.',
    );
  if (clients.some(isOf('claude-code'))) screen.say('Start a new session of Claude Code.');
  if (clients.length > 0) screen.say('Then ask Claude: Is the ConnectWise connection working?');
}

const isOf = (name: string) => (outcome: Outcome) => outcome.client === name;

function toData({ outcomes, snippet }: Done, { checks }: Screen): unknown {
  const configuration = snippet === undefined ? {} : { configuration: JSON.parse(snippet) };
  return { checks, files: outcomes, ...configuration };
}
