import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMemory } from '../../src/memory/store.ts';
import { atDepth } from '../support/depth.ts';
import { bundleScript } from '../support/script-process.ts';

const script = bundleScript(join(import.meta.dirname, 'saving-process.ts'));
const kills = atDepth(3, 50);
/** Spread over the first hundred saves, and the same in each run. */
const momentOf = (kill: number) => 1 + ((kill * 37) % 101);

/** Starts a process that saves, and kills it after it has acknowledged `saves` entries; returns the number of the last one. */
async function killWhileSaving(file: string, name: string, saves: number): Promise<number> {
  const child = spawn(process.execPath, [script, file, name, '100000']);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk;
    if (said.split('\n').length > saves) child.kill('SIGKILL');
  });
  await once(child, 'close');
  // The last line may be cut; the one before it is whole.
  return Number(said.split('\n').at(-2) ?? -1);
}

test('a process that is killed while it saves loses nothing that it acknowledged, and leaves a sound file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'killed memory '));
  const file = join(folder, 'memory.db');
  try {
    let uses = 0;
    for (let kill = 0; kill < kills; kill++) {
      const last = await killWhileSaving(file, `process ${kill}`, momentOf(kill));
      expect(last).toBeGreaterThanOrEqual(momentOf(kill) - 1);
      uses += last + 1;
      const memory = await openMemory({ file, tenant: { host: 'cw.example', company: 'acme' }, now: () => new Date() });
      expect(memory.notice).toBeUndefined();
      const names = new Set(memory.list(`process ${kill} `).map(({ description }) => description));
      for (let round = 0; round <= last; round += 2) expect(names).toContain(`process ${kill} ${round}`);
      for (let round = 1; round <= last; round += 2) expect(names).not.toContain(`process ${kill} ${round}`);
      expect(
        memory.findFor('GET', '/service/tickets').find(({ description }) => description === 'shared')?.usageCount,
      ).toBeGreaterThanOrEqual(uses);
      memory.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
