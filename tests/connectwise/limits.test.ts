import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ConnectWiseAnswer, ConnectWiseClient, ConnectWiseRequest } from '../../src/connectwise/client.ts';
import { type LimitOptions, limitClient } from '../../src/connectwise/open-client.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { createFakeTimer } from './fake-timer.ts';

const get: ConnectWiseRequest = { method: 'GET', path: '/service/tickets' };
const post: ConnectWiseRequest = { method: 'POST', path: '/service/tickets', body: {} };
const ok: ConnectWiseAnswer = { status: 200, body: [], contentType: 'application/json' };
const throttle = (retryAfterSeconds: number) =>
  new GatewayError('rate_limited', 'x', { details: { status: 429, retryAfterSeconds } });
const badGateway = () => new GatewayError('connectwise_failed', 'x', { details: { status: 502 } });

/** Answers with what the script says, then with success. */
function scripted(script: (GatewayError | undefined)[], options: Partial<LimitOptions> = {}) {
  const timer = createFakeTimer();
  const sent: ConnectWiseRequest[] = [];
  const inner: ConnectWiseClient = {
    tenant: { host: 'h', company: 'c' },
    async send(request) {
      sent.push(request);
      const failure = script.shift();
      if (failure) throw failure;
      return ok;
    },
    close: async () => {},
  };
  return { client: limitClient(inner, { timer, random: () => 0.5, ...options }), sent, timer };
}

describe('reads are retried, writes are not', () => {
  test('a read that fails twice temporarily succeeds', async () => {
    const { client, sent, timer } = scripted([badGateway(), badGateway()]);
    await expect(client.send(get)).resolves.toBe(ok);
    expect(sent).toHaveLength(3);
    expect(timer.waits).toEqual([125, 250]);
  });

  test('the failure of the last attempt is the one that is thrown', async () => {
    const last = badGateway();
    const { client, sent } = scripted([badGateway(), badGateway(), badGateway(), last]);
    await expect(client.send(get)).rejects.toBe(last);
    expect(sent).toHaveLength(4);
  });

  test('a job that nobody waits for outlasts minutes of failures, and says before each longer wait how long', async () => {
    const told: string[] = [];
    const failures = [throttle(30), ...Array.from({ length: 9 }, badGateway), throttle(30)];
    const { client, timer } = scripted([...failures], { patience: { onWait: (what) => told.push(what) } });
    await expect(client.send(get)).resolves.toBe(ok);
    expect(timer.nowMs()).toBeGreaterThan(180_000);
    expect(told[0]).toBe('x. Trying again in 31 s');
    expect(told.length).toBeLessThan(failures.length);
    const hopeless = Array.from({ length: 100 }, badGateway);
    const other = scripted(hopeless, { patience: { onWait: () => undefined } });
    await expect(other.client.send(get)).rejects.toMatchObject({ code: 'connectwise_failed' });
    expect(other.timer.nowMs()).toBeLessThan(900_000);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is sent once', async (method) => {
    const { client, sent, timer } = scripted([throttle(1)]);
    await expect(client.send({ ...post, method })).rejects.toMatchObject({ code: 'rate_limited' });
    expect(sent).toHaveLength(1);
    expect(timer.waits).toEqual([]);
  });

  test('a search by POST is a read', async () => {
    const { client, sent } = scripted([badGateway()]);
    await client.send({ ...post, path: '/service/tickets/search' });
    expect(sent).toHaveLength(2);
  });
});

test('answers are let go while others wait their turn: a list that never lets the queue empty is not held whole', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const answers: WeakRef<object>[] = [];
  const inner: ConnectWiseClient = {
    tenant: { host: 'h', company: 'c' },
    async send() {
      // As an answer comes that was waited for: meanwhile the others have asked again.
      await new Promise((resolve) => setTimeout(resolve));
      const body = Array.from({ length: 1_000 }, (_, id) => ({ id }));
      answers.push(new WeakRef(body));
      return { ...ok, body };
    },
    close: async () => {},
  };
  const client = limitClient(inner, { timer: createFakeTimer(), random: () => 0.5, concurrency: 1 });
  let held = Number.POSITIVE_INFINITY;
  const range = async (pages: number) => {
    for (let page = 0; page < pages; page++) {
      await client.send(get);
      if (answers.length !== 60) continue;
      // A reference of this turn is let go with it; of the other three two always wait.
      await new Promise((resolve) => setTimeout(resolve));
      collect();
      held = answers.filter((one) => one.deref() !== undefined).length;
    }
  };
  await Promise.all([range(25), range(25), range(25), range(25)]);
  expect(answers).toHaveLength(100);
  expect(held).toBeLessThan(10);
});

describe('the limit is the company, not the call', () => {
  test('after a 429 the next call waits before it is sent, a write too', async () => {
    const { client, sent, timer } = scripted([throttle(20)]);
    await expect(client.send(post)).rejects.toMatchObject({ code: 'rate_limited' });
    timer.advance(5_000);
    await client.send(post);
    expect(timer.waits).toEqual([15_000]);
    expect(sent).toHaveLength(2);
  });

  test('a call that would wait longer than it may is refused at once, and not sent', async () => {
    const { client, sent, timer } = scripted([throttle(60)]);
    await expect(client.send(post)).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(client.send(get)).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retryAfterSeconds: 60 },
    });
    expect(sent).toHaveLength(1);
    expect(timer.waits).toEqual([]);
  });

  test('no answer blocks the company for longer than a minute', async () => {
    const { client, timer } = scripted([throttle(86_400)]);
    await expect(client.send(get)).rejects.toMatchObject({ details: { retryAfterSeconds: 86_400 } });
    timer.advance(60_000);
    await expect(client.send(get)).resolves.toBe(ok);
  });
});

describe('the queue', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Requests that are answered when the test says so. */
  function open(options: Partial<LimitOptions>) {
    const flying: (() => void)[] = [];
    const inner: ConnectWiseClient = {
      tenant: { host: 'h', company: 'c' },
      send: () => new Promise((resolve) => flying.push(() => resolve(ok))),
      close: async () => {},
    };
    return { client: limitClient(inner, { timer: createFakeTimer(), random: () => 0, ...options }), flying };
  }

  /** Nothing in the queue waits for a clock: what can be sent by now is sent. */
  const settled = async () => {
    for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
  };

  test('sends four at once, and the next when one is answered', async () => {
    const { client, flying } = open({});
    const calls = Array.from({ length: 6 }, () => client.send(get));
    await settled();
    expect(flying).toHaveLength(4);
    flying[0]?.();
    await settled();
    expect(flying).toHaveLength(5);
    for (const answer of flying) answer();
    await settled();
    expect(flying).toHaveLength(6);
    flying[5]?.();
    await expect(Promise.all(calls)).resolves.toHaveLength(6);
  });

  test('a call that is cancelled while it waits is not sent', async () => {
    const { client, flying } = open({ concurrency: 1 });
    const first = client.send(get);
    const controller = new AbortController();
    const second = client.send(get, controller.signal);
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    flying[0]?.();
    await first;
    expect(flying).toHaveLength(1);
  });

  test('a write that is cancelled in flight has the outcome that the client reports', async () => {
    const unknown = new GatewayError('write_unknown', 'x');
    const sent = Promise.withResolvers<void>();
    const inner: ConnectWiseClient = {
      tenant: { host: 'h', company: 'c' },
      send: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => setImmediate(() => reject(unknown)), { once: true });
          sent.resolve();
        }),
      close: async () => {},
    };
    const controller = new AbortController();
    const client = limitClient(inner, { timer: createFakeTimer(), random: () => 0 });
    const call = client.send(post, controller.signal);
    await sent.promise;
    controller.abort();
    await expect(call).rejects.toBe(unknown);
  });

  test('in no minute are there more requests than allowed', async () => {
    vi.useFakeTimers();
    const starts: number[] = [];
    const inner: ConnectWiseClient = {
      tenant: { host: 'h', company: 'c' },
      async send() {
        starts.push(Date.now());
        return ok;
      },
      close: async () => {},
    };
    const client = limitClient(inner, { timer: createFakeTimer(), random: () => 0, requestsPerMinute: 30 });
    const burst = () => Promise.all(Array.from({ length: 40 }, () => client.send(get)));
    const first = burst();
    await vi.advanceTimersByTimeAsync(50_000);
    const second = burst();
    await vi.advanceTimersByTimeAsync(200_000);
    await Promise.all([first, second]);
    expect(starts).toHaveLength(80);
    for (const [index, start] of starts.entries()) {
      const next = starts[index + 30];
      if (next !== undefined) expect(next - start).toBeGreaterThanOrEqual(60_000);
    }
  });
});
