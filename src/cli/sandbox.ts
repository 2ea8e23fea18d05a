import type { PersistentOptions, PersistentStore, Sandbox } from '../../sandbox/index.ts';
import { openCatalog } from '../catalog/index.ts';
import { loadConfig } from '../config/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import type { Command } from './command.ts';
import { readWhole } from './flags.ts';
import { exitStatus, print } from './print.ts';
import { faultFlags, readFaultFlags } from './sandbox-faults.ts';
import { openProgress } from './terminal.ts';

export const sandbox: Command = {
  name: 'sandbox',
  summary: 'a made-up ConnectWise on a loopback port, for any client of the real one',
  examples: ['sandbox', 'sandbox --port 8080 --scale 10'],
  flags: {
    port: { type: 'string', description: 'Port to listen on; default: any free port' },
    seed: { type: 'string', description: 'Random seed of the data; default: 1' },
    scale: { type: 'string', description: 'Size of the provider, 1 (600 tickets) to 100 (60,000 tickets); default: 1' },
    data: { type: 'string', description: 'SQLite file to keep the data in; default: in memory, lost at the end' },
    ...faultFlags,
  },
  async run(call) {
    const { terminal, settings, flags } = call;
    const port = readWhole(flags, 'port', [0, 65_535]) ?? 0;
    const made = { seed: readWhole(flags, 'seed', [0, 2 ** 31 - 1]), scale: readWhole(flags, 'scale', [1, 100]) };
    const faultOptions = await readFaultFlags(flags);
    const { config } = loadConfig({ ...terminal, flags: settings });
    const files = { flagFile: config.catalogFile, dataFolder: config.dataDir, shippedFile: terminal.shippedCatalog };
    const catalog = await openCatalog(defined<Parameters<typeof openCatalog>[0]>(files));
    const { createSandbox, listenSandbox, sandboxAccess } = await import('../../sandbox/index.ts');
    const now = () => config.now ?? new Date();
    const progress = openProgress(terminal, flags.json);
    let persistent: PersistentStore | undefined;
    let sandbox: Sandbox;
    try {
      // Large data takes seconds: without progress the first request would seem to hang.
      if (flags.data !== undefined || (made.scale ?? 1) > 1) progress.step(`Generating data, scale ${made.scale ?? 1}`);
      persistent = await openPersistent(flags.data, { ...made, now: now() });
      sandbox = createSandbox({ catalog, now, persistent, ...made, ...faultOptions });
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

/** The store of `--data`; without the flag the sandbox seeds one in memory. */
async function openPersistent(
  file: string | boolean | undefined,
  options: PersistentOptions,
): Promise<PersistentStore | undefined> {
  if (file === undefined) return undefined;
  if (file === '') throw new GatewayError('usage', '--data needs the name of a file.');
  const { openPersistentStore } = await import('../../sandbox/index.ts');
  return openPersistentStore(String(file), options);
}
