import { expect, test } from 'vitest';
import { makeFolder } from '../support/folders.ts';
import { openPipeHere, runHere } from '../support/run-here.ts';
import { openWatchedSandbox } from '../support/watched-sandbox.ts';

test('the terminal lists, shows and undoes what a session changed', async () => {
  using folder = makeFolder();
  const settings = ['--sandbox', '--data-dir', folder.path, '--log-level', 'error'];
  let changeId = '';
  {
    await using pipe = await openPipeHere(['serve', ...settings]);
    const call = { method: 'POST', path: '/service/tickets', data: { summary: 'Server down', company: { id: 2 } } };
    const { result } = await pipe.callTool('execute_api_call', call);
    changeId = result.structuredContent.change_id;
    expect(await pipe.callText('confirm_api_write', { change_id: changeId })).toMatch(/^SENT/);
    await pipe.callTool('execute_api_call', { ...call, data: { ...call.data, summary: 'Not wanted' } });
  }
  const changes = (...words: string[]) => runHere(['changes', ...words, ...settings]);
  const line = /^ +1 {2}\S+ {2}sent {6}New ticket: summary 'Server down'.* {2}\/service\/tickets\/\d+\n/;
  expect((await changes('list')).stdout).toMatch(line);
  expect((await changes('list', '--day', 'yesterday')).stdout).toBe('No changes.\n');
  const discarded = await changes('discard', '2');
  expect(discarded).toMatchObject({ code: 0, stdout: 'Discarded: it cannot be sent any more.\n' });
  expect((await changes('list', '--state', 'discarded')).stdout).toMatch(/^ +2 .* discarded .*Not wanted/);
  expect(await changes('discard', '1')).toMatchObject({ code: 1, stderr: expect.stringContaining('was sent at') });
  const shown = JSON.parse((await changes('show', '1')).stdout);
  expect(shown).toMatchObject({ change_id: changeId, state: 'sent', status: 201 });
  // The sandbox of another process does not have the ticket; that the command looks for it is enough.
  expect((await changes('undo', changeId)).stderr).toMatch(/was not found|not found/i);
  expect(await changes('undo')).toMatchObject({ code: 2, stderr: expect.stringContaining('needs the id') });
  expect(await changes('redo')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('list, show, undo, discard'),
  });
});

test('a change of many records is undone completely, each record once', async () => {
  using folder = makeFolder();
  await using site = await openWatchedSandbox();
  const { environment } = site;
  const settings = ['--data-dir', folder.path, '--log-level', 'error'];
  let changeId = '';
  {
    await using pipe = await openPipeHere(['serve', ...settings], { environment });
    const { result: found } = await pipe.callTool('execute_api_call', {
      path: '/service/tickets',
      params: { conditions: "closedFlag=false and priority/name!='Low'", fields: 'id', pageSize: '3' },
    });
    const ids = found.structuredContent.table.rows.flat();
    const low = { method: 'PATCH', path: '/service/tickets/{id}', for_each: ids, data: { priority: { name: 'Low' } } };
    const { result } = await pipe.callTool('execute_api_call', low);
    changeId = result.structuredContent.change_id;
    expect(await pipe.callText('confirm_api_write', { change_id: changeId })).toMatch(/^SENT: 3 sent of 3 records/);
  }
  const before = site.writes().length;
  const undo = (...words: string[]) => runHere(['changes', 'undo', changeId, ...words, ...settings], { environment });
  expect(await undo()).toMatchObject({ code: 4, stdout: expect.stringContaining('NOT SENT. The same with --yes') });
  expect(site.writes()).toHaveLength(before);
  const { code, stdout } = await undo('--yes', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).outcome).toBe('SENT: 3 sent of 3 records.');
  expect(site.writes()).toHaveLength(before + 3);
});
