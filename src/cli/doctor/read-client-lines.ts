import { failureLine, okLine, type StatusLine, warningLine } from '../../gateway/local/status/status-line.ts';
import { type ClientFile, findClientFiles } from '../clients/find-clients.ts';
import { readPlace } from '../clients/place.ts';
import type { Terminal } from '../command.ts';
import { type ConfiguredServer, readConfiguredServers } from './read-configured-servers.ts';
import { type StartOptions, startServer } from './start-server.ts';

/** A command that takes longer is too slow for clients, too; npx may have had to download first. */
const startLimitMs = 10_000;

/**
 * Which clients start this program, and whether their command works.
 * @param limitMs how long each command may take to answer
 */
export async function readClientLines(
  terminal: Terminal,
  signal: AbortSignal,
  limitMs = startLimitMs,
): Promise<StatusLine[]> {
  const place = readPlace(terminal);
  const found = findClientFiles(place).filter(({ file }) => place.exists(file));
  const lines = await Promise.all(
    found.map(async (client) => {
      const servers = readConfiguredServers(client.file, place);
      if (servers === undefined) return [unreadable(client)];
      return Promise.all(servers.map((server) => checkServer(client, server, terminal, { signal, limitMs })));
    }),
  );
  if (lines.flat().length > 0) return lines.flat();
  return [okLine('client', 'no configuration of Claude Desktop or Claude Code names this server')];
}

function unreadable({ title, file }: ClientFile): StatusLine {
  const fix = 'Look for a missing comma or a single backslash, which JSON wants twice; then start the client again.';
  return failureLine('client', `${title} cannot read ${file}: it is not the JSON of a configuration`, fix);
}

async function checkServer(
  { title, file }: ClientFile,
  server: ConfiguredServer,
  { platform, environment }: Terminal,
  bounds: Pick<StartOptions, 'signal' | 'limitMs'>,
): Promise<StatusLine> {
  const named = `${title}: ${JSON.stringify(server.name)} in ${file}`;
  const unfilled = Object.keys(server.environment).filter((name) =>
    /^your |^0{8}-/i.test(server.environment[name] ?? ''),
  );
  const start = await startServer(server, { platform, environment, ...bounds });
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
