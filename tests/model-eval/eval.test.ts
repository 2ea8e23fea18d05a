import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { tasks } from '../../bench/eval/tasks.ts';
import { makeFolder } from '../support/folders.ts';
import { type Asked, openFakeProvider, type Played } from './fake-provider.ts';
import { playRight } from './models.ts';
import { evalHere, spawnEval } from './run-eval.ts';

// `npm run eval` against a scripted provider on the loopback address: what it counts as right is right, and what as wrong
// is wrong. No real model takes part.

const key = 'sk-canary-4711';
const long = 120_000;

interface Ran {
  status: number;
  stdout: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every shape
  result: any;
  failures: string;
  requests: Awaited<ReturnType<typeof openFakeProvider>>['requests'];
}

async function run(
  wire: 'openai' | 'anthropic',
  only: string,
  play: (asked: Asked, request: number) => Played,
  more: readonly string[] = [],
): Promise<Ran> {
  using folder = makeFolder();
  await using provider = await openFakeProvider(play);
  const out = join(folder.path, 'failures.md');
  const args = ['--wire', wire, '--url', provider.url, '--model', 'fake', '--only', only, '--out', out];
  const { status, stdout, stderr } = await evalHere([...args, '--json', ...more], { EVAL_API_KEY: key });
  const failures = existsSync(out) ? readFileSync(out, 'utf8') : '';
  for (const text of [stdout, stderr, failures]) expect(text).not.toContain(key);
  expect(stderr).toBe('');
  const { requests } = provider;
  return { status, stdout, failures, requests, result: JSON.parse(stdout) };
}

const right = 'open-by-owner,client-by-nickname,status by name,a new note,a status that two begin with';

test('right answers and changes count as right in chat completions', { timeout: long }, async () => {
  const { status, result, requests } = await run('openai', right, playRight, ['--temperature', '0']);
  expect(result.tasks.filter((task: { right: boolean }) => !task.right)).toEqual([]);
  expect(status).toBe(0);
  expect(result.totals.at(-1)).toMatchObject({ kind: 'all', tasks: 5, right: 5, calls: 8 });
  // As the provider reports them: a hundred and ten in each turn of its.
  expect(result.totals.at(-1).inputTokens).toBe(100 * requests.length);
  expect(requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
  expect(requests[0]?.body).toMatchObject({ model: 'fake', temperature: 0 });
  expect(requests[0]?.body.tools).toHaveLength(15);
});

test('right answers and changes count as right in messages', { timeout: long }, async () => {
  const { status, result, requests } = await run('anthropic', right, playRight);
  expect(result.tasks.filter((task: { right: boolean }) => !task.right)).toEqual([]);
  expect(status).toBe(0);
  expect(result.totals.at(-1)).toMatchObject({ tasks: 5, right: 5, inputTokens: 100 * requests.length });
  expect(requests[0]?.headers).toMatchObject({ 'x-api-key': key, 'anthropic-version': '2023-06-01' });
  expect(requests[0]?.body.max_tokens).toBeGreaterThan(0);
  expect(requests.every(({ path }) => path === '/v1/messages')).toBe(true);
});

const call = (name: string, given: unknown): Played => ({ uses: [{ name, arguments: given }] });

type Play = (asked: Asked, request: number) => Played;

/** Prepares a change, and confirms whatever id the preview shows. */
const sendChange =
  (data: object, path = '/service/tickets/1595'): Play =>
  ({ replies }) => {
    const id = /^change_id: (\S+)$/m.exec(replies[0] ?? '')?.[1];
    if (replies.length === 0) return call('execute_api_call', { path, method: 'PATCH', data });
    return replies.length === 1 ? call('confirm_api_write', { change_id: id }) : { text: '{"done": true}' };
  };

/** Each task is played in its own way; one run for all, since each start takes time. */
async function runEach(
  wire: 'openai' | 'anthropic',
  plays: readonly { task: string; play: Play }[],
  more: readonly string[] = [],
): Promise<Ran> {
  const counts = new Map<string, number>();
  const dispatch: Play = (asked, request) => {
    const task = tasks.find(({ prompt }) => prompt === asked.prompt)?.id ?? '';
    counts.set(task, (counts.get(task) ?? 0) + 1);
    const found = plays.find((one) => one.task === task);
    return found?.play(asked, counts.get(task) ?? request) ?? { text: '' };
  };
  return run(wire, plays.map(({ task }) => task).join(','), dispatch, more);
}

const resultOf = ({ result }: Ran, task: string) => result.tasks.find(({ id }: { id: string }) => id === task);

describe('these count as wrong:', () => {
  const cases: { name: string; task: string; why: RegExp; play: Play }[] = [
    {
      name: 'a number that is off by one',
      task: 'one-backup-alert',
      why: /answer\/tickets is 17, expected 18/,
      play: () => ({ text: '{"answer": {"tickets": 17, "open": [1539,1542,1552,1553,1577,1585]}}' }),
    },
    {
      name: 'an answer without JSON, asked for again in vain',
      task: 'oldest-open',
      why: /no final line of JSON/,
      play: () => ({ text: 'About eighteen.' }),
    },
    {
      name: 'a model that says it made a change and did not',
      task: 'status by name',
      why: /status is .*Open.*meant was .*Waiting Customer/,
      play: () => ({ text: '{"done": true}' }),
    },
    {
      name: 'another value than was asked for',
      task: 'status in another case',
      why: /status is .*Waiting Customer.*meant was .*In Progress/,
      play: sendChange({ status: 'Waiting Customer' }),
    },
    {
      name: 'one member more than was asked for',
      task: 'source',
      why: /summary is "x", meant was "Internet/,
      play: sendChange({ source: 'Walk-in', summary: 'x' }),
    },
    {
      name: 'a change of another record, which the person declines',
      task: 'owner by identifier',
      why: /owner is empty, meant was .*dlopez/,
      play: sendChange({ owner: 'dlopez' }, '/service/tickets/1594'),
    },
    {
      name: 'a guess where it was not certain what was meant',
      task: 'a status that two begin with',
      why: /PATCH \/service\/tickets\/1595 was sent, though/,
      play: sendChange({ status: 'Waiting Customer' }),
    },
    {
      name: 'a question that names no choice',
      task: 'a misspelt member',
      why: /without offering Dana Lopez/,
      play: () => ({ text: '{"done": false, "question": "Who?"}' }),
    },
    {
      name: 'an endless loop, ended after the turns that are allowed',
      task: 'projects-over-budget',
      why: /did not end within 5 turns/,
      play: () => call('list_api_categories', {}),
    },
  ];
  let ran: Ran;
  beforeAll(async () => {
    ran = await runEach('anthropic', cases, ['--max-turns', '5']);
  }, long);

  test.each(cases)('$name', ({ task, why }) => {
    expect(resultOf(ran, task)).toMatchObject({ right: false, wrong: expect.stringMatching(why) });
    expect(ran.failures).toContain(`${task}\n`);
  });

  test('all of them, and the file of failures holds what was said', () => {
    expect(ran.status).toBe(1);
    expect(ran.result.totals.at(-1)).toMatchObject({ tasks: cases.length, right: 0 });
    expect(ran.failures.match(/→ list_api_categories/g)).toHaveLength(5);
    expect(ran.failures).toContain('The person declined this call');
    // Asked for it as often as a person would.
    expect(ran.failures.match(/Please end with the line of JSON/g)).toHaveLength(3);
  });
});

describe.each(['openai', 'anthropic'] as const)('over %s a task ends with', (wire) => {
  const cases: { name: string; task: string; why: RegExp; play: Play }[] = [
    { name: 'a refusal', task: 'stale', why: /refused: I will not/, play: () => ({ refusal: 'I will not.' }) },
    { name: 'an answer cut off', task: 'twin-devices', why: /cut off/, play: () => ({ cutOff: 'The answer is' }) },
    {
      name: 'a request that the provider does not take',
      task: 'oldest-open',
      why: /status 400: bad, \[key\]/,
      play: () => ({ status: 400, body: `bad, ${key}` }),
    },
  ];
  let ran: Ran;
  beforeAll(async () => {
    ran = await runEach(wire, cases);
  }, long);

  test.each(cases)('$name', ({ task, why }) => {
    expect(resultOf(ran, task)).toMatchObject({ right: false, wrong: expect.stringMatching(why) });
  });
});

describe('a model can continue after', () => {
  /** One thing first; then the script, which does not see what was answered to that. */
  const following =
    (first: Played): Play =>
    (asked, request) =>
      request === 1 ? first : playRight({ ...asked, replies: asked.replies.filter((text) => /^COMPLETE/.test(text)) });
  const soon = { 'retry-after': '0' };
  const cases: { name: string; task: string; play: Play }[] = [
    {
      name: 'arguments that are no JSON',
      task: 'open-by-client',
      play: following(call('execute_api_call', '{"path": /service')),
    },
    {
      name: 'arguments that are not an object',
      task: 'open-by-owner',
      play: following(call('execute_api_call', '[1]')),
    },
    { name: 'a tool that does not exist', task: 'oldest-open', play: following(call('drop_all_tables', {})) },
    {
      name: 'arguments that no tool takes',
      task: 'stale',
      play: following(call('execute_api_call', { url: '/service/tickets' })),
    },
    {
      name: 'status 429',
      task: 'noisiest-clients',
      play: following({ status: 429, headers: soon, body: 'slow down' }),
    },
    { name: 'status 529', task: 'closed-most', play: following({ status: 529, headers: soon, body: 'overloaded' }) },
    {
      name: 'a page in place of JSON',
      task: 'in-and-out',
      play: following({ status: 503, headers: soon, body: '<html>' }),
    },
  ];
  let ran: Ran;
  beforeAll(async () => {
    ran = await runEach('openai', cases);
  }, long);

  test.each(cases)('$name', ({ task }) => {
    expect(resultOf(ran, task)).toMatchObject({ right: true });
  });
});

test('no task is started once the tokens are used', { timeout: long }, async () => {
  const only = 'open-by-owner,open-by-client,oldest-open';
  const { status, result } = await run('openai', only, playRight, ['--max-total-tokens', '200', '--concurrency', '1']);
  expect(result).toMatchObject({ notRun: 2, tasks: [{ id: 'open-by-client', right: true }] });
  expect(status).toBe(1);
});

test('the table names what failed and where its transcript is', { timeout: long }, async () => {
  using folder = makeFolder();
  await using provider = await openFakeProvider((asked) =>
    asked.prompt.startsWith('Who has') ? { text: '{"answer": []}' } : playRight(asked),
  );
  const out = join(folder.path, 'deep', 'failures.md');
  const args = [
    '--wire',
    'openai',
    '--url',
    provider.url,
    '--model',
    'm',
    '--only',
    'open-by-owner,projects-over-budget',
  ];
  const { status, stdout } = await spawnEval([...args, '--out', out], { EVAL_API_KEY: key });
  expect(stdout).toMatch(/\| question \| 1 \| 2 \|/);
  expect(stdout).toContain('- question open-by-owner: answer lacks');
  expect(stdout).toContain(out);
  expect(status).toBe(1);
});

describe('no task runs and the status is 2', () => {
  const fine = ['--wire', 'openai', '--url', 'https://provider.invalid/v1', '--model', 'm'];
  test.each<[string, string[], Record<string, string>, RegExp]>([
    ['without a key', fine, {}, /EVAL_API_KEY holds no key/],
    ['with a format that is unknown', ['--wire', 'x'], { EVAL_API_KEY: key }, /--wire is openai or anthropic/],
    [
      'where the key would go in clear',
      ['--wire', 'openai', '--model', 'm', '--url', 'http://provider.invalid/v1'],
      { EVAL_API_KEY: key },
      /must be https/,
    ],
    ['with a task that does not exist', [...fine, '--only', 'x'], { EVAL_API_KEY: key }, /"x" is not a task/],
    ['with a flag that does not exist', [...fine, '--key', key], { EVAL_API_KEY: key }, /'--key'/],
    ['with a number that is none', [...fine, '--max-turns', '0'], { EVAL_API_KEY: key }, /--max-turns "0"/],
  ])('%s', { timeout: long }, async (_name, args, environment, why) => {
    const { status, stdout, stderr } = await evalHere(args, environment);
    expect(stderr).toMatch(why);
    expect(stderr + stdout).not.toContain(key);
    expect(status).toBe(2);
  });

  test('where the provider refuses the key, which it repeats', { timeout: long }, async () => {
    await using provider = await openFakeProvider(() => ({ status: 401, body: `wrong key ${key}` }));
    const args = ['--wire', 'openai', '--url', provider.url, '--model', 'm', '--only', 'questions'];
    const { status, stdout, stderr } = await evalHere(args, { EVAL_API_KEY: key });
    expect(stderr).toContain('The provider refuses, status 401: wrong key [key]');
    expect(stderr + stdout).not.toContain(key);
    expect(status).toBe(2);
    // Two were under way; no other is begun.
    expect(provider.requests.length).toBeLessThanOrEqual(2);
  });
});
