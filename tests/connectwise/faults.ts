import { gzipSync } from 'node:zlib';
import { answer, type Handler } from './faulty-server.ts';

export interface Fault {
  name: string;
  handler: Handler;
  /** Code for a read; absent where it succeeds. */
  read?: string;
  /** Code for a write. */
  write?: string;
  /** How often a read is sent: once, or again after a wait. A write is sent once, whatever happens. */
  reads?: number;
}

const json = { 'content-type': 'application/json' };
const megabyte = Buffer.alloc(1_000_000, ' ');
const bomb = gzipSync(Buffer.alloc(60_000_000, ' '));

/** The same code for reads and writes: ConnectWise said that nothing was done. */
const refused = (name: string, code: string, handler: Handler): Fault => ({ name, handler, read: code, write: code });
const throttled = (name: string, handler: Handler): Fault => ({ ...refused(name, 'rate_limited', handler), reads: 2 });
/** The answer was lost, so a write may have happened. */
const lost = (name: string, read: string, handler: Handler): Fault => ({ name, handler, read, write: 'write_unknown' });

/** Temporary faults: a read is sent four times. */
const passing = (fault: Fault): Fault => ({ ...fault, reads: 4 });

/** Echoes the request headers, as debugging pages do. */
const echo: Handler = (request, response) => {
  const { authorization = '', clientid } = request.headers;
  const keys = Buffer.from(authorization.slice(6), 'base64').toString();
  response
    .writeHead(400, json)
    .end(JSON.stringify({ code: 'X', message: `${authorization} ${keys} ${String(clientid)}` }));
};

const endless: Handler = (_, response) => {
  response.writeHead(200, json).write('[');
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
};

/** Correct and complete, but too slow. */
const drip: Handler = (_, response) => {
  const body = JSON.stringify(Array.from({ length: 500 }, (_row, id) => ({ id })));
  response.writeHead(200, { ...json, 'content-length': String(body.length) });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body[sent] ?? '');
    sent += 1;
  }, 20);
  response.on('close', () => clearInterval(timer));
};

const large: Handler = (_, response) => {
  response.writeHead(200, json);
  let left = 60;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(megabyte)) return response.once('drain', more);
    }
    return response.end();
  };
  more();
};

const security = { code: 'Security', message: 'You do not have security permission to perform this action.' };
const invalid = {
  code: 'InvalidObject',
  message: 'ticket object is invalid',
  errors: [
    { code: 'MissingRequiredField', message: 'The summary field is required.', resource: 'ticket', field: 'summary' },
  ],
};

export const successes: readonly { name: string; handler: Handler; status: number; body: unknown }[] = [
  { name: '200 with JSON', handler: answer(200, [{ id: 1 }]), status: 200, body: [{ id: 1 }] },
  { name: '201 with the record', handler: answer(201, { id: 1 }), status: 201, body: { id: 1 } },
  { name: '204', handler: (_, response) => response.writeHead(204).end(), status: 204, body: undefined },
  { name: '200 with an empty body', handler: answer(200, Buffer.alloc(0)), status: 200, body: undefined },
  {
    name: '200 in gzip',
    handler: answer(200, gzipSync('[1]'), { 'content-encoding': 'gzip' }),
    status: 200,
    body: [1],
  },
  { name: '200 JSON that calls itself a page', handler: answer(200, '[1]'), status: 200, body: [1] },
];

export const faults: readonly Fault[] = [
  refused('400 with errors', 'request_rejected', answer(400, invalid)),
  refused('400 that repeats the credentials', 'request_rejected', echo),
  refused('400 of the router', 'credentials_rejected', answer(400, 'Cannot route. Codebase/company is invalid')),
  refused(
    '401',
    'credentials_rejected',
    answer(401, { code: 'Unauthorized', message: 'Incorrect public/private key' }),
  ),
  refused(
    '401 of ConnectWiseApi',
    'credentials_rejected',
    answer(401, { code: 'ConnectWiseApi', message: 'UserNotAuthenticated' }),
  ),
  refused('403', 'permission_denied', answer(403, security)),
  refused('404 of a record', 'record_not_found', answer(404, { code: 'NotFound', message: 'Ticket 1 not found' })),
  refused(
    '404 of a route',
    'unknown_endpoint',
    answer(404, { code: 'ConnectWiseApi', message: 'The endpoint does not exist.' }),
  ),
  refused('405', 'unknown_endpoint', answer(405)),
  refused('409', 'conflict', answer(409, { message: 'in use' })),
  refused('415', 'request_rejected', answer(415)),
  // A second wait of half a minute would outlive the call.
  throttled('429 with seconds', answer(429, { error: 'ConnectWiseAPI' }, { 'retry-after': '30' })),
  throttled('429 with a date', answer(429, '', { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' })),
  refused('500', 'connectwise_failed', answer(500, { message: 'String was not recognized as a valid DateTime.' })),
  lost(
    '500 of a time-out',
    'timed_out',
    answer(500, { code: 'ConnectWiseApi', message: 'A timeout has occured. Please try again.' }),
  ),
  passing(lost('502 with a page', 'connectwise_failed', answer(502, '<!doctype html><title>Bad gateway</title>'))),
  passing(refused('503 with a page', 'connectwise_failed', answer(503, '<!doctype html><title>Maintenance</title>'))),
  passing(lost('504 without a body', 'timed_out', answer(504))),
  lost('truncated JSON', 'unreadable_answer', answer(200, '[{"id":1', json)),
  lost('a web page with 200', 'unreadable_answer', answer(200, '<!doctype html><title>Sign in</title>')),
  lost('damaged gzip', 'unreadable_answer', answer(200, 'not gzip', { ...json, 'content-encoding': 'gzip' })),
  lost(
    'a packing that was not asked for',
    'unreadable_answer',
    answer(200, 'x', { ...json, 'content-encoding': 'br' }),
  ),
  passing(lost('a reset before the headers', 'unreachable', (request) => request.socket.resetAndDestroy())),
  passing(lost('an end before the headers', 'unreachable', (request) => request.socket.end())),
  lost('something that is not HTTP', 'unreadable_answer', (request) => request.socket.end('220 smtp ready\r\n\r\n')),
  passing(
    lost('a reset in the body', 'unreachable', (request, response) => {
      response
        .writeHead(200, { ...json, 'content-length': '1000' })
        .write('[{"id":1', () => request.socket.resetAndDestroy());
    }),
  ),
  passing(
    lost('a body shorter than announced', 'unreachable', (request, response) => {
      response.writeHead(200, { ...json, 'content-length': '1000' }).write('[]', () => request.socket.end());
    }),
  ),
  lost('a first byte that does not come', 'timed_out', () => undefined),
  lost('an answer that never ends', 'timed_out', endless),
  lost('an answer that drips', 'timed_out', drip),
  lost('an answer that stops', 'timed_out', (_, response) =>
    response.writeHead(200, { ...json, 'content-length': '1000' }).write('['),
  ),
  lost('60 MB', 'unreadable_answer', large),
  lost('60 MB announced', 'unreadable_answer', (_, response) =>
    response.writeHead(200, { ...json, 'content-length': '60000000' }).write('['),
  ),
  lost('a gzip bomb', 'unreadable_answer', (_, response) =>
    response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb),
  ),
];
