import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { openPipeHere } from '../support/run-here.ts';
import { sandboxArguments } from '../support/spawn-every-tool.ts';
import { openPipe, type Session } from '../support/spawn-pipe.ts';

const debugging = (dataDir: string) => [...sandboxArguments(dataDir), '--log-level', 'debug'];
const count = (pipe: Session) => pipe.callText('execute_api_call', { path: '/service/tickets/count' });

test('the log file holds what stderr holds', async () => {
  using folder = makeFolder();
  await using pipe = await openPipe(debugging(folder.path));
  await count(pipe);
  pipe.closeStdin();
  await pipe.exit;
  const file = readFileSync(join(folder.path, 'logs', 'gateway.log'), 'utf8');
  expect(file).toContain('"tool":"execute_api_call"');
  expect(pipe.stderr()).toBe(file);
});

test('a client that closes stderr still gets answers', async () => {
  using folder = makeFolder();
  await using pipe = await openPipe(debugging(folder.path));
  pipe.closeStderr();
  for (let round = 0; round < 3; round++) expect(await count(pipe)).toMatch(/^COMPLETE/);
});

test('a log folder that cannot be made costs the log file only', async () => {
  using folder = makeFolder();
  writeFileSync(join(folder.path, 'logs'), 'a file where the folder should be');
  await using pipe = await openPipeHere(debugging(folder.path));
  for (let round = 0; round < 3; round++) expect(await count(pipe)).toMatch(/^COMPLETE/);
  pipe.closeStdin();
  await pipe.exit;
  expect(pipe.stderr().match(/no log file/g)).toHaveLength(1);
});

// Where the system has a file that is always full.
test.runIf(process.platform === 'linux')('a full disk costs the log file only', async () => {
  using folder = makeFolder();
  mkdirSync(join(folder.path, 'logs'));
  symlinkSync('/dev/full', join(folder.path, 'logs', 'gateway.log'));
  await using pipe = await openPipeHere(debugging(folder.path));
  for (let round = 0; round < 3; round++) expect(await count(pipe)).toMatch(/^COMPLETE/);
  pipe.closeStdin();
  await pipe.exit;
  expect(pipe.stderr().match(/no log file/g)).toHaveLength(1);
});
