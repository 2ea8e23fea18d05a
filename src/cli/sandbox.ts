import type { PersistentOptions, PersistentStore } from '../../sandbox/persistent-store.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { openCatalog } from '../catalog/index.ts';
import { loadConfig } from '../config/index.ts';
import { GatewayError } from '../core/errors.ts';
import type { Command } from './command.ts';
import { exitStatus, print } from './print.ts';
import { openProgress } from './progress.ts';
import { readWhole } from './read-whole.ts';
import { faultFlags, readFaultFlags } from './sandbox-faults.ts';

export const sandbox: Command = {
  name: 'sandbox',
  summary: 'a made-up ConnectWise on a loopback port, for any client of the real one',
  flags: {
    port: { type: 'string', description: 'Port to listen on; a free one unless given' },
    seed: { type: 'string', description: 'Number that the data is made from; 1 unless given' },
    scale: { type: 'string', description: 'Size of the provider, 1 (600 tickets) to 100 (60,000); 1 unless given' },
    data: { type: 'string', description: 'SQLite file that keeps the data; without it all is forgotten at the end' },
    ...faultFlags,
  },
  async run(call) {
    const { terminal, settings, flags } = call;
    const port = readWhole(flags, 'port', [0, 65_535]) ?? 0;
    const made = { seed: readWhole(flags, 'seed', [0, 2 ** 31 - 1]), scale: readWhole(flags, 'scale', [1, 100]) };
    const faults = await readFaultFlags(flags);
    const { config } = loadConfig({ flags: settings, environment: terminal.environment });
    const catalog = await openCatalog({
      ...(config.catalogFile === undefined ? {} : { flagFile: config.catalogFile }),
      dataFolder: config.dataDir,
      shippedFile: terminal.shippedCatalog,
    });
    const { createSandbox } = await import('../../sandbox/sandbox.ts');
    const { sandboxAccess } = await import('../../sandbox/server/authenticate.ts');
    const { listenSandbox } = await import('../../sandbox/server/listen.ts');
    const now = () => config.now ?? new Date();
    const progress = openProgress(terminal, flags.json);
    let persistent: PersistentStore | undefined;
    let sandbox: Sandbox;
    try {
      // Large data takes seconds, in which the first request would wait without a word.
      if (flags.data !== undefined || (made.scale ?? 1) > 1) progress.step(`Making the data, scale ${made.scale ?? 1}`);
      persistent = await openPersistent(flags.data, { ...made, now: now() });
      sandbox = createSandbox({ catalog, now, persistent, ...made, ...faults });
      if ((made.scale ?? 1) > 1) sandbox.prepare();
    } finally {
      progress.end();
    }
    const listening = await listenSandbox(sandbox, { port, host: '127.0.0.1' });
    const { companyId, publicKey, privateKey } = sandboxAccess;
    const url = `http://127.0.0.1:${listening.port}/v4_6_release/apis/3.0`;
    await print(call, {
      data: { url, company_id: companyId, public_key: publicKey, private_key: privateKey },
      text: `The sandbox answers at ${url}\ncompany ${companyId}, public key ${publicKey}, private key ${privateKey}, any client id. Ctrl+C ends.\n`,
    });
    await new Promise<void>((resolve) => terminal.onStop(resolve));
    await listening.close();
    persistent?.close();
    catalog.close();
    return exitStatus.done;
  },
};

/** The store behind `--data`; without the flag the sandbox plants its own. */
async function openPersistent(
  file: string | boolean | undefined,
  options: PersistentOptions,
): Promise<PersistentStore | undefined> {
  if (file === undefined) return undefined;
  if (file === '') throw new GatewayError('usage', '--data needs the name of a file.');
  const { openPersistentStore } = await import('../../sandbox/persistent-store.ts');
  return openPersistentStore(String(file), options);
}
