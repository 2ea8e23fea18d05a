import type { KeptOptions, KeptStore } from '../../sandbox/kept-store.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { openCatalog } from '../catalog/index.ts';
import { loadConfig } from '../config/index.ts';
import { GatewayError } from '../core/errors.ts';
import { defined } from '../core/json.ts';
import type { Command } from './command.ts';
import { readWhole } from './flags.ts';
import { exitStatus, print } from './print.ts';
import { readTrouble, troubleFlags } from './sandbox-trouble.ts';
import { openProgress } from './terminal.ts';

export const sandbox: Command = {
  name: 'sandbox',
  summary: 'an emulated ConnectWise on a loopback port, for any client of the real one',
  flags: {
    port: { type: 'string', description: 'Port to listen on (default: a free one)' },
    seed: { type: 'string', description: 'Random seed of the data (default: 1)' },
    scale: { type: 'string', description: 'Size of the provider, 1 (600 tickets) to 100 (60,000); default: 1' },
    data: { type: 'string', description: 'SQLite file that keeps the data (default: in memory, lost at the end)' },
    ...troubleFlags,
  },
  async run(call) {
    const { terminal, settings, flags } = call;
    const port = readWhole(flags, 'port', [0, 65_535]) ?? 0;
    const made = { seed: readWhole(flags, 'seed', [0, 2 ** 31 - 1]), scale: readWhole(flags, 'scale', [1, 100]) };
    const trouble = await readTrouble(flags);
    const { config } = loadConfig({ flags: settings, environment: terminal.environment });
    const catalog = await openCatalog({
      ...defined({ flagFile: config.catalogFile }),
      dataFolder: config.dataDir,
      shippedFile: terminal.shippedCatalog,
    });
    const { createSandbox } = await import('../../sandbox/sandbox.ts');
    const { sandboxAccess } = await import('../../sandbox/access.ts');
    const { listenSandbox } = await import('../../sandbox/listen.ts');
    const now = () => config.now ?? new Date();
    const progress = openProgress(terminal, flags.json);
    let kept: KeptStore | undefined;
    let sandbox: Sandbox;
    try {
      // Large data takes seconds: made now, so that the first request does not wait for it.
      if (flags.data !== undefined || (made.scale ?? 1) > 1) progress.step(`Generating data, scale ${made.scale ?? 1}`);
      kept = await openKept(flags.data, { ...made, now: now() });
      sandbox = createSandbox({ catalog, now, kept, ...made, ...trouble });
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
    kept?.close();
    catalog.close();
    return exitStatus.done;
  },
};

/** The store behind `--data`; without the flag the sandbox has its own in memory. */
async function openKept(file: string | boolean | undefined, options: KeptOptions): Promise<KeptStore | undefined> {
  if (file === undefined) return undefined;
  if (file === '') throw new GatewayError('usage', '--data needs the name of a file.');
  const { openKeptStore } = await import('../../sandbox/kept-store.ts');
  return openKeptStore(String(file), options);
}
