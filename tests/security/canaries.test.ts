import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCallTool } from '../../src/server/call-tool.ts';
import { runScript } from '../questions/run-script.ts';
import { scripts } from '../questions/scripts.ts';
import { connect, type Reply } from '../support/connect.ts';
import { makeFolder } from '../support/folders.ts';
import { collect, exitOf, patient, runProgram, spawnProgram } from '../support/spawn.ts';
import { openPipe, type Pipe } from '../support/spawn-pipe.ts';
import { authorization, filesBelow, forms, foundIn, keys, leaksBelow } from './canaries.ts';
import { failures, type LeakyConnectWise, openLeakyConnectWise, silent } from './leaky-connectwise.ts';

// One long session against a ConnectWise that gives back the credentials in every answer; then every byte that the
// program wrote is looked through for them, in every form.

const folder = makeFolder();
const at = (name: string) => join(folder.path, name);
const now = '2026-03-10T15:00:00Z';
/** Ends what hangs; a busy machine may take as long. */
const long = 300_000;
let site: LeakyConnectWise;
let pipe: Pipe;
const printed: string[] = [];

beforeAll(async () => {
  site = await openLeakyConnectWise();
  for (const name of ['temporary', 'downloads', 'home']) mkdirSync(at(name));
  pipe = await openPipe(
    [
      '--data-dir',
      at('data'),
      '--download-dir',
      at('downloads'),
      '--audit-file',
      at('audit.jsonl'),
      '--now',
      now,
      '--log-level',
      'debug',
    ],
    { environment: environment() },
  );
});
afterAll(async () => {
  await pipe[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const environment = () => ({
  ...site.environment,
  TMPDIR: at('temporary'),
  HOME: at('home'),
  CONNECTWISE_TIMEZONE: 'UTC',
});

async function call(tool: string, given: Record<string, unknown> = {}): Promise<Reply> {
  const { result } = await pipe.callTool(tool, given);
  return { text: result.content[0].text, data: result.structuredContent, isError: result.isError === true };
}
const api = (path: string, more: Record<string, unknown> = {}) => call('execute_api_call', { path, ...more });

/** Runs a command of the terminal with the same settings; all that it prints is kept. */
async function run(...words: string[]) {
  const finished = await runProgram([...words, '--data-dir', at('data'), '--now', now], { environment: environment() });
  printed.push(finished.stdout, finished.stderr);
  return finished;
}

describe('a full run against a ConnectWise that leaks', () => {
  test(
    'the thirty questions, by their scripts',
    async () => {
      for (const script of scripts) await runScript({ call }, script);
    },
    long,
  );

  test(
    'every kind of failure',
    async () => {
      const codes: string[] = [];
      for (const path of failures) codes.push((await api(`/procurement/${path}`)).text.split(':')[0] ?? '');
      // With a limit of its own: all else may take as long as a busy machine needs.
      const limit = ['--timeout', '2', '--log-level', 'debug', '--json'];
      const { stderr } = await run('call', 'GET', silent, ...limit);
      codes.push(/"code":"(\w+)"/.exec(stderr)?.[1] ?? '');
      expect(codes).toEqual(
        expect.arrayContaining([
          'credentials_rejected',
          'permission_denied',
          'connectwise_failed',
          'unreadable_answer',
          'request_rejected',
          'timed_out',
        ]),
      );
      await api('/no/such');
      await api('/service/tickets/999999');
      await api('/gateway/status');
    },
    long,
  );

  test(
    'changes that are prepared, sent, refused and undone',
    async () => {
      const prepared = await api('/service/tickets/1001', {
        method: 'PATCH',
        data: { summary: 'Canary', owner: 'jmarsh' },
      });
      const sent = await call('confirm_api_write', { change_id: prepared.data.change_id });
      expect(sent.text).toMatch(/^SENT/);
      const made = await api('/company/companies', {
        method: 'POST',
        data: { name: 'Canary Ltd', identifier: 'canary1' },
      });
      await call('confirm_api_write', { change_id: made.data?.change_id ?? 'none' });
      const gone = await api('/service/tickets/1002', { method: 'DELETE' });
      await call('confirm_api_write', { change_id: gone.data.change_id });
      const many = await api('/service/tickets/{id}', {
        method: 'PATCH',
        for_each: [1003, 1004],
        data: { summary: 'Both' },
      });
      await call('confirm_api_write', { change_id: many.data.change_id });
      const undo = await api('/gateway/changes/1/undo', { method: 'POST' });
      await call('confirm_api_write', { change_id: undo.data?.change_id ?? 'none' });
      for (const number of [1, 2, 3, 4]) await api(`/gateway/changes/${number}`);
    },
    long,
  );

  test(
    'tables, exports and files',
    async () => {
      const { text } = await api('/company/contacts', { params: { pageSize: 50 } });
      const [table] = /contacts_\d+/.exec(text) ?? [];
      for (const format of ['csv', 'json']) await call('save_file', { sql: `SELECT * FROM ${table}`, format });
      const rows = await call('query_results', {
        sql: `SELECT id, echo, password, notes, _record FROM ${table} LIMIT 2`,
      });
      expect(rows.text).toContain('[redacted]');
      const documents = await api('/system/documents', { params: { recordType: 'Ticket', recordId: 1001 } });
      expect(documents.isError).toBe(false);
      for (const number of [1, 2, 3]) await api(`/system/documents/${number}/download`);
      expect(filesBelow(at('downloads')).length).toBeGreaterThan(1);
    },
    long,
  );

  test(
    'keys given as arguments to every tool, and in messages that are broken',
    async () => {
      for (const form of [keys.CONNECTWISE_PRIVATE_KEY, authorization, keys.CONNECTWISE_CLIENT_ID]) {
        await api('/service/tickets', { params: { conditions: `summary contains '${form}'` } });
        await api('/service/tickets/1005', { method: 'PATCH', data: { summary: form } });
        await call('save_to_fast_memory', { path: '/service/boards', description: form });
        await call('save_to_fast_memory', {
          path: '/service/boards',
          description: 'Boards',
          params: { conditions: `name='${form}'` },
        });
        await call('run_fast_memory', { query: 'client-open-tickets', arguments: { company: form } });
        await call('query_results', { sql: `SELECT '${form}'` });
        await call('natural_language_api_search', { query: form });
        await call('send_raw_api_request', { raw_request: `GET /service/tickets?conditions=summary='${form}'` });
        await pipe.callTool(form);
        await pipe.request('prompts/get', { name: form, arguments: { [form]: form } });
        pipe.write(`{"jsonrpc":"2.0","id":"x","${form}\n${form}\n{"jsonrpc":"2.0","id":{"${form}":1}}\n`);
        pipe.write(`${JSON.stringify({ jsonrpc: '2.0', id: form, result: { a: form } })}\n`);
      }
      expect((await call('save_to_fast_memory', { path: '/service/boards', description: 'Boards' })).text).toMatch(
        /^SAVED/,
      );
    },
    long,
  );

  test(
    'the commands of the terminal',
    async () => {
      await run('doctor');
      await run('doctor', '--json');
      await run('memory', 'list', '--json');
      await run('memory', 'export', at('shared.json'));
      await run('memory', 'run', 'client-open-tickets', '--arg', 'company=Silverline');
      await run('memory', 'import', at('no such file'));
      await run('changes', 'list', '--json');
      await run('changes', 'show', '1');
      // A server whose certificate is none: TLS to a port that speaks plain HTTP.
      const other = {
        ...environment(),
        CONNECTWISE_API_URL: site.environment.CONNECTWISE_API_URL?.replace('http:', 'https:') ?? '',
      };
      printed.push(
        JSON.stringify(await runProgram(['doctor', '--json', '--data-dir', at('data')], { environment: other })),
      );
    },
    long,
  );
});

describe('what the run left', () => {
  test('the keys and secrets were there to be leaked', () => {
    const sent = site.sent.join('\n');
    expect(site.sent.length).toBeGreaterThan(200);
    for (const form of [
      keys.CONNECTWISE_CLIENT_ID,
      keys.CONNECTWISE_PUBLIC_KEY,
      keys.CONNECTWISE_PRIVATE_KEY,
      authorization.slice(6),
    ])
      expect(sent).toContain(form);
    expect(foundIn(sent)).toContain('RecordPassword5521');
    expect(forms.length).toBeGreaterThan(20);
  });

  test('no file that the running program keeps holds one: tables, journal, Fast Memory, log, exports, audit', async () => {
    const files = filesBelow(folder.path).map((file) => file.slice(folder.path.length + 1));
    for (const name of [
      /answers-\w+\.db$/,
      /changes\.db$/,
      /fast_memory\.db$/,
      /gateway\.log$/,
      /downloads.*\.csv$/,
      /audit\.jsonl$/,
      /shared\.json$/,
    ])
      expect(
        files.some((file) => name.test(file)),
        String(name),
      ).toBe(true);
    expect(leaksBelow(folder.path)).toEqual([]);
  });

  test('nothing that was answered, logged or printed holds one, nor a file that stays', async () => {
    pipe.closeStdin();
    expect(await pipe.exit).toEqual({ code: 0, signal: null });
    expect(foundIn(pipe.lines.join('\n'))).toEqual([]);
    expect(foundIn(pipe.stderr())).toEqual([]);
    expect(foundIn(printed.join('\n'))).toEqual([]);
    expect(leaksBelow(folder.path)).toEqual([]);
    expect(pipe.stderr().length).toBeGreaterThan(10_000);
  });
});

test('a defect whose text holds a key leaves an id in the reply, and no key in the log', async () => {
  await using app = await connect({
    environment: { ...keys, CONNECTWISE_SANDBOX: 'false', CONNECTWISE_API_URL: 'http://127.0.0.1:9' },
  });
  const broken = () => Promise.reject(new Error(`headers ${authorization} of ${keys.CONNECTWISE_PUBLIC_KEY}`));
  const { redact, blankKeys } = app.gateway;
  const context = { ...app.gateway.context, catalog: broken };
  const callTool = createCallTool({ context, redact, blankKeys, randomId: () => 'id' });
  const signal = new AbortController().signal;
  const reply = await callTool('list_api_categories', {}, { signal, progress: () => undefined });
  await app.gateway.close();
  expect(JSON.stringify(reply)).toMatch(/internal: /);
  expect(app.log.join('')).toMatch(/\[redacted\].*a tool failed/);
  expect(foundIn(JSON.stringify(reply) + app.log.join(''))).toEqual([]);
  expect(leaksBelow(app.dataDir)).toEqual([]);
});

test('the sandbox on a port keeps and prints nothing of the keys that it is sent', async () => {
  using own = makeFolder();
  const file = join(own.path, 'sandbox.db');
  const child = spawnProgram(['sandbox', '--port', '0', '--data', file, '--data-dir', own.path]);
  const [stdout, stderr, exit] = [collect(child.stdout), collect(child.stderr), exitOf(child)];
  await expect.poll(stdout, patient).toContain('http://');
  const [url] = /http:\/\/\S+/.exec(stdout()) ?? [];
  const headers = { authorization, clientid: keys.CONNECTWISE_CLIENT_ID };
  for (const path of [
    '/service/tickets',
    '/no/such',
    `/service/tickets?conditions=${encodeURIComponent(authorization)}`,
  ])
    await fetch(`${url}${path}`, { headers });
  child.kill('SIGTERM');
  await exit;
  expect(foundIn(stdout() + stderr())).toEqual([]);
  expect(filesBelow(own.path).length).toBeGreaterThan(0);
  expect(leaksBelow(own.path)).toEqual([]);
});

test('the search finds a key in each form, in any file', () => {
  using own = makeFolder();
  for (const [number, form] of forms.entries()) writeFileSync(join(own.path, `${number}.bin`), `\0\xff${form}\0`);
  expect(new Set(leaksBelow(own.path).map((leak) => leak.split(':')[0]?.slice(-8))).size).toBe(forms.length);
});
