import { openCatalog } from '../catalog/open-catalog.ts';
import { loadConfig } from '../config.ts';
import { GatewayError } from '../errors.ts';
import type { Command } from './command.ts';

export const sandbox: Command = {
  name: 'sandbox',
  summary: 'a made-up ConnectWise on a loopback port, for any client of the real one',
  flags: { port: { type: 'string', description: 'Port to listen on; a free one unless given' } },
  async run({ terminal, settings, flags }) {
    const port = parsePort(flags.port);
    const { config } = loadConfig({ flags: settings, environment: terminal.environment });
    const catalog = await openCatalog({
      ...(config.catalogFile === undefined ? {} : { flagFile: config.catalogFile }),
      dataFolder: config.dataDir,
      shippedFile: terminal.shippedCatalog,
    });
    const { createSandbox } = await import('../sandbox/sandbox.ts');
    const { sandboxAccess } = await import('../sandbox/access.ts');
    const { listenSandbox } = await import('../sandbox/listen.ts');
    const { now } = config;
    const listening = await listenSandbox(createSandbox({ catalog, now: () => now ?? new Date() }), {
      port,
      host: '127.0.0.1',
    });
    const { companyId, publicKey, privateKey } = sandboxAccess;
    terminal.stdout.write(
      `The sandbox answers at http://127.0.0.1:${listening.port}/v4_6_release/apis/3.0\n` +
        `company ${companyId}, public key ${publicKey}, private key ${privateKey}, any client id. Ctrl+C ends.\n`,
    );
    await new Promise<void>((resolve) => terminal.onStop(resolve));
    await listening.close();
    catalog.close();
    return 0;
  },
};

function parsePort(text: string | boolean | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new GatewayError('usage', `--port ${String(text)} is no port: 0 to 65535.`);
}
