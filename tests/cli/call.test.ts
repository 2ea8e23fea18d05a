import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { connect, testNow } from '../support/connect.ts';
import { makeFolder } from '../support/folders.ts';
import { runHere } from '../support/run-here.ts';
import { collect, exitOf, spawnProgram } from '../support/spawn.ts';
import { openLocalServer } from '../support/spawn-server.ts';
import { openWatchedSandbox } from '../support/watched-sandbox.ts';

const settings = (dataDir: string) => ['--sandbox', '--data-dir', dataDir, '--now', testNow, '--timezone', 'UTC'];
const call = (dataDir: string, ...words: string[]) => runHere(['call', ...words, ...settings(dataDir)]);
const open = ['--param', 'conditions=closedFlag=false'];

test('rows go to stdout only, with the columns and in the order asked for', async () => {
  using folder = makeFolder();
  const run = await call(folder.path, 'get', 'service/tickets', ...open, '--fields', 'summary,id,company/name');
  expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(/^COMPLETE: \d+ rows\.\n$/) });
  const lines = run.stdout.trimEnd().split('\r\n');
  // No byte order mark: the next program in a pipe would take it as part of the first name.
  expect(lines[0]).toBe('summary,id,company_name');
  expect(lines).toHaveLength(Number(/\d+/.exec(run.stderr)?.[0]) + 1);
});

test('custom fields, arrays and _info are columns where fields names them, and where no row fills them', async () => {
  using folder = makeFolder();
  const fields = ['--fields', 'id,types,customFields,_info/dateEntered,parentCompany/name', '--param', 'pageSize=2'];
  const { stdout } = await call(folder.path, 'GET', '/company/companies', ...fields);
  expect(stdout.trimEnd().split('\r\n')).toEqual([
    'id,types,cf_Account_tier,_info_dateEntered,parentCompany_name',
    '1,Managed Client,Bronze,2023-06-24T15:00:00Z,',
    '2,Client,Gold,2020-07-01T15:00:00Z,',
  ]);
  const items = ['--fields', 'communicationItems', '--param', 'conditions=id=1', '--format', 'json'];
  expect(JSON.parse((await call(folder.path, 'GET', '/company/contacts', ...items)).stdout)).toEqual([
    { communicationItems: 'Email: alice.adler@harborviewdental.example, Direct: 5595550187' },
  ]);
  const whole = await call(folder.path, 'GET', '/company/companies', '--param', 'pageSize=2');
  const head = whole.stdout.split('\r\n')[0]?.split(',');
  expect(
    head?.filter((name) => /^(_info_)?(dateEntered|lastUpdated)$|^parentCompany_name$|_record/.test(name)),
  ).toEqual(['parentCompany_name', 'lastUpdated', 'dateEntered']);
});

test('a list and one record have the same types in JSON', async () => {
  using folder = makeFolder();
  const list = ['--param', 'conditions=id=1595', '--fields', 'id,closedFlag', '--format', 'json'];
  expect(JSON.parse((await call(folder.path, 'GET', '/service/tickets', ...list)).stdout)).toEqual([
    { id: 1595, closedFlag: false },
  ]);
  const record = await call(folder.path, 'GET', '/service/tickets/1595', '--fields', 'id,closedFlag');
  expect(JSON.parse(record.stdout)).toEqual({ id: 1595, closedFlag: false });
});

test('calendar days are days in every format, west of Greenwich too', async () => {
  using folder = makeFolder();
  const words = ['GET', '/time/sheets', '--fields', 'id,dateStart', '--timezone', 'America/New_York'];
  const run = (...more: string[]) =>
    runHere(['call', ...words, '--sandbox', '--data-dir', folder.path, '--now', testNow, ...more]);
  const csv = await run();
  expect(csv.stdout).toMatch(/^id,dateStart\r\n(\d+,\d{4}-\d\d-\d\d\r\n)+$/);
  const json = JSON.parse((await run('--format', 'json')).stdout) as { id: number; dateStart: string }[];
  expect(json[0]?.dateStart).toMatch(/^\d{4}-\d\d-\d\d$/);
  const rows = JSON.parse((await run('--format', 'json', '--sql', 'select dateStart from it limit 1')).stdout);
  expect(rows).toEqual([{ dateStart: json[0]?.dateStart }]);
});

test('a partial list says so and has its own exit status', async () => {
  using folder = makeFolder();
  const page = await call(folder.path, 'GET', '/service/tickets', '--param', 'pageSize=3', '--fields', 'id');
  expect(page).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^PARTIAL: 3 of 600 rows; one page was read\.\n/),
  });
  expect(page.stdout.trimEnd().split('\r\n')).toHaveLength(4);
  const all = await call(folder.path, 'GET', '/service/tickets', '--param', 'pageSize=100', '--fields', 'id', '--all');
  expect(all).toMatchObject({ code: 0, stderr: expect.stringMatching(/^COMPLETE: 600 rows/) });
  expect(all.stdout.trimEnd().split('\r\n')).toHaveLength(601);
  const most = await call(folder.path, 'GET', '/service/tickets', '--all', '--max-records', '7', '--format', 'json');
  expect(most.code).toBe(3);
  expect(JSON.parse(most.stdout)).toHaveLength(7);
});

test('a statement over the rows returns its result, also over no rows', async () => {
  using folder = makeFolder();
  const sql = ['--sql', 'select count(*) as n from it', '--format', 'json', '--all'];
  const some = await call(folder.path, 'GET', '/service/tickets', ...sql);
  expect(JSON.parse(some.stdout)).toEqual([{ n: 600 }]);
  const none = await call(folder.path, 'GET', '/service/tickets', '--param', 'conditions=id<0', ...sql);
  expect(none).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^COMPLETE: 0 rows\. The query returned 1/),
  });
  expect(JSON.parse(none.stdout)).toEqual([{ n: 0 }]);
});

test('a record is printed whole, however long; a count and the status of the gateway as JSON', async () => {
  using folder = makeFolder();
  const { stdout } = await call(folder.path, 'GET', '/company/companies/2');
  expect(JSON.parse(stdout)).toMatchObject({ id: 2, name: expect.any(String) });
  expect(JSON.parse((await call(folder.path, 'GET', '/service/tickets/count')).stdout)).toEqual({ count: 600 });
  expect(JSON.parse((await call(folder.path, 'GET', '/gateway/status')).stdout)).toHaveProperty('checks');
});

test('a file that is returned is saved where --output says, and nowhere else', async () => {
  using folder = makeFolder();
  using other = makeFolder();
  const downloads = ['--download-dir', folder.path];
  const kept = await call(folder.path, 'GET', '/finance/invoices/1/pdf', ...downloads);
  expect(kept.stdout).toBe(`${join(folder.path, 'Invoice-20001.pdf')}\n`);
  const file = join(other.path, 'mine.pdf');
  const run = await call(folder.path, 'GET', '/finance/invoices/1/pdf', ...downloads, '--output', file);
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(`Written to ${file}.`) });
  expect(readFileSync(file)).toEqual(readFileSync(join(folder.path, 'Invoice-20001.pdf')));
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.pdf'))).toEqual(['Invoice-20001.pdf']);
  const lost = join(other.path, 'no such', 'mine.pdf');
  const failed = await call(folder.path, 'GET', '/finance/invoices/2/pdf', ...downloads, '--output', lost);
  const [saved = ''] = readdirSync(folder.path).filter((name) => name.endsWith('.pdf') && name !== 'Invoice-20001.pdf');
  expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(join(folder.path, saved)) });
  expect(readFileSync(join(folder.path, saved)).subarray(0, 4).toString()).toBe('%PDF');
  const asData = await call(folder.path, 'GET', '/finance/invoices/1/pdf', '--json', ...downloads, '--output', file);
  expect(JSON.parse(asData.stdout)).toMatchObject({ state: 'complete', file: { path: file } });
});

test('a table on a terminal has aligned columns and no more than its width', async () => {
  using folder = makeFolder();
  const fields = ['--fields', 'id,summary,status/name'];
  const { stdout } = await call(folder.path, 'GET', '/service/tickets', ...open, ...fields, '--format', 'table');
  const [head = '', rule = '', row = ''] = stdout.split('\n');
  expect(head).toMatch(/^ +id {2}summary +status_name$/);
  expect(rule).toMatch(/^-+ {2}-+ {2}-+$/);
  expect(row).toMatch(/^\d+ {2}\S/);
});

test('a change is shown, not sent, with its own exit status; --confirm sends it', async () => {
  using folder = makeFolder();
  const words = ['PATCH', '/service/tickets/1417', '--data', '{"priority": "Low"}'];
  const shown = await call(folder.path, ...words);
  expect(shown.code).toBe(4);
  expect(shown.stderr).toMatch(/^NOT SENT\.[\s\S]*The same with --confirm sends it\.\n$/);
  expect(shown.stdout).toMatch(/^Ticket 1417 .*Low\.\n[\s\S]*change id ticket-1417_priority-Low_\w{8}\n/);
  const journal = () => {
    const database = new DatabaseSync(join(folder.path, 'sandbox', 'changes.db'), { readOnly: true });
    const states = database.prepare('SELECT state, tool FROM changes ORDER BY number').all();
    database.close();
    return states.map((row) => ({ ...row }));
  };
  expect(journal()).toEqual([{ state: 'prepared', tool: 'call' }]);
  const sent = await call(folder.path, ...words, '--confirm', '--json');
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(sent.stdout)).toMatchObject({ state: 'sent', outcome: expect.stringMatching(/^SENT: PATCH/) });
  expect(journal().at(-1)).toEqual({ state: 'sent', tool: 'call' });
});

test.each<[string, string[], string]>([
  ['mode read-only', ['--mode', 'read-only'], 'read_only'],
  ['the policy', [], 'change_denied'],
])('%s holds, with --confirm too', async (_name, more, code) => {
  using folder = makeFolder();
  mkdirSync(join(folder.path, 'sandbox'));
  // With the line ends and the byte order mark that Windows editors write.
  writeFileSync(join(folder.path, 'sandbox', 'policy.json'), '\uFEFF{\r\n  "deny": ["PATCH /service/**"]\r\n}\r\n');
  const words = ['PATCH', '/service/tickets/1417', '--data', '{"priority": "Low"}', '--confirm', '--json', ...more];
  const { code: status, stdout, stderr } = await call(folder.path, ...words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(JSON.parse(stderr)).toMatchObject({ error: { code, exit_status: 1, hint: expect.any(String) } });
});

test('a body comes from a file or from standard input, with the line ends of Windows', async () => {
  using folder = makeFolder();
  const body = '\uFEFF{"summary": "Prüfung",\r\n "company": {"id": 2}}\r\n';
  const file = join(folder.path, 'körper 1.json');
  writeFileSync(file, body);
  const fromFile = await call(folder.path, 'POST', '/service/tickets', '--data', `@${file}`);
  expect(fromFile).toMatchObject({ code: 4, stdout: expect.stringContaining("New ticket: summary 'Prüfung'") });
  const child = spawnProgram(['call', 'POST', '/service/tickets', '--data', '-', ...settings(folder.path)]);
  const stdout = collect(child.stdout);
  child.stdin.end(body);
  expect((await exitOf(child)).code).toBe(4);
  expect(stdout()).toContain("New ticket: summary 'Prüfung'");
});

test('a file is written atomically, with the byte order mark that Excel needs, through a link, in the format of its extension', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'tickets.csv');
  const words = ['GET', '/service/boards', '--fields', 'id,name', '--output'];
  const run = await call(folder.path, ...words, file);
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(`Written to ${file}.`) });
  expect(readFileSync(file, 'utf8')).toMatch(/^\uFEFFid,name\r\n1,/);
  const link = join(folder.path, 'link.json');
  writeFileSync(join(folder.path, 'real.json'), 'old');
  symlinkSync(join(folder.path, 'real.json'), link);
  await call(folder.path, ...words, link);
  expect(JSON.parse(readFileSync(join(folder.path, 'real.json'), 'utf8'))[0]).toHaveProperty('name');
  await call(folder.path, ...words, join(folder.path, 'x.xlsx'));
  expect(readFileSync(join(folder.path, 'x.xlsx')).subarray(0, 2).toString()).toBe('PK');
  // Nothing but the files: no partial ones.
  expect(readdirSync(folder.path).sort()).toEqual(['link.json', 'real.json', 'sandbox', 'tickets.csv', 'x.xlsx']);
  const lost = await call(folder.path, ...words, join(folder.path, 'no such', 'x.csv'));
  expect(lost).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Check that its folder exists') });
});

test('an export goes on where a page failed, longer than a person would wait, and a page that never comes is named', async () => {
  using folder = makeFolder();
  const failing = new Map([['3', 4]]);
  await using site = await openWatchedSandbox({
    fail: (url) => {
      const page = url.searchParams.get('page') ?? '';
      const left = failing.get(page) ?? 0;
      failing.set(page, left - 1);
      return left > 0 ? new Response('busy', { status: page === '5' ? 500 : 503 }) : undefined;
    },
  });
  const own = ['--data-dir', folder.path, '--now', testNow, '--timezone', 'UTC'];
  const words = ['call', 'GET', '/service/tickets', '--all', '--param', 'pageSize=100', '--output'];
  const { environment, seen } = site;
  const whole = await runHere([...words, join(folder.path, 'a.csv'), ...own], { environment });
  expect(whole).toMatchObject({ code: 0, stderr: expect.stringMatching(/^COMPLETE: 600 rows\.\n/) });
  expect(readFileSync(join(folder.path, 'a.csv'), 'utf8').match(/^\d+,/gm)).toHaveLength(600);
  // Six pages, a count before and after, and four times the page that failed: nothing was read again.
  expect(seen.filter(({ path }) => path === '/service/tickets')).toHaveLength(10);
  failing.set('5', 1_000);
  const part = await runHere([...words, join(folder.path, 'b.csv'), ...own], { environment });
  expect(part).toMatchObject({ code: 3, stderr: expect.stringMatching(/^PARTIAL: 400 of 600 rows; page 5 failed/) });
  expect(part.stderr).toContain('To read only what is missing: call with --param "page=5" --param "pageSize=100".');
  expect(readFileSync(join(folder.path, 'b.csv'), 'utf8').match(/^\d+,/gm)).toHaveLength(400);
});

test.each<[string[], RegExp]>([
  [['GET'], /call takes METHOD PATH; 1 given/],
  [['FETCH', '/service/tickets'], /method "FETCH" is unknown/],
  [['GET', '/service/tickets', '--param', 'x'], /--param "x" is not NAME=VALUE/],
  [['GET', '/service/tickets', '--format', 'xml'], /--format is csv, json, table, xlsx/],
  [['GET', '/service/tickets', '--format', 'xlsx'], /needs --output/],
  [['GET', '/service/tickets', '--output', ''], /--output needs/],
  [['GET', '/service/tickets', '--max-records', '0'], /--max-records 0 is not/],
  [['POST', '/service/tickets', '--data', '{"a":'], /--data is not valid JSON/],
  [['POST', '/service/tickets', '--data', '@/no such/file'], /cannot be read/],
  [['GET', '/service/tickets', '--param', 'conditions=boord/name="x"'], /Corrected: board\/name="x"/],
])('%j is refused: exit 2', async (words, reason) => {
  using folder = makeFolder();
  expect(await call(folder.path, ...words)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(reason),
  });
});

test('an error names every fault and what is allowed', async () => {
  using folder = makeFolder();
  const { code, stderr } = await call(folder.path, 'POST', '/service/tickets', '--data', '{"sumary": "x"}');
  expect(code).toBe(2);
  expect(stderr).toMatch(/- sumary: is not a member of Ticket \(allowed: summary\)\n- summary: is required\n/);
});

// Windows has no signals: a task is ended there by killing it.
test.skipIf(process.platform === 'win32')('Ctrl+C ends it with 130, and leaves no partial file', async () => {
  using folder = makeFolder();
  let asked = () => {};
  const reached = new Promise<void>((resolve) => {
    asked = resolve;
  });
  await using site = await openLocalServer(() => asked());
  const file = join(folder.path, 'x.csv');
  const environment = {
    ...{ CONNECTWISE_API_URL: site.url, CONNECTWISE_COMPANY_ID: 'acme', CONNECTWISE_CODEBASE: 'v2025_1' },
    ...{
      CONNECTWISE_PUBLIC_KEY: 'public-key',
      CONNECTWISE_PRIVATE_KEY: 'private-key',
      CONNECTWISE_CLIENT_ID: 'client-id',
    },
  };
  const words = ['call', 'GET', '/service/tickets', '--all', '--output', file, '--data-dir', folder.path];
  const child = spawnProgram(words, { environment });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  await reached;
  child.kill('SIGINT');
  expect(await exitOf(child)).toEqual({ code: 130, signal: null });
  expect(stdout()).toBe('');
  expect(stderr()).not.toContain('    at ');
  expect(existsSync(file)).toBe(false);
});

test('a reader that closes the pipe ends it silently', async () => {
  using folder = makeFolder();
  const child = spawnProgram(['call', 'GET', '/service/tickets', '--all', ...settings(folder.path)]);
  const stderr = collect(child.stderr);
  child.stdin.end();
  child.stdout.once('data', () => child.stdout.destroy());
  expect((await exitOf(child)).code).toBe(0);
  expect(stderr()).toMatch(/^COMPLETE: 600 rows\.\n$/);
  // The stored result was deleted before it was printed.
  expect(readdirSync(join(folder.path, 'sandbox', 'results')).filter((name) => name.startsWith('answers'))).toEqual([]);
});

test('a slow reader gets everything', async () => {
  using folder = makeFolder();
  const child = spawnProgram(['call', 'GET', '/service/tickets', '--all', '--json', ...settings(folder.path)]);
  child.stdin.end();
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    child.stdout.pause();
    // Together longer than the program waits before it stops what still runs.
    setTimeout(() => child.stdout.resume(), 100);
  });
  expect((await exitOf(child)).code).toBe(0);
  const { rows } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  expect(rows).toHaveLength(600);
});

// Where the system has a file that is always full.
test.runIf(process.platform === 'linux')('a full disk behind stdout is a failure', async () => {
  using folder = makeFolder();
  const { spawn } = await import('node:child_process');
  const { openSync } = await import('node:fs');
  const { builtProgram, cleanEnvironment } = await import('../support/spawn.ts');
  const words = ['call', 'GET', '/service/boards', ...settings(folder.path)];
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [builtProgram, ...words], {
    env: cleanEnvironment(),
    stdio: ['ignore', full, 'pipe'],
  });
  const stderr = collect(child.stderr as NodeJS.ReadableStream);
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(1);
  expect(stderr()).toContain('stdout cannot be written');
});

test('a failure says the next step to a model as a call of a tool, and to a person as a command', async () => {
  await using app = await connect();
  const queries = { arguments: ['memory', 'run', 'client-open-tickets'], tool: 'run_fast_memory' } as const;
  const { text } = await app.call(queries.tool, { query: queries.arguments[2] });
  expect(text).toMatch(/^invalid_argument: .*company.*\nNext: Call again with arguments \{"company":"…"\}/s);
  for (const [words, expected] of [
    [queries.arguments, /\nGive --arg company=…\.\n$/],
    [['call', 'GET', '/service/tickets/{id}'], /--param id=123/],
    [['call', 'GET', '/service/nonsense'], /\nGive the one that is meant\.\n$/],
    [['memory', 'run', 'zzz qqq'], /`memory list`/],
    [['call', 'GET', '/service/tickets', '--param', 'conditions=owner={me}'], /call PUT \/gateway\/me --data/],
    [['call', 'POST', '/service/tickets', '--data', '{"summary": 1}'], /Check the names and values/],
    [['call', 'GET', '/service/tickets', '--sql', 'select 1 from nothing_7'], /table/],
  ] as const) {
    const { stderr } = await runHere([...words, '--sandbox', '--data-dir', app.dataDir]);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(
      /execute_api_call|natural_language|_fast_memory|get_api_|with arguments|[Aa]sk the user/,
    );
  }
});

test('one change of many records takes its values from the rows of a SELECT', async () => {
  using folder = makeFolder();
  const rows = "SELECT 1595 AS id, 'First' AS word, 1.5 AS hours UNION ALL SELECT 1594, 'Second', 2";
  const data = '{"summary": "{word}", "budgetHours": "{hours}"}';
  const change = ['PATCH', '/service/tickets/{id}', '--for-each', rows, '--data', data];
  const shown = await call(folder.path, ...change);
  expect(shown).toMatchObject({ code: 4, stderr: expect.stringContaining('NOT SENT') });
  const sent = await call(folder.path, ...change, '--confirm');
  expect(sent).toMatchObject({ code: 0, stderr: expect.stringContaining('SENT: 2 sent of 2 records.') });
  const wrong = await call(folder.path, ...change.slice(0, -1), '{"summary": "{wrod}"}');
  expect(wrong.stderr).toContain('its columns are id, word, hours');
});

test('several changes that need ids of each other are shown and sent as one', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'changes.json');
  const ticket = { summary: 'From a file', company: { id: 2 }, board: { id: 1 }, processNotifications: false };
  const note = { text: 'Of ticket {change_1.id}', internalAnalysisFlag: true };
  const steps = [
    { method: 'POST', path: '/service/tickets', data: ticket },
    { method: 'POST', path: '/service/tickets/{change_1.id}/notes', data: note },
  ];
  writeFileSync(file, JSON.stringify(steps));
  const change = ['POST', '/gateway/changes', '--data', `@${file}`];
  expect(await call(folder.path, ...change)).toMatchObject({ code: 4, stderr: expect.stringContaining('NOT SENT') });
  const sent = await call(folder.path, ...change, '--confirm');
  expect(sent).toMatchObject({ code: 0, stderr: expect.stringContaining('SENT: 2 sent of 2 changes.') });
});

test('who "me" is, is kept for the person who types it', async () => {
  using folder = makeFolder();
  const call = (...args: string[]) => runHere(['call', ...args, '--sandbox', '--data-dir', folder.path]);
  expect((await call('PUT', '/gateway/me', '--data', '{"member": "jordan marsh"}')).code).toBe(0);
  expect((await call('GET', '/gateway/me')).stdout).toContain('jmarsh');
});
