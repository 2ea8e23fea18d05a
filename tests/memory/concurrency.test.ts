import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMemory } from '../../src/memory/store.ts';
import { atDepth } from '../support/depth.ts';
import { bundleScript } from '../support/script-process.ts';

const run = promisify(execFile);
const script = bundleScript(join(import.meta.dirname, 'saving-process.ts'));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fast memory '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('processes that create the same file at once and write to it lose nothing and get no lock error', async () => {
  const file = join(folder, 'memory.db');
  const names = Array.from({ length: 8 }, (_, at) => `process ${at}`);
  // A few are enough to meet one another's locks.
  const rounds = atDepth(30, 1_000);
  await Promise.all(names.map((name) => run(process.execPath, [script, file, name, String(rounds)])));

  const memory = await openMemory({ file, tenant: { host: 'cw.example', company: 'acme' }, now: () => new Date() });
  const saved = memory.list();
  const restored = memory.restore();
  memory.close();
  expect(saved.filter((query) => query.description === 'shared')).toHaveLength(1);
  expect(saved[0]).toMatchObject({ description: 'shared', usageCount: names.length * rounds });
  expect(saved).toHaveLength(1 + (names.length * rounds) / 2);
  expect(restored).toHaveLength((names.length * rounds) / 2);
});

test('connections that are open side by side see each other’s entries at once', async () => {
  const options = {
    file: join(folder, 'memory.db'),
    tenant: { host: 'cw.example', company: 'acme' },
    now: () => new Date(),
  };
  const [one, other] = await Promise.all([openMemory(options), openMemory(options)]);
  const { query } = one.save({ description: 'boards', method: 'GET', path: '/service/boards' });
  other.countUse(query.id);
  expect(one.find(query.id)).toMatchObject({ usageCount: 1 });
  other.delete(query.id);
  expect(one.list()).toEqual([]);
  one.close();
  other.close();
});
