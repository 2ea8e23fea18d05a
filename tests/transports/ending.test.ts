import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { closeTimeoutMs } from '../../src/cli/serve.ts';
import { makeFolder } from '../support/folders.ts';
import { openPipeHere } from '../support/run-here.ts';
import type { Exit } from '../support/spawn.ts';
import { patient } from '../support/spawn.ts';
import { sandboxArguments } from '../support/spawn-every-tool.ts';
import { openPipe, type Pipe } from '../support/spawn-pipe.ts';
import { openLocalServer } from '../support/spawn-server.ts';

const clean: Exit = { code: 0, signal: null };
const keys = {
  CONNECTWISE_COMPANY_ID: 'acme',
  CONNECTWISE_PUBLIC_KEY: 'public-key',
  CONNECTWISE_PRIVATE_KEY: 'private-key',
  CONNECTWISE_CLIENT_ID: '6f0ad7a0-6f0c-4e6e-9a3b-2f1c54c1f1aa',
};
const save = {
  path: '/service/boards',
  method: 'GET',
  description: 'Boards',
  params: { conditions: 'inactiveFlag=false' },
};

/** How a process ended, or that it does not. */
async function endOf({ exit }: Pipe): Promise<Exit | 'still running'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'still running'>((resolve) => {
    timer = setTimeout(() => resolve('still running'), patient.timeout);
  });
  try {
    return await Promise.race([exit, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Databases below a folder, each with what SQLite finds wrong with it. */
function checkDatabases(folder: string): Record<string, unknown> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.db'));
  return Object.fromEntries(
    files.map((name) => {
      const database = new DatabaseSync(join(folder, name), { readOnly: true });
      const [row] = database.prepare('PRAGMA integrity_check').all();
      database.close();
      return [name, row?.integrity_check];
    }),
  );
}

const endings: [string, (pipe: Pipe) => void][] = [['stdin closes', (pipe) => pipe.closeStdin()]];
// Windows has no signals: there they end a process as SIGKILL does.
if (process.platform !== 'win32') {
  endings.push(['SIGTERM comes', (pipe) => pipe.kill('SIGTERM')]);
  endings.push(['SIGINT comes', (pipe) => pipe.kill('SIGINT')]);
}

test('open requests get less time to end than hosts grant before they kill: three seconds', () => {
  expect(closeTimeoutMs).toBeLessThan(2_500);
});

test.each(endings)('the server ends at once when %s before anything was asked', async (_name, end) => {
  using folder = makeFolder();
  await using pipe = await openPipe(sandboxArguments(folder.path));
  end(pipe);
  expect(await endOf(pipe)).toEqual(clean);
});

test.each(endings)('the server ends cleanly when %s while ConnectWise keeps a call waiting', async (_name, end) => {
  using folder = makeFolder();
  let asked = () => {};
  const reached = new Promise<void>((resolve) => {
    asked = resolve;
  });
  // Takes the request and never answers.
  await using site = await openLocalServer(() => asked());
  await using pipe = await openPipe(['serve', '--data-dir', folder.path], {
    // Longer than is waited for the end: a server that waits for ConnectWise is still running then.
    environment: { ...keys, CONNECTWISE_API_URL: site.url, CONNECTWISE_TIMEOUT_SECONDS: '600' },
  });
  expect(await pipe.callText('save_to_fast_memory', save)).toMatch(/^SAVED/);
  pipe.send('tools/call', { name: 'execute_api_call', arguments: { path: '/service/tickets/1', params: {} } });
  await reached;
  end(pipe);
  expect(await endOf(pipe)).toEqual(clean);
  expect(checkDatabases(folder.path)).toEqual({ 'fast_memory.db': 'ok' });
});

test.each(endings)('nothing that was acknowledged is lost when %s in the middle of many writes', async (_name, end) => {
  using folder = makeFolder();
  let saved = 0;
  {
    await using pipe = await openPipe(sandboxArguments(folder.path));
    for (let number = 1; number <= 40; number++) {
      const params = { conditions: `id=${number}` };
      void pipe.callTool('save_to_fast_memory', { ...save, description: `Board ${number}`, params }).then(
        () => {
          saved += 1;
          if (saved === 10) end(pipe);
        },
        () => undefined,
      );
    }
    expect(await endOf(pipe)).toEqual(clean);
  }
  expect(saved).toBeGreaterThanOrEqual(10);
  expect(checkDatabases(folder.path)).toEqual({ [join('sandbox', 'fast_memory.db')]: 'ok' });
  await using again = await openPipeHere(sandboxArguments(folder.path));
  const { result } = await again.callTool('list_fast_memory');
  expect(result.structuredContent.total).toBeGreaterThanOrEqual(saved);
});

test('a client that stops reading and goes away ends the server too', async () => {
  using folder = makeFolder();
  await using pipe = await openPipe([...sandboxArguments(folder.path), '--log-level', 'debug']);
  for (let number = 0; number < 20; number++)
    pipe.send('tools/call', { name: 'execute_api_call', arguments: { path: '/service/tickets', params: {} } });
  pipe.destroy();
  expect(await endOf(pipe)).toEqual(clean);
});
