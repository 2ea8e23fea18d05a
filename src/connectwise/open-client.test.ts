import { describe, expect, test } from 'vitest';
import { type ErrorCode, type ErrorDetails, GatewayError } from '../core/errors.ts';
import { failureOfError } from './network-failure.ts';
import { decideRetry, type FailedAttempt, type RetryDecision } from './open-client.ts';

const answered = (code: ErrorCode, details: ErrorDetails) => new GatewayError(code, 'x', { details });
const thrown = (code: string, from: Partial<NodeJS.ErrnoException> = {}) =>
  failureOfError(Object.assign(new Error(code), { code, ...from }), {
    request: { method: 'GET', path: '/service/tickets' },
    now: new Date(0),
    redact: (text) => text,
    host: 'connect.example.com',
    timeoutMs: 1000,
    cancelled: false,
    timedOut: false,
  });

const throttled = (retryAfterSeconds?: number) =>
  answered('rate_limited', { status: 429, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
const failed = (status: number, message?: string) =>
  answered('connectwise_failed', { status, ...(message !== undefined && { connectwise: { message } }) });
const timeout = 'A timeout has occured. Please try again.';

const rows: [string, Partial<FailedAttempt> & { failure: GatewayError }, RetryDecision][] = [
  ['429 waits as long as it says', { failure: throttled(7), random: 0 }, { waitMs: 7000 }],
  ['429 waits a little longer, each call by its own', { failure: throttled(7), random: 0.5 }, { waitMs: 7125 }],
  ['429 that may be asked again at once', { failure: throttled(0), random: 0.5 }, { waitMs: 125 }],
  ['429 that does not say waits half a minute', { failure: throttled(), random: 0 }, { waitMs: 30_000 }],
  ['429 longer than the call', { failure: throttled(40) }, 'stop'],
  ['429 longer than what is left', { failure: throttled(30), leftMs: 30_000 }, 'stop'],
  ['429 of a write', { failure: throttled(1), isWrite: true }, 'stop'],
  ['502', { failure: failed(502) }, { waitMs: 125 }],
  ['503', { failure: failed(503) }, { waitMs: 125 }],
  [
    '503 that says how long',
    { failure: answered('connectwise_failed', { status: 503, retryAfterSeconds: 5 }) },
    { waitMs: 5125 },
  ],
  ['504', { failure: answered('timed_out', { status: 504 }) }, { waitMs: 125 }],
  ['522 of the content network', { failure: failed(522) }, { waitMs: 125 }],
  ['503 of a write', { failure: failed(503), isWrite: true }, 'stop'],
  ['the second time waits up to twice as long', { failure: failed(502), attempt: 2 }, { waitMs: 250 }],
  ['the third time four times', { failure: failed(502), attempt: 3, random: 1 }, { waitMs: 1000 }],
  ['the fourth was the last', { failure: failed(502), attempt: 4 }, 'stop'],
  ['no time left', { failure: failed(502), leftMs: 0 }, 'stop'],
  ['500', { failure: failed(500) }, 'stop'],
  [
    "ConnectWise's own time-out",
    { failure: answered('timed_out', { status: 500, connectwise: { message: timeout } }) },
    'stop',
  ],
  ['its time-out with another status', { failure: failed(503, timeout) }, 'stop'],
  ['a time-out of ours', { failure: answered('timed_out', {}) }, 'stop'],
  ['a reset', { failure: thrown('ECONNRESET') }, { waitMs: 125 }],
  ['a socket that was closed', { failure: thrown('UND_ERR_SOCKET') }, { waitMs: 125 }],
  ['a reset of a write', { failure: thrown('ECONNRESET'), isWrite: true }, 'stop'],
  ['an unknown host', { failure: thrown('ENOTFOUND') }, 'stop'],
  ['a closed port', { failure: thrown('ECONNREFUSED', { syscall: 'connect' }) }, 'stop'],
  ['a certificate', { failure: thrown('CERT_HAS_EXPIRED') }, 'stop'],
  ['damaged HTTP', { failure: thrown('HPE_INVALID_CONSTANT') }, 'stop'],
  ['400', { failure: answered('request_rejected', { status: 400 }) }, 'stop'],
  ['401', { failure: answered('credentials_rejected', { status: 401 }) }, 'stop'],
  ['404', { failure: answered('record_not_found', { status: 404 }) }, 'stop'],
  ['damaged JSON', { failure: answered('unreadable_answer', { status: 200 }) }, 'stop'],
  ['a write whose end is unknown', { failure: answered('write_unknown', { status: 502 }), isWrite: true }, 'stop'],
  ['a call that was cancelled', { failure: answered('cancelled', {}) }, 'stop'],
];

const patient: typeof rows = [
  ['the fourth time was not the last: it waits longer', { failure: failed(503), attempt: 4 }, { waitMs: 3000 }],
  ['twice as long each time', { failure: failed(503), attempt: 6, random: 0 }, { waitMs: 8000 }],
  ['a minute at most', { failure: failed(503), attempt: 20, random: 0 }, { waitMs: 60_000 }],
  ['429 as long as it says', { failure: throttled(30), attempt: 5, random: 0 }, { waitMs: 30_000 }],
  ['500 a few times, which may be of the one page', { failure: failed(500), attempt: 3 }, { waitMs: 500 }],
  ['and then no longer', { failure: failed(500), attempt: 4 }, 'stop'],
  ['a time-out of ours', { failure: answered('timed_out', {}) }, { waitMs: 125 }],
  ['damaged JSON', { failure: answered('unreadable_answer', { status: 200 }) }, { waitMs: 125 }],
  ['400', { failure: answered('request_rejected', { status: 400 }) }, 'stop'],
  ['wrong keys', { failure: answered('credentials_rejected', { status: 401 }) }, 'stop'],
  ['503 of a write', { failure: failed(503), isWrite: true }, 'stop'],
  ['no time left', { failure: failed(503), attempt: 20, leftMs: 59_000 }, 'stop'],
];

test.each(patient)('a job that nobody waits for tries again: %s', (_, attempt, decision) => {
  const usual = { attempt: 1, isWrite: false, leftMs: 900_000, random: 0.5, isPatient: true };
  expect(decideRetry({ ...usual, ...attempt })).toEqual(decision);
});

describe('whether a request is sent again', () => {
  test.each(rows)('%s', (_, attempt, decision) => {
    expect(decideRetry({ attempt: 1, isWrite: false, leftMs: 40_000, random: 0.5, ...attempt })).toEqual(decision);
  });
});

test('waits are capped, whatever the attempt, and never below none', () => {
  for (const random of [0, 0.25, 0.999]) {
    const decision = decideRetry({ failure: failed(502), attempt: 3, isWrite: false, leftMs: 40_000, random });
    expect(decision).toEqual({ waitMs: random * 1000 });
  }
});
