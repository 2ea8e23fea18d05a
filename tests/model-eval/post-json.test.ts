import { expect, test } from 'vitest';
import { converse } from '../../bench/eval/converse.ts';
import { type Provider, postJson } from '../../bench/eval/post-json.ts';
import { openFakeProvider, type Played } from './fake-provider.ts';

/** A provider whose waits are noted, not waited. */
function provider(url: string, waits: number[]): Provider {
  const wait = async (ms: number) => void waits.push(ms);
  return { url, headers: {}, timeoutMs: 60_000, hide: (text) => text, wait };
}

const post = (of: Provider, signal = new AbortController().signal) =>
  postJson(of, '/chat/completions', { messages: [] }, signal);

test('waits as long as the provider says, and a minute at most', async () => {
  const played: Played[] = [
    { status: 429, headers: { 'retry-after': '7' }, body: '' },
    { status: 503, headers: { 'retry-after': '9999' }, body: '' },
    { text: 'ok' },
  ];
  await using standIn = await openFakeProvider((_asked, request) => played[request - 1] ?? { text: '' });
  const waits: number[] = [];
  expect(await post(provider(standIn.url, waits))).toMatchObject({ choices: [{ message: { content: 'ok' } }] });
  expect(waits).toEqual([7_000, 60_000]);
});

test('gives up after five attempts, each wait twice as long', async () => {
  await using standIn = await openFakeProvider(() => ({ status: 500, body: 'broken' }));
  const waits: number[] = [];
  await expect(post(provider(standIn.url, waits))).rejects.toThrow('after 5 attempts: status 500: broken');
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
});

test('retries if nothing listens', async () => {
  const waits: number[] = [];
  await expect(post(provider('http://127.0.0.1:9/v1', waits))).rejects.toThrow('after 5 attempts');
  expect(waits).toHaveLength(4);
});

test('does not follow redirects', async () => {
  await using standIn = await openFakeProvider(() => ({ status: 307, headers: { location: '/elsewhere' }, body: '' }));
  await expect(post(provider(standIn.url, []))).rejects.toThrow('after 5 attempts');
  expect(standIn.requests.every(({ path }) => path === '/v1/chat/completions')).toBe(true);
});

test('a task that takes too long ends with what was said so far', async () => {
  const controller = new AbortController();
  // The time is over while the provider still thinks.
  await using standIn = await openFakeProvider(() => {
    controller.abort();
    return { text: 'too late' };
  });
  const of = provider(standIn.url, []);
  const conversation = await converse({
    chat: { say: () => undefined, answer: () => undefined, next: async (signal) => (await post(of, signal)) as never },
    app: undefined as never,
    person: { approves: () => true, sees: () => undefined, saysTo: () => undefined },
    prompt: 'How many?',
    maxTurns: 3,
    signal: controller.signal,
  });
  expect(conversation).toMatchObject({ failure: 'it took longer than --task-timeout', turns: 0 });
  expect(conversation.said).toEqual([{ who: 'person', text: 'How many?' }]);
});
