import { homedir, platform } from 'node:os';
import { failureLine, okLine, type StatusLine, warningLine } from '../../local/status/status-line.ts';
import type { Terminal } from '../command.ts';
import { type ClientConfiguration, type Computer, findClientConfigurations } from './find-client-configurations.ts';
import { type ConfiguredServer, readConfiguredServers } from './read-configured-servers.ts';
import { startServer } from './start-server.ts';

/** A command that takes longer is too slow for clients, too; npx may have had to download first. */
const limitMs = 10_000;

/** Which clients start this program, and whether their command works. */
export async function readClientLines(
  terminal: Pick<Terminal, 'program' | 'environment'>,
  signal: AbortSignal,
): Promise<StatusLine[]> {
  const { environment, program } = terminal;
  const computer: Computer = { platform: platform(), home: homedir(), environment };
  const found = findClientConfigurations(computer);
  const lines = await Promise.all(
    found.map(async (configuration) => {
      const servers = readConfiguredServers(configuration.path, program.at(-1) ?? '');
      if (servers === undefined) return [unreadable(configuration)];
      return Promise.all(servers.map((server) => checkServer(configuration, server, computer, signal)));
    }),
  );
  if (lines.flat().length > 0) return lines.flat();
  return [okLine('client', 'no configuration of Claude Desktop or Claude Code names this server')];
}

function unreadable({ client, path }: ClientConfiguration): StatusLine {
  const fix = 'Look for a missing comma or a single backslash, which JSON wants twice; then start the client again.';
  return failureLine('client', `${client} cannot read ${path}: it is not the JSON of a configuration`, fix);
}

async function checkServer(
  { client, path }: ClientConfiguration,
  server: ConfiguredServer,
  computer: Computer,
  signal: AbortSignal,
): Promise<StatusLine> {
  const named = `${client}: ${JSON.stringify(server.name)} in ${path}`;
  const unfilled = Object.keys(server.environment).filter((name) =>
    /^your |^0{8}-/i.test(server.environment[name] ?? ''),
  );
  const start = await startServer(server, { ...computer, limitMs, signal });
  if ('problem' in start) {
    const fix =
      'Run its command in a terminal to see. With several Nodes on this computer, give the full path of one as command.';
    return failureLine('client', `${named} ${start.problem}`, fix);
  }
  if (unfilled.length > 0)
    return warningLine(
      'client',
      `${named} starts; ${unfilled.join(', ')} is a placeholder`,
      'Put your own in its place.',
    );
  return okLine('client', `${named} starts ${start.name} ${start.version} in ${start.ms} ms`);
}
