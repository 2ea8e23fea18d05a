import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { listPrompts } from '../../src/server/prompts.ts';
import { testNow } from '../support/connect.ts';
import { makeFolder } from '../support/folders.ts';
import { builtProgram, cleanEnvironment, collect, exitOf, type Finished } from '../support/spawn.ts';
import { toolNames } from '../support/spawn-every-tool.ts';

const inspector = join(
  import.meta.dirname,
  'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);
const folder = makeFolder();
afterAll(() => folder[Symbol.dispose]());

/** What the Inspector says of one request to the built program, which it starts itself. */
async function inspect(era: string, method: string, ...more: string[]): Promise<Finished> {
  // As variables: the Inspector reads a flag --log-level as its own, wherever it is.
  const settings = { SANDBOX: 'true', NOW: testNow, DATA_DIR: join(folder.path, 'data'), LOG_LEVEL: 'warn' };
  const variables = Object.entries(settings).flatMap(([name, value]) => ['-e', `CONNECTWISE_${name}=${value}`]);
  const program = [process.execPath, builtProgram];
  const asked = [...variables, '--method', method, ...more, '--protocol-era', era, '--format', 'json', '--quiet'];
  // It keeps a file of its own in the user's folder.
  const env = cleanEnvironment({ HOME: folder.path, USERPROFILE: folder.path });
  const child = spawn(process.execPath, [inspector, '--cli', ...program, ...asked], { env });
  child.stdin.end();
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const exit = await exitOf(child);
  return { ...exit, stdout: stdout(), stderr: stderr() };
}

const resultOf = ({ stdout }: Finished) => JSON.parse(stdout).result;

describe.each(['legacy', 'modern'])('the Inspector, as a client of the %s protocol,', (era) => {
  test('lists the tools, and its linter has neither an error nor a warning', async () => {
    const listed = await inspect(era, 'tools/list', '--strict');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(resultOf(listed).tools.map(({ name }: { name: string }) => name)).toEqual(toolNames);
  });

  test('lists the prompts, and no resources', async () => {
    const { prompts } = resultOf(await inspect(era, 'prompts/list'));
    expect(prompts.map(({ name }: { name: string }) => name)).toEqual(listPrompts().map(({ name }) => name));
    expect(resultOf(await inspect(era, 'resources/list')).resources).toEqual([]);
  });

  test('gets a prompt with its argument', async () => {
    const got = await inspect(
      era,
      'prompts/get',
      '--prompt-name',
      'board_health',
      '--prompt-args',
      'board=Service Desk',
    );
    expect(resultOf(got).messages[0].content.text).toContain('Service Desk');
  });

  test('calls a tool', async () => {
    const given = { path: '/service/tickets', params: { fields: 'id', pageSize: 2 } };
    const called = await inspect(
      era,
      'tools/call',
      '--tool-name',
      'execute_api_call',
      '--tool-args-json',
      JSON.stringify(given),
    );
    expect(called).toMatchObject({ code: 0, stderr: '' });
    expect(resultOf(called).structuredContent.table).toMatchObject({ columns: ['id'], rows: [[1001], [1002]] });
  });

  test('finds a failed call to be one', async () => {
    const failed = await inspect(era, 'tools/call', '--tool-name', 'search_api_endpoints', '--tool-args-json', '{}');
    expect(failed.code).toBe(5);
    expect(resultOf(failed).content[0].text).toMatch(/^invalid_argument: .*query/);
  });
});

test('the linter would find what is wrong', async () => {
  // It prints nothing for a server without faults; that it ran is shown by a server with one.
  const faulty = join(import.meta.dirname, 'faulty-server-process.ts');
  const child = spawn(
    process.execPath,
    [inspector, '--cli', process.execPath, '--import', 'tsx', faulty, '--method', 'tools/list', '--strict', '--quiet'],
    { env: cleanEnvironment({ HOME: folder.path, USERPROFILE: folder.path }) },
  );
  child.stdin.end();
  const stderr = collect(child.stderr);
  expect((await exitOf(child)).code).toBe(6);
  expect(stderr()).toMatch(/1 error/);
});
