import { readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { runProgram } from '../support/spawn.ts';

test('the demo shows a whole session, plain in a pipe, and leaves nothing behind', async () => {
  using folder = makeFolder();
  using temporary = makeFolder();
  // As on a machine where nothing is set, and where the settings of another program are wrong.
  const { code, stdout, stderr } = await runProgram(['demo'], {
    environment: {
      ...{ HOME: folder.path, USERPROFILE: folder.path },
      ...{ TMPDIR: temporary.path, TEMP: temporary.path, TMP: temporary.path },
    },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const steps = [
    '> natural_language_api_search',
    'GET /service/tickets',
    '> get_api_endpoint_details',
    '> execute_api_call {"path":"/service/tickets","params"',
    'COMPLETE: ',
    '> execute_api_call {"path":"/service/tickets","method":"POST"',
    'NOT SENT',
    '> confirm_api_write',
    'SENT: POST /service/tickets made ',
    '"method":"PATCH"',
    'NOT SENT',
    '> confirm_api_write',
    'SENT: PATCH',
    '> save_to_fast_memory',
    'SAVED as query 1',
    'FILTERED by saved query 1',
  ];
  let from = 0;
  for (const step of steps) {
    const at = stdout.indexOf(step, from);
    expect(at, `${step} comes in its place:\n${stdout}`).toBeGreaterThanOrEqual(0);
    from = at + step.length;
  }
  expect(stdout).toBe(stripVTControlCharacters(stdout));
  expect(stdout).not.toMatch(/^\| (internal|invalid_\w+):/m);
  expect(readdirSync(temporary.path)).toEqual([]);
  expect(readdirSync(folder.path)).toEqual([]);
});

test('colours come when asked for, and NO_COLOR wins', async () => {
  const forced = await runProgram(['demo'], { environment: { FORCE_COLOR: '1' } });
  expect(forced.stdout).not.toBe(stripVTControlCharacters(forced.stdout));
  const both = await runProgram(['demo'], { environment: { FORCE_COLOR: '1', NO_COLOR: '1' } });
  expect(both.stdout).toBe(stripVTControlCharacters(both.stdout));
});

test('sandbox on a port that is taken says so: exit 2', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const { code, stdout, stderr } = await runProgram(['sandbox', '--port', String(port)]);
  taken.close();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`port ${port}`);
  expect(stderr).toMatch(/in use/);
});
