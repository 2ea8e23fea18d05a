import { describe, expect, test } from 'vitest';
import type { Method } from '../catalog/endpoint.ts';
import { GatewayError } from '../core/errors.ts';
import { isWrite } from './client.ts';
import { failureOfError } from './network-failure.ts';

const failed = (code: string, more: object = {}) => Object.assign(new Error(`failed: ${code}`), { code, ...more });
const connecting = { syscall: 'connect' };

function name(error: unknown, method: Method = 'GET', more: { cancelled?: boolean; timedOut?: boolean } = {}) {
  return failureOfError(error, {
    request: { method, path: '/service/tickets' },
    now: new Date(0),
    redact: (text) => text,
    host: 'cw.example',
    timeoutMs: 30_000,
    cancelled: false,
    timedOut: false,
    ...more,
  });
}

describe('a failure of the network is named, and a write is unknown only if it may have arrived', () => {
  test.each<[string, unknown, string, RegExp, string]>([
    [
      'no such host',
      failed('ENOTFOUND', { syscall: 'getaddrinfo' }),
      'unreachable',
      /cw\.example was not found/,
      'unreachable',
    ],
    ['refused', failed('ECONNREFUSED', connecting), 'unreachable', /refuses/, 'unreachable'],
    [
      'refused on every address',
      new AggregateError([failed('ECONNREFUSED', connecting)]),
      'unreachable',
      /refuses/,
      'unreachable',
    ],
    [
      'wrapped by fetch',
      new TypeError('fetch failed', { cause: failed('ECONNREFUSED', connecting) }),
      'unreachable',
      /refuses/,
      'unreachable',
    ],
    [
      'no route later',
      failed('EHOSTUNREACH', { syscall: 'read' }),
      'unreachable',
      /cannot be reached/,
      'write_unknown',
    ],
    ['no answer to connecting', failed('UND_ERR_CONNECT_TIMEOUT'), 'unreachable', /does not answer/, 'unreachable'],
    ['a dead connection', failed('ETIMEDOUT', { syscall: 'read' }), 'unreachable', /does not answer/, 'write_unknown'],
    ['an unknown authority', failed('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'unreachable', /not trusted/, 'unreachable'],
    ['a self-signed certificate', failed('DEPTH_ZERO_SELF_SIGNED_CERT'), 'unreachable', /not trusted/, 'unreachable'],
    ['an expired certificate', failed('CERT_HAS_EXPIRED'), 'unreachable', /CERT_HAS_EXPIRED/, 'unreachable'],
    ['no TLS', failed('ERR_SSL_WRONG_VERSION_NUMBER'), 'unreachable', /TLS/, 'unreachable'],
    [
      'a proxy that refuses',
      new Error('Proxy response (407) !== 200 when HTTP Tunneling'),
      'unreachable',
      /proxy/,
      'unreachable',
    ],
    ['a reset', failed('ECONNRESET', { syscall: 'read' }), 'unreachable', /closed the connection/, 'write_unknown'],
    ['the other side closing', failed('UND_ERR_SOCKET'), 'unreachable', /closed the connection/, 'write_unknown'],
    ['no HTTP', failed('HPE_INVALID_CONSTANT'), 'unreadable_answer', /invalid HTTP/, 'write_unknown'],
    ['something new', failed('ENEW'), 'unreachable', /ENEW/, 'write_unknown'],
    ['a defect', new TypeError('x is undefined'), 'internal', /unexpectedly/, 'write_unknown'],
    [
      'a refused answer',
      new GatewayError('unreadable_answer', 'too large'),
      'unreadable_answer',
      /too large/,
      'write_unknown',
    ],
    [
      'a wrong setting',
      new GatewayError('configuration_invalid', 'proxy'),
      'configuration_invalid',
      /proxy/,
      'configuration_invalid',
    ],
  ])('%s', (_, error, readCode, message, writeCode) => {
    expect(name(error)).toMatchObject({ code: readCode, message: expect.stringMatching(message) });
    expect(name(error, 'POST')).toMatchObject({ code: writeCode, message: expect.stringMatching(message) });
  });

  test('a certificate error says what would make it trusted', () => {
    expect(name(failed('SELF_SIGNED_CERT_IN_CHAIN')).hint).toMatch(/CONNECTWISE_CA_FILE/);
    expect(name(failed('CERT_HAS_EXPIRED')).hint).toMatch(/renew/);
    expect(name(failed('ERR_TLS_CERT_ALTNAME_INVALID')).hint).toMatch(/CONNECTWISE_API_URL/);
  });
});

test.each([
  [407, /wants a login \(407\)/, /name:password@host/],
  [403, /does not allow connections to it \(403\)/, /NO_PROXY/],
  [502, /could not reach it \(502\)/, /CONNECTWISE_API_URL/],
  [418, /refused the connection \(418\)/, /HTTPS_PROXY/],
])('a proxy that answers %i says what it needs', (status, message, hint) => {
  const error = name(new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`));
  expect(error).toMatchObject({ code: 'unreachable', message: expect.stringMatching(message) });
  expect(error.hint).toMatch(hint);
});

test('a time-out and a cancellation are distinguished, whatever was thrown', () => {
  const aborted = new DOMException('aborted', 'AbortError');
  expect(name(aborted, 'GET', { timedOut: true })).toMatchObject({
    code: 'timed_out',
    message: expect.stringContaining('30 s'),
  });
  expect(name(aborted, 'PATCH', { timedOut: true }).code).toBe('write_unknown');
  expect(name(aborted, 'GET', { cancelled: true, timedOut: true }).code).toBe('cancelled');
  expect(name(aborted, 'PATCH', { cancelled: true }).code).toBe('write_unknown');
});

test('a chain of causes that bites its own tail ends', () => {
  const error = new Error('loop');
  error.cause = error;
  expect(name(error).code).toBe('internal');
});

test('only the two searches and the defaults of time are POSTs that read', () => {
  expect(isWrite('GET', '/service/tickets')).toBe(false);
  expect(isWrite('POST', '/service/tickets/search')).toBe(false);
  expect(isWrite('POST', '/project/tickets/search/')).toBe(false);
  expect(isWrite('POST', '/time/entries/defaults')).toBe(false);
  expect(isWrite('POST', '/service/tickets')).toBe(true);
  expect(isWrite('POST', '/company/companies/search')).toBe(true);
  expect(isWrite('DELETE', '/service/tickets/search')).toBe(true);
});
