import { expect, test } from 'vitest';
import { makeFolder, runProgram } from '../support/spawn.ts';
import { openPipe } from '../support/spawn-pipe.ts';

test('the terminal lists, shows and takes back what a session changed', async () => {
  using folder = makeFolder();
  const settings = ['--sandbox', '--data-dir', folder.path, '--log-level', 'error'];
  let changeId = '';
  {
    await using pipe = await openPipe(['serve', ...settings]);
    const call = { method: 'POST', path: '/service/tickets', data: { summary: 'Server down', company: { id: 2 } } };
    const { result } = await pipe.callTool('execute_api_call', call);
    changeId = result.structuredContent.change_id;
    expect(await pipe.callText('confirm_api_write', { change_id: changeId })).toMatch(/^SENT/);
  }
  const changes = (...words: string[]) => runProgram(['changes', ...words, ...settings]);
  expect((await changes('list')).stdout).toMatch(/^ +1 {2}\S+ {2}sent {6}New ticket: summary 'Server down'/);
  const shown = JSON.parse((await changes('show', '1')).stdout);
  expect(shown).toMatchObject({ change_id: changeId, state: 'sent', status: 201 });
  // The sandbox of another process has not got the ticket, so nothing can be read; that it is looked for is enough.
  expect((await changes('undo', changeId)).stderr).toMatch(/was not found|not found/i);
  expect(await changes('undo')).toMatchObject({ code: 2, stderr: expect.stringContaining('needs the id') });
  expect(await changes('redo')).toMatchObject({ code: 2, stderr: expect.stringContaining('list, show, undo') });
});
