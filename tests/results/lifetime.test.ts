import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { bundleScript } from '../support/script-process.ts';
import { patient } from '../support/spawn.ts';
import { openTestStore } from './open-store.ts';

const program = bundleScript(join(import.meta.dirname, 'storing-process.ts'));
let home: string;
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cwm täst '));
  folder = join(home, 'results');
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

const files = () => readdirSync(folder).filter((name) => name.startsWith('answers-'));

/** A server process that has stored rows and goes on until it is ended; answers its process and the name of its table. */
async function startStoring(): Promise<{ child: ChildProcess; tableName: string }> {
  const child = fork(program, [folder], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const tableName = await new Promise<string>((resolve, reject) => {
    child.once('message', (name) => resolve(String(name)));
    child.once('exit', () => reject(new Error('it ended before it stored anything')));
  });
  return { child, tableName };
}

const kill = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });

test('opening a store makes no file; the first rows do, and closing deletes all of it', async () => {
  const app = await openTestStore({ folder });
  expect(readdirSync(home)).toEqual([]);
  app.keep([{ id: 1 }]);
  await app.query('SELECT 1');
  expect(files().some((name) => name.endsWith('.db'))).toBe(true);
  await app.store.close();
  expect(files()).toEqual([]);
});

test('two stores at once neither see nor remove each other’s tables', async () => {
  const first = await openTestStore({ folder });
  const one = first.keep([{ id: 1, text: 'of the first' }]);
  await first.query('SELECT 1');
  const second = await openTestStore({ folder });
  const two = second.keep([{ id: 1, text: 'of the second' }]);
  await second.query('SELECT 1');
  expect(files().filter((name) => name.endsWith('.db'))).toHaveLength(2);
  expect(await first.rows(`SELECT text FROM ${one.name}`)).toEqual([['of the first']]);
  await expect(first.query(`SELECT text FROM ${two.name === one.name ? 'nothing' : two.name}`)).rejects.toThrow(
    'There is no table',
  );
  await first.store.close();
  expect(await second.rows(`SELECT text FROM ${two.name}`)).toEqual([['of the second']]);
  await second.store.close();
  expect(files()).toEqual([]);
});

test('files of a killed process are removed by the next first use, those of a running one are kept', async () => {
  const dead = await startStoring();
  const living = await startStoring();
  await kill(dead.child);
  const left = files();
  expect(left.filter((name) => name.endsWith('.db'))).toHaveLength(2);
  const app = await openTestStore({ folder });
  app.keep([{ id: 1 }]);
  await app.query('SELECT 1');
  const stems = new Set(files().map((name) => name.split('.')[0]));
  expect(stems.size).toBe(2);
  expect(left.filter((name) => stems.has(name.split('.')[0])).length).toBeGreaterThan(0);
  await app.store.close();
  // Asked only now: the living one's file was not touched by the other's opening or closing.
  living.child.send('ask');
  expect(await new Promise((resolve) => living.child.once('message', resolve))).toEqual([[500]]);
  await kill(living.child);
  const last = await openTestStore({ folder });
  await last.query('SELECT 1');
  await last.store.close();
  expect(files()).toEqual([]);
});

/** Processes whose command line names the folder: those that answer SQL for the stores in it. */
const answering = () =>
  readdirSync('/proc').filter((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(`"file":"${folder}`);
    } catch {
      return false;
    }
  });

test.runIf(process.platform === 'linux')(
  'a statement that runs does not outlive the server that was killed meanwhile',
  async () => {
    const { child } = await startStoring();
    const running = new Promise((resolve) => child.once('message', resolve));
    expect(answering()).toHaveLength(1);
    child.send('endless');
    await running;
    await kill(child);
    await expect.poll(answering, patient).toEqual([]);
  },
);

test.runIf(process.platform === 'linux')('the process that answers SQL gets no variable of the server', async () => {
  vi.stubEnv('CONNECTWISE_PRIVATE_KEY', 'a-key-of-the-server');
  onTestFinished(() => void vi.unstubAllEnvs());
  await using app = await openTestStore({ folder });
  await app.query('SELECT 1');
  const environments = answering().map((id) => readFileSync(`/proc/${id}/environ`, 'utf8').split('\0'));
  expect(environments).toHaveLength(1);
  const names = environments.flat().flatMap((line) => /^[^=]+/.exec(line)?.[0] ?? []);
  expect(names.filter((name) => !name.startsWith('NODE_CHANNEL_'))).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a process that is killed from outside is not said to need memory',
  async () => {
    await using app = await openTestStore({ folder, timeoutMs: 600_000 });
    const { name } = app.keep(Array.from({ length: 3_000 }, (_, id) => ({ id })));
    await app.query('SELECT 1');
    const running = app.query(`SELECT count(*) FROM ${name} a, ${name} b, ${name} c WHERE a.id + b.id < c.id`);
    const refused = expect(running).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('SIGKILL'),
    });
    const [id] = answering();
    process.kill(Number(id), 'SIGKILL');
    await refused;
    expect(await app.rows(`SELECT count(*) FROM ${name}`)).toEqual([[3_000]]);
  },
);

test('many stores that open at the same moment all work', async () => {
  const stores = await Promise.all(Array.from({ length: 5 }, () => openTestStore({ folder })));
  const tables = stores.map((app, index) => app.keep([{ id: index }]));
  const rows = await Promise.all(stores.map((app, index) => app.rows(`SELECT id FROM ${tables[index]?.name}`)));
  expect(rows).toEqual([[[0]], [[1]], [[2]], [[3]], [[4]]]);
  await Promise.all(stores.map((app) => app.store.close()));
  expect(files()).toEqual([]);
});

test('names of tables speak, count up, and start anywhere', async () => {
  await using app = await openTestStore({ random: () => 0.302 });
  const nouns = ['tickets', 'timeEntries', 'sqlite_x', '', 'Größe!', '4711'];
  expect(nouns.map((noun) => app.keep([], { noun }).name)).toEqual([
    'tickets_341',
    'time_entries_342',
    'rows_343',
    'rows_344',
    'gr_e_345',
    'rows_346',
  ]);
});
