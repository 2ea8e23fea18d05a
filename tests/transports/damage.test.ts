import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { openPipeHere, runHere } from '../support/run-here.ts';
import { sandboxArguments } from '../support/spawn-every-tool.ts';
import { openPipe } from '../support/spawn-pipe.ts';

test('a damaged Fast Memory is set aside, which is reported, and a new one is started', async () => {
  using folder = makeFolder();
  const sandbox = join(folder.path, 'sandbox');
  mkdirSync(sandbox);
  writeFileSync(join(sandbox, 'fast_memory.db'), 'no database at all '.repeat(500));
  await using pipe = await openPipeHere(sandboxArguments(folder.path));
  const [, kept = ''] = /the old file is kept as (.*\.db)/.exec(await pipe.callText('list_fast_memory')) ?? [];
  expect(readdirSync(sandbox).map((name) => join(sandbox, name))).toContain(kept);
  const status = await pipe.callText('execute_api_call', { path: '/gateway/status' });
  expect(status).toMatch(/check: Fast Memory, state: warning/);
  const saved = await pipe.callText('save_to_fast_memory', {
    path: '/service/boards',
    method: 'GET',
    description: 'Boards',
    params: { pageSize: 1 },
  });
  expect(saved).toMatch(/^SAVED/);
  pipe.closeStdin();
  await pipe.exit;
  expect(pipe.stderr()).toContain('Fast Memory was damaged');
});

test('a catalog that is missing is named at each call; once it is there, the same process uses it', async () => {
  using folder = makeFolder();
  await using pipe = await openPipeHere([...sandboxArguments(folder.path), '--catalog', join(folder.path, 'mine.db')]);
  const search = () => pipe.callText('search_api_endpoints', { query: 'tickets' });
  expect(await search()).toMatch(/^catalog_missing: .*mine\.db/);
  expect(await pipe.callText('execute_api_call', { path: '/service/tickets' })).toMatch(/^catalog_missing: /);

  const definition = join(folder.path, 'manage.json');
  const get = { responses: { 200: { description: 'ok' } } };
  writeFileSync(
    definition,
    JSON.stringify({ openapi: '3.0.1', info: { version: '2099.1' }, paths: { '/service/tickets': { get } } }),
  );
  const { stdout } = await runHere(['build-database', definition, '--data-dir', join(folder.path, 'build')]);
  const [, built = ''] = /\n(.*\.db)\n/.exec(stdout) ?? [];
  copyFileSync(built, join(folder.path, 'mine.db'));
  expect(await search()).toContain('GET /service/tickets');
});

test('a line larger than the protocol library reads ends the server cleanly, and the log says why', async () => {
  using folder = makeFolder();
  await using pipe = await openPipe(sandboxArguments(folder.path));
  pipe.write(`{"jsonrpc":"2.0","id":9,"method":"ping","params":{"x":"${'x'.repeat(11_000_000)}`);
  expect(await pipe.exit).toEqual({ code: 0, signal: null });
  expect(pipe.stderr()).toContain('exceeded maximum size');
});

test('so it does while calls are in progress and other processes run', async () => {
  using folder = makeFolder();
  await using pipe = await openPipe(sandboxArguments(folder.path));
  const given = { path: '/service/tickets', all_pages: true, sql: 'select count(*) n from it' };
  expect(await pipe.callText('execute_api_call', given)).toMatch(/^COMPLETE/);
  pipe.send('tools/call', { name: 'execute_api_call', arguments: given });
  pipe.write(`{"jsonrpc":"2.0","id":9,"method":"ping","params":{"x":"${'x'.repeat(11_000_000)}`);
  expect(await pipe.exit).toEqual({ code: 0, signal: null });
});

test('a call that the client gives up gets no reply, and the next is answered', async () => {
  using folder = makeFolder();
  await using pipe = await openPipeHere(sandboxArguments(folder.path));
  const id = pipe.send('tools/call', { name: 'execute_api_call', arguments: { path: '/service/tickets', params: {} } });
  pipe.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } })}\n`);
  expect(await pipe.callText('execute_api_call', { path: '/service/tickets/count', params: {} })).toMatch(/^COMPLETE/);
  expect(pipe.lines.filter((line) => JSON.parse(line).id === id)).toEqual([]);
});

test.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
  'the handshake of version %s is accepted',
  async (version) => {
    using folder = makeFolder();
    await using pipe = await openPipeHere(sandboxArguments(folder.path), {}, version);
    expect(JSON.parse(pipe.lines[0] ?? '').result.protocolVersion).toBe(version);
    expect(await pipe.callText('search_api_endpoints', { query: 'tickets' })).toContain('/service/tickets');
  },
);

test('settings files with a byte order mark are read', async () => {
  using folder = makeFolder();
  writeFileSync(join(folder.path, 'config.json'), '\ufeff{"companyId": "acme", "timeoutSeconds": 20}');
  const { stdout } = await runHere(['doctor', '--data-dir', folder.path]);
  expect(stdout).toContain('CONNECTWISE_COMPANY_ID = acme (file)');
});
