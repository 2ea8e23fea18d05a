import { describe, expect, test } from 'vitest';
import type { Method } from '../catalog/endpoint.ts';
import type { ConnectWiseRequest, HttpAnswer } from './client.ts';
import { boundByDate, failureOfAnswer, parseRetryAfter } from './failure.ts';

const now = new Date('2026-03-01T12:00:00Z');

function fail(status: number, body: unknown, headers: Record<string, string> = {}, method: Method = 'GET') {
  const text = typeof body === 'string' ? body : JSON.stringify(body, undefined, 2);
  const http: HttpAnswer = {
    status,
    headers: { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers },
    body: new TextEncoder().encode(text),
  };
  const request = { method, path: '/service/tickets' };
  return failureOfAnswer(http, { request, now, redact: (said) => said.replaceAll('c4n4ry', '[redacted]') });
}

const required = {
  code: 'MissingRequiredField',
  message: 'The summary field is required.',
  resource: 'ticket',
  field: 'summary',
};
const wrongBoard = {
  code: 'NotFound',
  message: 'Service Status 17 not found for Service Board 21',
  field: 'status/id',
};
const timeout = { code: 'ConnectWiseApi', message: 'A timeout has occured. Please try again.' };

describe('every status has its code and says what to do', () => {
  test.each<[string, number, unknown, string, RegExp, RegExp]>([
    [
      'wrong keys',
      401,
      { code: 'Unauthorized', message: 'x' },
      'credentials_rejected',
      /credentials/,
      /CONNECTWISE_PRIVATE_KEY/,
    ],
    ['wrong keys without a body', 401, '', 'credentials_rejected', /credentials/, /CONNECTWISE_CLIENT_ID/],
    [
      'wrong keys as 400',
      400,
      'Cannot route. Codebase/company is invalid',
      'credentials_rejected',
      /Cannot route/,
      /CONNECTWISE_COMPANY_ID/,
    ],
    [
      'wrong keys as 403',
      403,
      { code: 'ConnectWiseApi', message: 'UserNotAuthenticated' },
      'credentials_rejected',
      /UserNot/,
      /gateway\/status/,
    ],
    ['wrong keys as 404', 404, '<html>nothing here</html>', 'unknown_endpoint', /path/, /CONNECTWISE_API_URL/],
    [
      'a right that lacks',
      403,
      { code: 'Security', message: 'You do not have security permission to perform this action.' },
      'permission_denied',
      /security permission/,
      /security role/,
    ],
    [
      'plain http',
      403,
      { code: 'Security', message: 'SSL is required.', errors: null },
      'configuration_invalid',
      /https/,
      /api-/,
    ],
    [
      'no such record',
      404,
      { code: 'NotFound', message: 'Contact 57919 not found' },
      'record_not_found',
      /Contact 57919/,
      /id/,
    ],
    [
      'no such route',
      404,
      { code: 'ConnectWiseApi', message: 'The endpoint does not exist.' },
      'unknown_endpoint',
      /endpoint does not exist/,
      /numbers/,
    ],
    [
      'an unknown name',
      400,
      { code: 'ApiFindCondition', message: 'statusName is not a recognized name.' },
      'request_rejected',
      /statusName/,
      /get_api_endpoint_details/,
    ],
    [
      'one wrong member',
      400,
      { code: 'InvalidObject', message: 'ticket object is invalid', errors: [required] },
      'request_rejected',
      /summary: The summary field is required/,
      /get_api/,
    ],
    ['a method that is not there', 405, '', 'unknown_endpoint', /method/, /search/],
    ['a conflict', 409, { message: 'in use' }, 'conflict', /in use/, /read it again/],
    ['JSON for a document', 415, '', 'request_rejected', /JSON/, /multipart/],
    ['ConnectWise’s own time-out', 500, timeout, 'timed_out', /too long/, /dates/],
    [
      'a gateway’s time-out',
      504,
      '<html><title>Gateway Time-out</title></html>',
      'timed_out',
      /Gateway Time-out/,
      /dates/,
    ],
    [
      'a failure',
      500,
      { code: 'ConnectWiseApi', message: 'String was not recognized as a valid DateTime.' },
      'connectwise_failed',
      /DateTime/,
      /later/,
    ],
    [
      'maintenance',
      503,
      '<!doctype html><title>Down for maintenance</title>',
      'connectwise_failed',
      /Down for maintenance/,
      /later/,
    ],
    ['a redirect', 302, '', 'unreadable_answer', /redirect/, /CONNECTWISE_API_URL/],
    [
      'a web gateway that refuses',
      403,
      '<html><head><title>403 Forbidden</title></head></html>',
      'unreachable',
      /on the way to ConnectWise refused the request with a web page: 403 Forbidden/,
      /firewall.*CONNECTWISE_API_URL/,
    ],
    [
      'a bad request to a web server',
      400,
      '<!DOCTYPE html><h2>Bad Request</h2>',
      'unreachable',
      /web page/,
      /firewall/,
    ],
    ['a proxy that wants a login', 407, '', 'unreachable', /proxy.*wants a login/, /HTTPS_PROXY=http:/],
    [
      'a version that is not there',
      400,
      { code: 'UnsupportedApiVersion', message: 'The API version 2099.1 is not supported.' },
      'configuration_invalid',
      /API version/,
      /CONNECTWISE_API_VERSION/,
    ],
    ['a type that is not there', 406, '', 'configuration_invalid', /API version/, /CONNECTWISE_API_VERSION/],
    [
      'an unknown member, whose message names the version too',
      400,
      { code: 'ConnectWiseApi', message: "Could not find member 'x'. Check that you are using the correct version." },
      'request_rejected',
      /Could not find member/,
      /get_api/,
    ],
    ['an unknown status', 418, { message: 'teapot' }, 'request_rejected', /teapot/, /get_api/],
  ])('%s', (_, status, body, code, message, hint) => {
    const error = fail(status, body);
    expect(error).toMatchObject({ code, details: { status } });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`GET /service/tickets, status ${status}`);
    expect(error.hint).toMatch(hint);
  });
});

test.each([301, 302, 303, 307, 308])('a write that is answered by %i', (status) => {
  const error = fail(status, '', { location: 'https://elsewhere.example/' }, 'POST');
  // 307 and 308 ask for the same request at another place: it was not carried out here.
  expect(error.code).toBe(status < 304 ? 'write_unknown' : 'unreadable_answer');
  expect(error.message).toContain('redirected to elsewhere.example');
});

test('a 403 of ConnectWise itself is about the role', () => {
  const error = fail(403, { code: 'Security', message: 'You do not have security permission.' });
  expect([error.code, error.hint]).toEqual(['permission_denied', expect.stringMatching(/security role/)]);
});

describe('details carry what ConnectWise said', () => {
  test('every fault, its field and the request id', () => {
    const body = { code: 'InvalidObject', message: 'ticket object is invalid', errors: [required, wrongBoard] };
    const error = fail(400, body, { 'x-cw-request-id': 'req-1' }, 'POST');
    expect(error.message).toContain('summary: The summary field is required; status/id: Service Status 17');
    expect(error.details).toEqual({
      status: 400,
      requestId: 'req-1',
      connectwise: {
        code: 'InvalidObject',
        message: 'ticket object is invalid',
        errors: [
          { code: 'MissingRequiredField', message: 'The summary field is required.', field: 'summary' },
          { code: 'NotFound', message: 'Service Status 17 not found for Service Board 21', field: 'status/id' },
        ],
      },
    });
  });

  test('long answers are clipped, and credentials in them blanked', () => {
    const errors = Array.from({ length: 500 }, (_, i) => ({ message: 'y'.repeat(10_000), field: `field${i}` }));
    const error = fail(400, { code: 'z'.repeat(9_000), message: `c4n4ry ${'x'.repeat(10_000)}`, errors });
    expect(JSON.stringify(error.details).length).toBeLessThan(4_000);
    expect(error.message.length).toBeLessThan(1_500);
    expect(`${error.message}${JSON.stringify(error.details)}`).not.toContain('c4n4ry');
    expect(fail(500, 'your key c4n4ry', { 'content-type': 'text/plain' }).message).not.toContain('c4n4ry');
  });

  test.each<[string, unknown]>([
    ['errors that are not a list', { message: 'm', errors: 'x' }],
    ['members of other types', { code: 5, message: { a: 1 }, errors: [null, 'x', { field: 1 }] }],
    ['a list', [1, 2]],
    ['a text', '"just text"'],
    ['broken JSON', '{"code":"Inv'],
  ])('%s do no harm', (_, body) => {
    expect(fail(400, body).code).toBe('request_rejected');
  });

  test('a redirect names the host and nothing else', () => {
    const error = fail(302, '', { location: 'https://login.example/x?token=c4n4ry' });
    expect(error.message).toContain('to login.example;');
    expect(error.message).not.toContain('token');
    expect(fail(301, '', { location: '/relative' }).message).toContain('redirected; ');
  });
});

describe('a rate limit says how long to wait', () => {
  const body = { error: 'ConnectWiseAPI', message: 'Too many requests. Please try again in 30 seconds.' };
  test.each<[string | undefined, number]>([
    ['12', 12],
    ['Sun, 01 Mar 2026 12:00:45 GMT', 45],
    ['nonsense', 30],
    [undefined, 30],
  ])('%s', (header, seconds) => {
    const error = fail(429, body, header === undefined ? {} : { 'retry-after': header });
    expect(error).toMatchObject({
      code: 'rate_limited',
      details: { retryAfterSeconds: seconds },
      hint: `Wait ${seconds} s, then call again.`,
    });
    expect(error.details.connectwise?.code).toBe('ConnectWiseAPI');
  });

  test('Retry-After is seconds or a date, and never negative', () => {
    expect(parseRetryAfter('Sun, 01 Mar 2026 11:00:00 GMT', now)).toBe(0);
    for (const text of ['-1', '30.5', '', 'soon', undefined]) expect(parseRetryAfter(text, now)).toBeUndefined();
    expect(fail(429, '').details).not.toHaveProperty('retryAfterSeconds');
  });
});

describe('a write whose outcome is not known says so', () => {
  test.each<[number, unknown]>([
    [500, timeout],
    [502, '<html></html>'],
    [504, ''],
    [522, ''],
    [408, ''],
  ])('%i', (status, body) => {
    expect(fail(status, body, {}, 'POST')).toMatchObject({ code: 'write_unknown', details: { status } });
    expect(fail(status, body, {}, 'DELETE').code).toBe('write_unknown');
    expect(fail(status, body).code).not.toBe('write_unknown');
  });

  test('while a refusal is a refusal', () => {
    expect(fail(503, '', {}, 'POST').code).toBe('connectwise_failed');
    expect(fail(500, { message: 'x' }, {}, 'PATCH').code).toBe('connectwise_failed');
    expect(fail(400, { message: 'x' }, {}, 'POST').code).toBe('request_rejected');
  });
});

const today = new Date('2026-03-01T15:30:00Z');
const list = (conditions?: string): ConnectWiseRequest => ({
  method: 'GET',
  path: '/service/tickets',
  query: conditions === undefined ? {} : { Conditions: conditions },
});

test.each<[string, ConnectWiseRequest, string | undefined]>([
  [
    'a search for a word',
    list('summary contains "printer" or summary contains "toner"'),
    '(summary contains "printer" or summary contains "toner") and lastUpdated >= [2025-12-01T00:00:00Z]',
  ],
  [
    'a search by POST',
    { method: 'POST', path: '/service/tickets/search', body: { conditions: 'closedFlag=false' } },
    '(closedFlag=false) and lastUpdated >= [2025-12-01T00:00:00Z]',
  ],
  ['one that has a bound', list('summary contains "x" and DateEntered > [2026-01-01]'), undefined],
  ['one without conditions', list(), undefined],
  ['one that would not fit into an error', list(`summary contains "${'x'.repeat(500)}"`), undefined],
])('%s', (_, request, bounded) => {
  expect(boundByDate(request, today)).toBe(bounded);
});
